//! Paints worlds and costumes by the portraits' own brush, when the art is made: at run time only heads are painted.

use crate::filter::{resize_mask, resize_rgb};
use crate::paint::oil::{Subject, paint_at};
use crate::theme::OilBrush;
use crate::{Mask, Raster, RgbRaster};
use image::{Rgba, RgbaImage};

/// Height of a face in the largest portrait of one guest, in pixels.
const PORTRAIT_FACE: f32 = 736.0;
/// Width of the largest portrait, in pixels.
const PORTRAIT_WIDTH: f32 = 2400.0;

/// How a picture is painted.
#[derive(Clone, Copy, Debug)]
pub struct ArtBrush {
    /// Radius of the strokes, in pixels of a portrait 1200 wide.
    pub radius: f32,
    /// How deep the marks of bristles are, 0 to 1.
    pub bristles: f32,
    /// How much of the detail finer than strokes comes back, 0 to 1.
    pub detail: f32,
    /// How dark the lines are in which darks gather, 0 to 1.
    pub lines: f32,
}

/// What the picture is.
#[derive(Clone, Copy, Debug)]
pub enum ArtKind {
    /// A world, as wide as a portrait.
    Backdrop,
    /// A layer of a costume that was made for a face so many pixels high, at the size after painting.
    Layer { face_height: f32 },
}

/// Enlarges or shrinks a picture to a width and paints it. Transparent pixels stay transparent.
pub fn paint_art(picture: &RgbaImage, width: u32, kind: ArtKind, brush: ArtBrush) -> RgbaImage {
    let (own_width, own_height) = (picture.width() as usize, picture.height() as usize);
    let width = width as usize;
    let height = (own_height * width).div_ceil(own_width);
    let at = |x: usize, y: usize| picture.get_pixel(x as u32, y as u32).0;
    let colours: RgbRaster = Raster::from_fn(own_width, own_height, |x, y| {
        let [red, green, blue, _] = at(x, y);
        [red, green, blue].map(|value| f32::from(value) / 255.0)
    });
    let alpha = Mask::from_fn(own_width, own_height, |x, y| f32::from(at(x, y)[3]) / 255.0);
    let (colours, alpha) = (
        resize_rgb(&colours, width, height),
        resize_mask(&alpha, width, height),
    );
    let nothing = Mask::filled(8, 8, 0.0);
    let subject = Subject {
        picture: &colours,
        photographed: &alpha.map(|value| f32::from(u8::from(value > 0.0))),
        faces: &nothing,
        features: &nothing,
    };
    let unit = match kind {
        ArtKind::Backdrop => width as f32 / PORTRAIT_WIDTH,
        ArtKind::Layer { face_height } => face_height / PORTRAIT_FACE,
    };
    let oil = OilBrush {
        radius: brush.radius,
        face_radius: brush.radius,
        feature_radius: brush.radius,
        bristles: brush.bristles,
        detail: brush.detail,
        lines: brush.lines,
    };
    let painted = paint_at(&subject, &oil, unit);
    RgbaImage::from_fn(width as u32, height as u32, |x, y| {
        let [red, green, blue] = painted.row(y as usize)[x as usize];
        let alpha = alpha.row(y as usize)[x as usize];
        Rgba([red, green, blue, alpha].map(|value| (value * 255.0 + 0.5) as u8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_painted_where_it_is_and_stays_transparent_elsewhere() {
        let mut rng = fastrand::Rng::with_seed(9);
        let noise: Vec<u8> = (0..80 * 60).map(|_| rng.u8(100..156)).collect();
        let picture = RgbaImage::from_fn(80, 60, |x, y| {
            let grey = noise[(y * 80 + x) as usize];
            Rgba([grey, grey, grey, if x < 40 { 255 } else { 0 }])
        });
        let brush = ArtBrush {
            radius: 6.0,
            bristles: 0.0,
            detail: 0.0,
            lines: 0.0,
        };
        let kind = ArtKind::Layer { face_height: 736.0 };
        let painted = paint_art(&picture, 160, kind, brush);
        assert_eq!(painted.dimensions(), (160, 120));
        assert_eq!(painted.get_pixel(150, 60).0[3], 0);
        let spread = |picture: &RgbaImage, step: u32| {
            let greys = (4..20).map(|x| i32::from(picture.get_pixel(x * step, 30 * step).0[0]));
            let greys: Vec<i32> = greys.collect();
            greys.iter().max().unwrap() - greys.iter().min().unwrap()
        };
        assert!(spread(&painted, 2) < spread(&picture, 1) / 2);
    }
}
