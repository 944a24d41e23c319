//! The astronaut cut out of flag, shuttle and wall, through the real network.

use super::*;
use crate::colour::luma;
use crate::faces::{CHIN, Detectors, FOREHEAD, Pose, find_faces, find_landmarks};
use crate::filter::{box_blur_rgb, resize_mask, resize_rgb};
use crate::models::FaceMesh;
use crate::trial::{astronaut, models_dir, runtime};
use image::GrayImage;
use std::path::Path;

fn cut(photo: &RgbRaster) -> Cutout {
    let (runtime, models) = (runtime(), models_dir());
    let detectors = Detectors::load(&runtime, &models).unwrap();
    let faces = find_faces(&detectors, photo).unwrap();
    let mesh = FaceMesh::load(&runtime, &models).unwrap();
    let landmarks = find_landmarks(&mesh, photo, &faces).unwrap();
    let networks = MatteNetworks {
        segmenter: Segmenter::load(&runtime, &models).unwrap(),
        matting: Matting::load(&runtime, &models).unwrap(),
    };
    let (matte, people) =
        find_people(&networks, photo, faces, landmarks, MattingSize::Trained).unwrap();
    assert_eq!(people.len(), 1);
    cut_out(photo, &matte)
}

/// A face of nothing but its corners.
fn face(left: f32) -> Landmarks {
    let mut points = vec![[left, 20.0, 0.0]; 478];
    points[0] = [left + 40.0, 70.0, 0.0];
    Landmarks {
        points,
        pose: Pose {
            yaw: 0.0,
            pitch: 0.0,
            roll: 0.0,
        },
        presence: 1.0,
    }
}

#[test]
fn a_hole_in_a_head_is_filled_where_the_segmenter_is_sure() {
    let mut person = face(80.0);
    person.points[FOREHEAD] = [100.0, 60.0, 0.0];
    person.points[CHIN] = [100.0, 140.0, 0.0];
    person.points[0] = [120.0, 140.0, 0.0];
    let disc = |radius: f32, x: usize, y: usize, centre: f32| {
        f32::from(u8::from(
            (x as f32 - 100.0).hypot(y as f32 - centre) < radius,
        ))
    };
    let whole = Mask::from_fn(200, 200, |x, y| disc(80.0, x, y, 100.0));
    let holed = Mask::from_fn(200, 200, |x, y| whole.row(y)[x] - disc(15.0, x, y, 70.0));
    let seen = Mask::filled(200, 200, 1.0);
    let at_hole = |segmented: &Mask| {
        let people = std::slice::from_ref(&person);
        close_up::guard(&holed, &seen, segmented, people, 1.0).row(70)[100]
    };
    assert!(at_hole(&whole) > 0.9, "{}", at_hole(&whole));
    assert!(at_hole(&holed) < 0.1, "{}", at_hole(&holed));
}

#[test]
fn only_faces_under_the_matte_belong_to_people() {
    let coverage = Mask::from_fn(200, 100, |x, _| f32::from(u8::from(x < 100)));
    let photo = RgbRaster::filled(200, 100, [0.5; 3]);
    for (left, wanted) in [(30.0, true), (75.0, true), (90.0, false), (150.0, false)] {
        let is_person = is_covered(&face(left), &coverage, &photo);
        assert_eq!(is_person, wanted, "at {left}");
    }
    // Only the part inside the photo counts; a face of nothing is none.
    assert!(is_covered(&face(-30.0), &coverage, &photo));
    assert!(!is_covered(&face(250.0), &coverage, &photo));
    assert!(!is_covered(&face(-90.0), &coverage, &photo));
}

