//! Good and bad photos, made from the astronaut, through the real networks.

use super::*;
use crate::faces::{Detectors, Pose, find_faces, find_landmarks};
use crate::filter::box_blur_rgb;
use crate::models::FaceMesh;
use crate::trial::{astronaut, models_dir, runtime};

/// What the booth says about each photo: how many people, or the refusal.
fn verdicts(photos: &[RgbRaster]) -> Vec<Result<usize, Refusal>> {
    let (runtime, models) = (runtime(), models_dir());
    let detectors = Detectors::load(&runtime, &models).unwrap();
    let mesh = FaceMesh::load(&runtime, &models).unwrap();
    let judge_one = |photo: &RgbRaster| {
        let faces = find_faces(&detectors, photo).unwrap();
        let landmarks = find_landmarks(&mesh, photo, &faces).unwrap();
        judge(photo, faces, landmarks).map(|(faces, _)| faces.len())
    };
    photos.iter().map(judge_one).collect()
}

fn gained(photo: &RgbRaster, gain: f32) -> RgbRaster {
    photo.map(|pixel| pixel.map(|value| (value * gain).min(1.0)))
}

/// Three box blurs: a Gaussian of about 6 pixels.
fn blurred(photo: &RgbRaster) -> RgbRaster {
    let once = box_blur_rgb(photo, 6);
    box_blur_rgb(&box_blur_rgb(&once, 6), 6)
}

/// Each pixel the mean of 25 to its left: a hand that moved.
fn shaken(photo: &RgbRaster) -> RgbRaster {
    RgbRaster::from_fn(photo.width(), photo.height(), |x, y| {
        let pixel = |step: isize| photo.at_clamped(x as isize - step, y as isize);
        std::array::from_fn(|channel| (0..25).map(|step| pixel(step)[channel]).sum::<f32>() / 25.0)
    })
}

fn quarter_turned(photo: &RgbRaster) -> RgbRaster {
    let last = photo.width() - 1;
    RgbRaster::from_fn(photo.height(), photo.width(), |x, y| photo.row(x)[last - y])
}

/// The photo small, in the middle of a plain wall.
fn far_away(photo: &RgbRaster) -> RgbRaster {
    let small = resize_rgb(photo, 200, 200);
    RgbRaster::from_fn(640, 480, |x, y| {
        let inside = (220..420).contains(&x) && (140..340).contains(&y);
        if inside {
            small.row(y - 140)[x - 220]
        } else {
            [0.72, 0.7, 0.68]
        }
    })
}

#[test]
fn ordinary_photos_pass() {
    let photo = astronaut();
    let photos = [
        resize_rgb(&photo, 1920, 1920),
        resize_rgb(&photo, 330, 330),
        gained(&photo, 0.35),
        gained(&photo, 1.3),
        box_blur_rgb(&photo, 1),
        photo,
    ];
    assert_eq!(verdicts(&photos), vec![Ok(1); photos.len()]);
}

#[test]
fn each_fault_has_its_own_refusal() {
    let photo = astronaut();
    let photos = [
        gained(&photo, 0.1),
        gained(&photo, 2.0),
        blurred(&photo),
        blurred(&resize_rgb(&photo, 384, 384)),
        shaken(&photo),
        quarter_turned(&photo),
        far_away(&photo),
    ];
    let refusals = [
        Refusal::TooDark,
        Refusal::TooBright,
        Refusal::TooBlurred,
        Refusal::TooBlurred,
        Refusal::TooBlurred,
        Refusal::TurnedAway,
        Refusal::FaceTooSmall,
    ];
    assert_eq!(verdicts(&photos), refusals.map(Err));
}

