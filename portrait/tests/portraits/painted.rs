//! The astronaut with something painted on her face, and what Anime makes of it.

use crate::machine::astronaut;
use image::{DynamicImage, ImageFormat, Rgb};
use portrait::{Format, Order, Portrait, Studio};
use std::io::Cursor;

/// A small Anime portrait of the photo.
pub(crate) fn render_anime(studio: &mut Studio, photo: &[u8]) -> Portrait {
    let order = Order {
        theme: "anime".into(),
        variant: None,
        format: Format::Png,
        size: "600x800".parse().expect("a size"),
        seed: 1,
    };
    let portrait = studio.render(photo, &order, &mut |_| ());
    portrait.expect("the astronaut becomes a portrait")
}

/// The astronaut's photo with dark paint wherever it is wanted.
pub(crate) fn with_paint(is_painted: impl Fn(u32, u32) -> bool) -> Vec<u8> {
    let photo = image::load_from_memory(&astronaut()).expect("the committed photo");
    let mut photo = photo.into_rgb8();
    for (x, y, pixel) in photo.enumerate_pixels_mut() {
        if is_painted(x, y) {
            *pixel = Rgb([18, 17, 20]);
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(photo)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("memory is writable");
    bytes.into_inner()
}
