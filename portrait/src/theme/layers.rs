//! A costume or head prop as it lies on disk: layers behind and in front of the head, and where on them the head goes.

use crate::{Raster, RenderError};
use anyhow::{Context, ensure};
use image::DynamicImage;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Eyes to chin over a face's height, as the busts' heads are measured. A frontal face has .69: with this
/// heads are set twelve hundredths larger than life, as on posters.
const EYES_TO_CHIN: f32 = 0.61;
/// The largest side of a layer's full frame, in pixels.
const MAX_SIDE: u32 = 8192;

/// What `costume.json` and `prop.json` say; places are pixels of the full frame, left is the picture's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Anchors {
    /// Width and height of the full frame, which all layers share.
    pub size: [u32; 2],
    pub pixels_per_metre: f32,
    pub chin: [f32; 2],
    pub crown: [f32; 2],
    /// The middle between both eyes.
    pub eyes: [f32; 2],
    pub neck_left: [f32; 2],
    pub neck_right: [f32; 2],
    pub shoulder_left: [f32; 2],
    pub shoulder_right: [f32; 2],
    /// Where the front layer's upper edge is below the chin and beside the neck; a prop has none.
    pub collar_front: Option<[f32; 2]>,
    pub collar_neck_left: Option<[f32; 2]>,
    pub collar_neck_right: Option<[f32; 2]>,
    pub layers: LayerFiles,
    /// A hood's opening.
    pub opening: Option<LayerFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LayerFiles {
    pub back: LayerFile,
    pub front: LayerFile,
    pub shadow: LayerFile,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LayerFile {
    pub file: PathBuf,
    /// Where its left upper pixel lies in the full frame.
    pub offset: [u32; 2],
}

/// A trimmed layer: its pixels and where they lie in the full frame.
#[derive(Debug)]
pub(crate) struct Layer<T> {
    pixels: Raster<T>,
    offset: [f32; 2],
}

/// All layers of a costume, decoded.
#[derive(Debug)]
pub(crate) struct Layers {
    /// Behind the head; colours are multiplied by alpha, as in front.
    pub back: Layer<[u8; 4]>,
    pub front: Layer<[u8; 4]>,
    /// How dark the costume makes head and neck.
    pub shadow: Layer<u8>,
    pub opening: Option<Layer<u8>>,
}

/// A costume's folder. Its layers are decoded when a guest first wears it, and kept.
#[derive(Debug)]
pub(crate) struct LayerFolder {
    folder: PathBuf,
    pub anchors: Anchors,
    layers: OnceLock<Arc<Layers>>,
}

impl Anchors {
    /// Whether the anchors are those of an upright head and shoulders.
    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.pixels_per_metre > 0.0,
            "pixels_per_metre is {}, not above 0",
            self.pixels_per_metre
        );
        ensure!(
            self.crown[1] < self.eyes[1] && self.eyes[1] < self.chin[1],
            "crown, eyes and chin do not lie below each other"
        );
        let across = [
            self.shoulder_left,
            self.neck_left,
            self.neck_right,
            self.shoulder_right,
        ]
        .map(|[x, _]| x);
        ensure!(
            across.is_sorted_by(|a, b| a < b),
            "shoulders and neck do not lie beside each other"
        );
        for collar in [
            self.collar_front,
            self.collar_neck_left,
            self.collar_neck_right,
        ] {
            let [width, height] = self.size.map(|side| side as f32);
            let is_inside =
                |[x, y]: [f32; 2]| (0.0..width).contains(&x) && (0.0..height).contains(&y);
            ensure!(
                collar.is_none_or(is_inside),
                "a collar point lies outside the frame"
            );
        }
        Ok(())
    }
}

impl LayerFolder {
    /// Reads `costume.json` or `prop.json` and checks that every layer is there and fits its frame.
    ///
    /// # Errors
    /// Which file, and what is wrong with it.
    pub(crate) fn open(folder: &Path, description: &str) -> anyhow::Result<Self> {
        let path = folder.join(description);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let anchors: Anchors = serde_json::from_str(&text)
            .with_context(|| format!("{} is malformed", path.display()))?;
        let opened = Self {
            folder: folder.to_owned(),
            anchors,
            layers: OnceLock::new(),
        };
        opened
            .check()
            .with_context(|| format!("{} does not fit", path.display()))?;
        Ok(opened)
    }

