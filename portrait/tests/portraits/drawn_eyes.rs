//! Anime draws eyes, behind clear glasses as well, and none on sunglasses.

use crate::machine::{astronaut, open_studio};
use image::{DynamicImage, ImageFormat, Rgb};
use portrait::{Format, Order, Portrait, Studio};
use std::io::Cursor;
use std::ops::Range;

/// Middles of both eyes.
type Eyes = [[f32; 2]; 2];

/// A small Anime portrait of the photo.
fn render_anime(studio: &mut Studio, photo: &[u8]) -> Portrait {
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

/// From the corners of both eyes, as reports give them.
fn eyes([left_outer, left_inner, right_inner, right_outer, _]: [[f32; 2]; 5]) -> Eyes {
    let middle = |a: [f32; 2], b: [f32; 2]| [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
    [
        middle(left_outer, left_inner),
        middle(right_inner, right_outer),
    ]
}

/// A pixel's distance from the nearer eye: 1 on the rim of a lens.
fn from_eyes(x: u32, y: u32, eyes: Eyes) -> f32 {
    let apart = eyes[1][0] - eyes[0][0];
    eyes.map(|[eye_x, eye_y]| {
        ((x as f32 - eye_x) / (0.42 * apart)).hypot((y as f32 - eye_y) / (0.34 * apart))
    })
    .into_iter()
    .fold(f32::INFINITY, f32::min)
}

/// The mean of a portrait's green within so much of the lenses.
fn brightness(portrait: &Portrait, within: Range<f32>) -> f32 {
    let picture = image::load_from_memory(&portrait.bytes).expect("a portrait is a picture");
    let picture = picture.into_rgb8();
    let eyes = eyes(portrait.report.guests[0].portrait_points);
    let greens: Vec<f32> = picture
        .enumerate_pixels()
        .filter(|&(x, y, _)| within.contains(&from_eyes(x, y, eyes)))
        .map(|(_, _, pixel)| f32::from(pixel[1]))
        .collect();
    greens.iter().sum::<f32>() / greens.len() as f32
}

/// The astronaut's photo with dark paint wherever it is wanted.
fn with_paint(is_painted: impl Fn(u32, u32) -> bool) -> Vec<u8> {
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

#[test]
fn no_eyes_are_drawn_on_sunglasses() {
    let mut studio = open_studio();
    let bare = render_anime(&mut studio, &astronaut());
    let eyes = eyes(bare.report.guests[0].photo_points);
    let photo = with_paint(|x, y| from_eyes(x, y, eyes) < 1.0);
    let masked = render_anime(&mut studio, &photo);
    let (bare, masked) = (brightness(&bare, 0.0..0.5), brightness(&masked, 0.0..0.5));
    assert!(bare > 110.0, "eyes: {bare}");
    assert!(masked < 80.0, "sunglasses: {masked}");
}

#[test]
fn frames_are_drawn_round_open_eyes() {
    let mut studio = open_studio();
    let bare = render_anime(&mut studio, &astronaut());
    let eyes = eyes(bare.report.guests[0].photo_points);
    let level = (eyes[0][1] + eyes[1][1]) / 2.0;
    let photo = with_paint(|x, y| {
        let is_rim = (0.93..1.07).contains(&from_eyes(x, y, eyes));
        let is_between = (eyes[0][0]..eyes[1][0]).contains(&(x as f32));
        let is_bridge = is_between && from_eyes(x, y, eyes) > 1.0;
        is_rim || is_bridge && (y as f32 - level).abs() < 1.5
    });
    let framed = render_anime(&mut studio, &photo);
    let rims = [&bare, &framed].map(|portrait| brightness(portrait, 0.93..1.07));
    assert!(
        rims[1] < rims[0] - 35.0,
        "without and with frames: {rims:?}"
    );
    let eyes = brightness(&framed, 0.0..0.5);
    assert!(eyes > 110.0, "eyes behind clear lenses: {eyes}");
}
