//! Anime draws dark glasses where a guest wears them, and eyes where not.

use crate::machine::{astronaut, open_studio};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use portrait::{Format, Order, Portrait, Studio};
use std::io::Cursor;

/// Middles of both eyes.
type Eyes = [[f32; 2]; 2];

fn render(studio: &mut Studio, photo: &[u8]) -> Portrait {
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

/// Pixels within an ellipse round each eye; a whole lens for 1.
fn round_eyes(picture: &RgbImage, eyes: Eyes, share: f32) -> Vec<(u32, u32)> {
    let apart = eyes[1][0] - eyes[0][0];
    let (wide, tall) = (0.42 * apart * share, 0.34 * apart * share);
    let is_near = |x: u32, y: u32| {
        eyes.iter().any(|[eye_x, eye_y]| {
            ((x as f32 - eye_x) / wide).hypot((y as f32 - eye_y) / tall) < 1.0
        })
    };
    let places = picture.enumerate_pixels().map(|(x, y, _)| (x, y));
    places.filter(|&(x, y)| is_near(x, y)).collect()
}

fn brightness(portrait: &Portrait) -> f32 {
    let picture = image::load_from_memory(&portrait.bytes).expect("a portrait is a picture");
    let picture = picture.into_rgb8();
    let eyes = eyes(portrait.report.guests[0].portrait_points);
    let places = round_eyes(&picture, eyes, 0.5);
    let sum: f32 = places
        .iter()
        .map(|&(x, y)| f32::from(picture.get_pixel(x, y)[1]))
        .sum();
    sum / places.len() as f32
}

#[test]
fn sunglasses_are_drawn_and_eyes_are_not() {
    let mut studio = open_studio();
    let bare = render(&mut studio, &astronaut());
    let photo = image::load_from_memory(&astronaut()).expect("the committed photo");
    let mut photo = photo.into_rgb8();
    for (x, y) in round_eyes(&photo, eyes(bare.report.guests[0].photo_points), 1.0) {
        photo.put_pixel(x, y, Rgb([18, 17, 20]));
    }
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(photo)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("memory is writable");
    let masked = render(&mut studio, &bytes.into_inner());
    let (bare, masked) = (brightness(&bare), brightness(&masked));
    assert!(bare > 110.0, "eyes: {bare}");
    assert!(masked < 80.0, "sunglasses: {masked}");
}
