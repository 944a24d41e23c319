//! People against background, to the hair: `MODNet`'s portrait matting (any size, trained at 512 pixels).

use super::network::Network;
use super::tensor::Tensor;
use crate::filter::{Region, resize_rgb_region};
use crate::runtime::Runtime;
use crate::{Mask, PortraitSize, RgbRaster};
use std::path::Path;

/// Both sides are multiples of this: the network halves them five times.
const STEP: usize = 32;

/// At which size the network sees a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MattingSize {
    /// At the size with which it was trained.
    Trained,
    /// At half of it: a quarter of the time, and enough for a preview.
    Preview,
}

impl MattingSize {
    pub(crate) fn for_portrait(size: PortraitSize) -> Self {
        if size.is_preview() {
            Self::Preview
        } else {
            Self::Trained
        }
    }

    /// Short side, in pixels.
    pub(crate) fn short_side(self) -> usize {
        match self {
            Self::Trained => 512,
            Self::Preview => 256,
        }
    }

    /// The longest side, so that there are few shapes, and the longest region costs a quarter more than a square.
    fn max_long_side(self) -> usize {
        // 672 at the trained size: a multiple of the step, as its half nearly is.
        (self.short_side() / 16 * 21).next_multiple_of(STEP)
    }
}

/// Says how much of each pixel is a person.
pub(crate) struct Matting {
    network: Network,
}

impl Matting {
    /// Opens `modnet.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "modnet.onnx")?;
        Ok(Self { network })
    }

    /// Runs the network on squares and on the longest pictures of both directions.
    pub(crate) fn warm_up(&self) -> ort::Result<()> {
        for size in [MattingSize::Trained, MattingSize::Preview] {
            let side = size.max_long_side();
            let grey = RgbRaster::filled(side, side, [0.5; 3]);
            let (short, long) = (size.short_side() as f64, side as f64);
            let regions = [(short, short), (long, short), (short, long)]
                .map(|(width, height)| [0.0, 0.0, width, height]);
            self.run(&grey, &regions, size)?;
        }
        Ok(())
    }

    /// Looks at regions of the picture, of any size and shape. Each mask has the size at which the network saw its
    /// region: at the trained size 512 x 512 for a square, never more than 672 on the long side, into which longer
    /// regions are squeezed.
    ///
    /// The network takes values from -1 to 1. One run looks at one region and takes 0.65 s of processor time; a
    /// batch of four saves a twentieth of that and takes four times the memory.
    pub(crate) fn run(
        &self,
        picture: &RgbRaster,
        regions: &[Region],
        size: MattingSize,
    ) -> ort::Result<Vec<Mask>> {
        regions
            .iter()
            .map(|&region| self.look(picture, region, size))
            .collect()
    }

    fn look(&self, picture: &RgbRaster, region: Region, size: MattingSize) -> ort::Result<Mask> {
        let (width, height) = seen_size(region, size);
        let seen = resize_rgb_region(picture, region, width, height)
            .map(|pixel| pixel.map(|value| value * 2.0 - 1.0));
        let outputs = self.network.run(vec![("input", Tensor::of(&seen))])?;
        let matte = &outputs.get("matte")?.values;
        if matte.len() != width * height {
            return Err(ort::Error::new("the matte is not as large as its picture"));
        }
        Ok(Mask::from_pixels(width, height, matte.clone()))
    }
}

/// Width and height at which the network sees a region.
fn seen_size([_, _, width, height]: Region, size: MattingSize) -> (usize, usize) {
    let scale = size.short_side() as f64 / width.min(height);
    let fit = |side: f64| {
        let steps = (side * scale / STEP as f64).round() as usize;
        (steps * STEP).clamp(size.short_side(), size.max_long_side())
    };
    (fit(width), fit(height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::whole;
    use crate::trial::{astronaut, models_dir, runtime};

    #[test]
    fn regions_of_every_shape_are_seen_in_few() {
        for (width, height, seen) in [
            (300.0, 300.0, (512, 512)),
            (1200.0, 1180.0, (512, 512)),
            (400.0, 300.0, (672, 512)),
            (300.0, 340.0, (512, 576)),
            (200.0, 2000.0, (512, 672)),
        ] {
            assert_eq!(
                seen_size([5.0, 7.0, width, height], MattingSize::Trained),
                seen,
                "{width} x {height}"
            );
        }
    }

    #[test]
    fn the_astronaut_is_cut_out_of_her_background() {
        let matting = Matting::load(&runtime(), &models_dir()).unwrap();
        let photo = astronaut();
        // All of her, and head and shoulders in a region that is wider than high.
        let regions = [whole(&photo), [60.0, 10.0, 340.0, 260.0]];
        let masks = matting.run(&photo, &regions, MattingSize::Trained).unwrap();
        assert_eq!((masks[0].width(), masks[0].height()), (512, 512));
        assert_eq!((masks[1].width(), masks[1].height()), (672, 512));
        let at = |mask: usize, [x, y]: [f32; 2]| {
            let ([left, top, width, height], mask) = (regions[mask], &masks[mask]);
            let across = (x - left as f32) / width as f32 * mask.width() as f32;
            mask.sample(
                across,
                (y - top as f32) / height as f32 * mask.height() as f32,
            )
        };
        for mask in [0, 1] {
            for inside in [
                [224.0, 120.0],
                [205.0, 100.0],
                [224.0, 60.0],
                [225.0, 250.0],
            ] {
                assert!(at(mask, inside) > 0.95, "{inside:?}: {}", at(mask, inside));
            }
            for outside in [[70.0, 20.0], [390.0, 20.0], [100.0, 100.0]] {
                assert!(
                    at(mask, outside) < 0.05,
                    "{outside:?}: {}",
                    at(mask, outside)
                );
            }
        }
    }
}
