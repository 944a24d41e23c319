//! Any picture that decodes becomes a portrait of the ordered size or is refused with a reason, whatever was done to it.

use crate::machine::{astronaut, open_studio};
use fastrand::Rng;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, imageops};
use portrait::{Format, Order, RenderError, Studio};
use std::io::Cursor;

/// Pictures of each kind.
const CASES: u64 = 8;

/// Makes the smallest portrait; the variant changes with the seed.
fn render(studio: &mut Studio, photo: &[u8], seed: u64) -> Result<(u32, u32), RenderError> {
    let themes = studio.catalog().themes();
    let theme = themes[seed as usize % themes.len()].clone();
    let variant = &theme.variants[seed as usize / themes.len() % theme.variants.len()];
    let order = Order {
        theme: theme.id,
        variant: Some(variant.id.clone()),
        format: Format::Png,
        size: "300x400".parse().expect("a size"),
        seed,
    };
    let portrait = studio.render(photo, &order, &mut |_| ())?;
    let picture = image::load_from_memory(&portrait.bytes).expect("a portrait is a picture");
    Ok((picture.width(), picture.height()))
}

fn png(picture: RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("memory is writable");
    bytes.into_inner()
}

/// The astronaut cut, turned, stretched, darkened, covered: faces at every place and in every state.
fn mangled(rng: &mut Rng) -> RgbImage {
    let photo = image::load_from_memory(&astronaut()).expect("the committed photo");
    let (left, top) = (rng.u32(0..200), rng.u32(0..120));
    let (width, height) = (rng.u32(150..=512 - left), rng.u32(150..=512 - top));
    let mut part = photo.crop_imm(left, top, width, height).into_rgb8();
    part = match rng.u8(0..8) {
        0 => imageops::rotate90(&part),
        1 => imageops::rotate180(&part),
        2 => imageops::flip_horizontal(&part),
        _ => part,
    };
    let (wide, high) = (rng.u32(120..1200), rng.u32(120..1200));
    if rng.bool() {
        part = imageops::resize(&part, wide, high, imageops::FilterType::Triangle);
    }
    part = imageops::brighten(&part, rng.i32(-120..120));
    if rng.u8(0..3) == 0 {
        let (width, height) = part.dimensions();
        let bar = RgbImage::from_pixel(width / 3 + 1, height, Rgb([rng.u8(..); 3]));
        imageops::overlay(&mut part, &bar, i64::from(rng.u32(0..width)), 0);
    }
    part
}

/// Two copies of the astronaut in one picture, of different sizes, overlapping or apart.
fn pair(rng: &mut Rng) -> RgbImage {
    let photo = image::load_from_memory(&astronaut()).expect("the committed photo");
    let mut picture = RgbImage::from_pixel(900, 700, Rgb([90, 110, 130]));
    for side in [0, 1] {
        let size = rng.u32(250..600);
        let guest = photo.resize_exact(size, size, imageops::FilterType::Triangle);
        let (x, y) = (side * 350 + rng.i64(-60..150), rng.i64(-40..250));
        imageops::overlay(&mut picture, &guest.into_rgb8(), x, y);
    }
    picture
}

/// Colours without a face.
fn noise(rng: &mut Rng) -> RgbImage {
    let (width, height) = (rng.u32(120..900), rng.u32(120..900));
    let grain = rng.u32(1..64);
    let mut colours = std::collections::HashMap::new();
    RgbImage::from_fn(width, height, |x, y| {
        *colours
            .entry((x / grain, y / grain))
            .or_insert_with(|| Rgb([rng.u8(..), rng.u8(..), rng.u8(..)]))
    })
}

#[test]
fn any_picture_becomes_a_portrait_or_is_refused_with_a_reason() {
    let mut studio = open_studio();
    let kinds: [fn(&mut Rng) -> RgbImage; 3] = [mangled, pair, noise];
    let mut portraits = 0;
    for (kind, make) in kinds.iter().enumerate() {
        for seed in 0..CASES {
            let photo = png(make(&mut Rng::with_seed(seed)));
            match render(&mut studio, &photo, seed) {
                Ok(size) => {
                    assert_eq!(size, (300, 400), "kind {kind}, seed {seed}");
                    portraits += 1;
                }
                Err(RenderError::Refused(refusal)) => {
                    assert!(!refusal.to_string().is_empty());
                }
                Err(error) => panic!("kind {kind}, seed {seed}: {error}"),
            }
        }
    }
    // Were everything refused, nothing of this would be tried.
    assert!(portraits > 4, "{portraits} portraits");
}