    fn check(&self) -> anyhow::Result<()> {
        let Anchors { size, layers, .. } = &self.anchors;
        ensure!(
            size.iter().all(|side| (1..=MAX_SIDE).contains(side)),
            "size is {size:?}, not between 1 and {MAX_SIDE}"
        );
        self.anchors.check()?;
        let optional = self.anchors.opening.iter();
        for layer in [&layers.back, &layers.front, &layers.shadow]
            .into_iter()
            .chain(optional)
        {
            let path = self.folder.join(&layer.file);
            let (width, height) = image::image_dimensions(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let fits = |axis: usize, side: u32| {
                layer.offset[axis]
                    .checked_add(side)
                    .is_some_and(|end| end <= size[axis])
            };
            ensure!(
                fits(0, width) && fits(1, height),
                "{} reaches beyond the frame",
                layer.file.display()
            );
        }
        Ok(())
    }

    /// The layers, decoded now or before.
    ///
    /// # Errors
    /// [`RenderError::Internal`] when a file has become unreadable since the start.
    pub(crate) fn layers(&self) -> Result<Arc<Layers>, RenderError> {
        if let Some(layers) = self.layers.get() {
            return Ok(Arc::clone(layers));
        }
        let read = |file: &LayerFile| {
            let path = self.folder.join(&file.file);
            image::open(&path).map_err(|error| {
                RenderError::Internal(format!("costume layer {}: {error}", path.display()))
            })
        };
        let files = &self.anchors.layers;
        let layers = Arc::new(Layers {
            back: colours(&read(&files.back)?, &files.back),
            front: colours(&read(&files.front)?, &files.front),
            shadow: grey(&read(&files.shadow)?, &files.shadow),
            opening: match &self.anchors.opening {
                Some(file) => Some(grey(&read(file)?, file)),
                None => None,
            },
        });
        // Two workers may have read at once; both copies are the same.
        Ok(Arc::clone(self.layers.get_or_init(|| layers)))
    }

    /// Height of the face that the bust was made for, in its pixels.
    pub(crate) fn face_height(&self) -> f32 {
        (self.anchors.chin[1] - self.anchors.eyes[1]) / EYES_TO_CHIN
    }

    /// The middle of the neck at the chin's height.
    pub(crate) fn neck(&self) -> [f32; 2] {
        let Anchors {
            neck_left,
            neck_right,
            chin,
            ..
        } = &self.anchors;
        [(neck_left[0] + neck_right[0]) / 2.0, chin[1]]
    }

    pub(crate) fn has_hood(&self) -> bool {
        self.anchors.opening.is_some()
    }

    /// Left, top, right and bottom of the full frame.
    pub(crate) fn frame(&self) -> [f32; 4] {
        let [width, height] = self.anchors.size;
        [0.0, 0.0, width as f32, height as f32]
    }
}

impl Layer<[u8; 4]> {
    /// Colour times alpha, and alpha, at a place of the full frame.
    pub(crate) fn sample(&self, [x, y]: [f32; 2]) -> [f32; 4] {
        self.pixels
            .sample_linear(x - self.offset[0], y - self.offset[1])
    }
}

impl Layer<u8> {
    /// The value at a place of the full frame; 0 outside the layer.
    pub(crate) fn sample(&self, [x, y]: [f32; 2]) -> f32 {
        let (x, y) = (x - self.offset[0], y - self.offset[1]);
        let is_outside = x < -0.5
            || y < -0.5
            || x > self.pixels.width() as f32 - 0.5
            || y > self.pixels.height() as f32 - 0.5;
        if is_outside {
            return 0.0;
        }
        self.pixels.sample(x, y)
    }
}

fn colours(picture: &DynamicImage, file: &LayerFile) -> Layer<[u8; 4]> {
    let picture = picture.to_rgba8();
    let (width, height) = picture.dimensions();
    let pixels = picture.pixels().map(|pixel| {
        let [red, green, blue, alpha] = pixel.0;
        let times = |value: u8| ((u32::from(value) * u32::from(alpha) + 127) / 255) as u8;
        [times(red), times(green), times(blue), alpha]
    });
    Layer {
        pixels: Raster::from_pixels(width as usize, height as usize, pixels.collect()),
        offset: file.offset.map(|side| side as f32),
    }
}

fn grey(picture: &DynamicImage, file: &LayerFile) -> Layer<u8> {
    let picture = picture.to_luma8();
    let (width, height) = picture.dimensions();
    Layer {
        pixels: Raster::from_pixels(width as usize, height as usize, picture.into_raw()),
        offset: file.offset.map(|side| side as f32),
    }
}
