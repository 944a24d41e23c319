//! In Anime beards are drawn where they grow, and shade is not taken for one.

use crate::machine::{astronaut, open_studio};
use crate::painted::{render_anime, with_paint};
use portrait::Portrait;

/// Where a guest's cheeks beside the mouth and the chin lie: a pixel's distances from the tip of the nose, right and
/// down, in distances of the nose from the eyes.
fn from_nose(x: u32, y: u32, points: [[f32; 2]; 5]) -> [f32; 2] {
    let eyes = (points[0][1] + points[3][1]) / 2.0;
    let [nose_x, nose_y] = points[4];
    let unit = nose_y - eyes;
    [(x as f32 - nose_x) / unit, (y as f32 - nose_y) / unit]
}

fn is_jaw([right, down]: [f32; 2]) -> bool {
    (0.5..1.6).contains(&down) && (0.45..1.2).contains(&right.abs()) || is_chin([right, down])
}

fn is_chin([right, down]: [f32; 2]) -> bool {
    (1.05..1.5).contains(&down) && right.abs() < 0.5
}

/// The share of the lower face that is dark in the portrait, where a drawn chin is shorter.
fn dark_share(portrait: &Portrait) -> f32 {
    let picture = image::load_from_memory(&portrait.bytes).expect("a portrait is a picture");
    let points = portrait.report.guests[0].portrait_points;
    let picture = picture.into_rgb8();
    let is_lower = |[right, down]: [f32; 2]| (0.3..1.1).contains(&down) && right.abs() < 0.7;
    let (mut dark, mut all) = (0.0, 0.0);
    for (x, y, pixel) in picture.enumerate_pixels() {
        if is_lower(from_nose(x, y, points)) {
            all += 1.0;
            dark += f32::from(u8::from(pixel[1] < 125));
        }
    }
    dark / all
}

#[test]
fn beards_are_drawn_and_shade_on_one_half_is_not() {
    let mut studio = open_studio();
    let bare = render_anime(&mut studio, &astronaut());
    let points = bare.report.guests[0].photo_points;
    // Single hairs: three pixels of five.
    let is_hair = |x: u32, y: u32| (x * 7 + y * 13) % 5 < 3;
    let beard = with_paint(|x, y| is_jaw(from_nose(x, y, points)) && is_hair(x, y));
    let shade = with_paint(|x, y| {
        let place @ [right, _] = from_nose(x, y, points);
        is_jaw(place) && right > 0.3 && is_hair(x, y)
    });
    let [beard, shade] = [beard, shade].map(|photo| dark_share(&render_anime(&mut studio, &photo)));
    let bare = dark_share(&bare);
    assert!(beard > bare + 0.15, "bearded {beard}, bare {bare}");
    assert!(shade < bare + 0.05, "shaded {shade}, bare {bare}");
}