#[test]
fn the_astronauts_matte_is_what_it_was() {
    const SIDE: usize = 64;
    /// Mean difference, 0 to 1, that rounding on another machine may cause.
    const TOLERANCE: f32 = 0.004;
    let alpha = resize_mask(&cut(&astronaut()).alpha, SIDE, SIDE);
    let values = alpha
        .pixels()
        .iter()
        .map(|value| (value * 255.0).round() as u8)
        .collect();
    let now = GrayImage::from_raw(SIDE as u32, SIDE as u32, values).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/astronaut-matte.png");
    let golden = image::open(&path)
        .map(|picture| picture.to_luma8())
        .unwrap_or_default();
    let sum: u32 = golden
        .iter()
        .zip(now.iter())
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    let difference = sum as f32 / 255.0 / (SIDE * SIDE) as f32;
    if golden.dimensions() != now.dimensions() || difference > TOLERANCE {
        let copy = std::env::temp_dir().join("astronaut-matte.png");
        now.save(&copy).unwrap();
        panic!(
            "the matte differs by {difference}; look at {} and keep it if it is better",
            copy.display()
        );
    }
}

#[test]
fn body_and_helmet_are_whole_and_the_background_is_gone() {
    for side in [512, 1600] {
        let photo = resize_rgb(&astronaut(), side, side);
        let alpha = cut(&photo).alpha;
        let at = |[x, y]: [usize; 2]| alpha.row(y * side / 512)[x * side / 512];
        // Hair, face, both shoulders, badge, buckle, three places on the helmet.
        let inside = [
            [225, 30],
            [225, 120],
            [75, 260],
            [330, 265],
            [300, 358],
            [247, 480],
        ];
        for place in inside
            .into_iter()
            .chain([[300, 440], [400, 360], [470, 430]])
        {
            assert!(
                at(place) > 0.95,
                "{side}: hole of {} at {place:?}",
                at(place)
            );
        }
        // Flag, wall on both sides of the head, shuttle, table.
        for place in [
            [20, 60],
            [60, 180],
            [130, 60],
            [330, 60],
            [410, 120],
            [400, 260],
            [470, 320],
        ] {
            assert!(at(place) < 0.02, "{side}: {} left at {place:?}", at(place));
        }
    }
}

#[test]
fn hair_edges_carry_none_of_the_wall() {
    let photo = astronaut();
    let cutout = cut(&photo);
    let (mut mixed, mut cleaned, mut count) = (0.0, 0.0, 0.0);
    for y in 10..120 {
        for (x, &alpha) in cutout.alpha.row(y).iter().enumerate() {
            if (0.1..0.7).contains(&alpha) {
                mixed += luma(photo.row(y)[x]);
                cleaned += luma(cutout.foreground.row(y)[x]);
                count += 1.0;
            }
        }
    }
    // The wall has 0.72, the hair's rim 0.4.
    assert!(count > 100.0, "the edge of hair is soft somewhere");
    assert!(
        cleaned / count < 0.48,
        "{} after {}",
        cleaned / count,
        mixed / count
    );
    assert!(
        cleaned < mixed * 0.9,
        "{} after {}",
        cleaned / count,
        mixed / count
    );
}

#[test]
fn a_wide_photo_keeps_the_body_below_the_face() {
    let astronaut = astronaut();
    // Sixteen to nine, as laptops take it: the network sees everyone squeezed. Behind her a room of
    // her own colours, out of focus.
    let room = box_blur_rgb(&box_blur_rgb(&resize_rgb(&astronaut, 912, 912), 24), 24);
    let photo = RgbRaster::from_fn(912, 512, |x, y| {
        if (200..712).contains(&x) {
            astronaut.row(y)[x - 200]
        } else {
            room.row(y + 200)[x]
        }
    });
    let alpha = cut(&photo).alpha;
    for [x, y] in [
        [225, 30],
        [225, 120],
        [75, 260],
        [170, 390],
        [60, 480],
        [120, 450],
        [200, 440],
    ] {
        let value = alpha.row(y)[x + 200];
        assert!(value > 0.95, "hole of {value} at {x},{y}");
    }
    assert!(alpha.row(256)[100] < 0.02 && alpha.row(256)[850] < 0.02);
}