#[test]
fn a_photo_of_nobody_says_why() {
    let photos = [
        RgbRaster::filled(640, 480, [0.6; 3]),
        RgbRaster::from_fn(640, 480, |x, y| {
            [0.3 + 0.4 * ((x / 40 + y / 40) % 2) as f32; 3]
        }),
        RgbRaster::filled(640, 480, [0.02; 3]),
        RgbRaster::filled(640, 480, [1.0; 3]),
    ];
    let refusals = [
        Refusal::NoFace,
        Refusal::NoFace,
        Refusal::TooDark,
        Refusal::TooBright,
    ];
    assert_eq!(verdicts(&photos), refusals.map(Err));
}

fn person(left: f32, side: f32, presence: f32, yaw: f32) -> (Face, Landmarks) {
    let bounds = [left, 60.0, left + side, 60.0 + side];
    let face = Face {
        score: 0.9,
        bounds,
        key_points: [[0.0; 2]; 6],
    };
    let pose = Pose {
        yaw,
        pitch: -10.0,
        roll: 3.0,
    };
    (
        face,
        Landmarks {
            points: Vec::new(),
            pose,
            presence,
        },
    )
}

#[test]
fn one_good_face_is_enough_and_false_ones_are_dropped() {
    let photo = astronaut();
    let judge_all = |people: Vec<(Face, Landmarks)>| {
        let (faces, landmarks) = people.into_iter().unzip();
        judge(&photo, faces, landmarks).map(|(faces, _)| {
            faces
                .iter()
                .map(|face| face.bounds[0])
                .collect::<Vec<f32>>()
        })
    };
    let (good, away) = (
        person(172.0, 106.0, 0.99, 5.0),
        person(170.0, 120.0, 0.99, 70.0),
    );
    let (wheel, tiny) = (
        person(300.0, 130.0, 0.2, 0.0),
        person(40.0, 20.0, 0.99, 0.0),
    );
    assert_eq!(
        judge_all(vec![tiny.clone(), away.clone(), good]),
        Ok(vec![40.0, 170.0, 172.0])
    );
    assert_eq!(
        judge_all(vec![away, tiny, wheel.clone()]),
        Err(Refusal::TurnedAway)
    );
    assert_eq!(judge_all(vec![wheel]), Err(Refusal::NoFace));
}

#[test]
fn a_cut_photo_passes_when_its_faces_are_whole() {
    let whole = astronaut();
    // The face of `person` spans 172 to 278 across and 60 to 166 down.
    let verdict = |[left, top, right, bottom]: [usize; 4], cut_side| {
        let picture = RgbRaster::from_fn(right - left, bottom - top, |x, y| {
            whole.row(y + top)[x + left]
        });
        let (mut face, landmarks) = person(172.0 - left as f32, 106.0, 0.99, 5.0);
        for side in [1, 3] {
            face.bounds[side] -= top as f32;
        }
        let photo = Photo {
            picture,
            cut_side,
            is_turned: false,
        };
        judge_photo(&photo, vec![face], vec![landmarks]).map(|(faces, _)| faces.len())
    };
    let near = [160, 50, 290, 176];
    assert_eq!(verdict(near, None), Ok(1));
    for (side, far) in [
        (Side::Top, [160, 20, 290, 176]),
        (Side::Right, [160, 50, 318, 176]),
        (Side::Bottom, [160, 50, 290, 206]),
        (Side::Left, [132, 50, 290, 176]),
    ] {
        assert_eq!(verdict(near, Some(side)), Err(Refusal::ImageTruncated));
        assert_eq!(verdict(far, Some(side)), Ok(1));
    }
}

#[test]
fn the_face_of_a_cut_photo_may_be_in_the_part_that_is_missing() {
    let photo = Photo {
        picture: RgbRaster::from_fn(640, 480, |x, y| {
            [0.3 + 0.4 * ((x / 40 + y / 40) % 2) as f32; 3]
        }),
        cut_side: Some(Side::Bottom),
        is_turned: false,
    };
    let verdict = judge_photo(&photo, Vec::new(), Vec::new()).map(|(faces, _)| faces.len());
    assert_eq!(verdict, Err(Refusal::ImageTruncated));
}
