//! Which faces of a photo come into the portrait.

use super::*;
use crate::Catalog;
use crate::faces::Pose;
use std::path::Path;

/// A face without points but its corners.
fn landmarks(left: f32) -> Landmarks {
    Landmarks {
        points: vec![[left, 100.0, 0.0], [left + 60.0, 180.0, 0.0]],
        pose: Pose {
            yaw: 0.0,
            pitch: 0.0,
            roll: 0.0,
        },
        presence: 1.0,
    }
}

/// Two faces, of which the matte knows those on the left of `people_end`.
fn guests(people_end: usize) -> Result<usize, RenderError> {
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes");
    let catalog = Catalog::load(&themes).unwrap();
    let variant = catalog.variant("greek", None)?;
    let alpha = Mask::from_fn(400, 400, |x, y| {
        f32::from(u8::from(x < people_end && y > 60))
    });
    let cutout = Cutout {
        alpha,
        foreground: RgbRaster::filled(400, 400, [0.5; 3]),
    };
    let composite = compose(
        &cutout,
        &[landmarks(70.0), landmarks(270.0)],
        &RgbRaster::filled(180, 240, [0.2; 3]),
        &variant.layout,
        &variant.light,
        PortraitSize::of_width(300).unwrap(),
    )?;
    Ok(composite.guests)
}

#[test]
fn a_face_without_matte_is_left_out_and_nobody_is_refused() {
    assert_eq!(guests(400).unwrap(), 2);
    assert_eq!(guests(200).unwrap(), 1);
    let refusal = guests(0).unwrap_err();
    assert!(matches!(refusal, RenderError::Refused(Refusal::NoFace)));
}

#[test]
fn only_faces_under_the_matte_are_cut_out() {
    let alpha = Mask::from_fn(200, 100, |x, _| f32::from(u8::from(x < 100)));
    let face = |left: f32| FaceBox {
        low: [left, 20.0],
        high: [left + 40.0, 70.0],
    };
    for (left, wanted) in [(30.0, true), (75.0, true), (90.0, false), (150.0, false)] {
        assert_eq!(is_cut_out(&face(left), &alpha), wanted, "at {left}");
    }
    // Only the part inside the photo counts; a face of nothing is none.
    assert!(is_cut_out(&face(-30.0), &alpha));
    assert!(!is_cut_out(&face(250.0), &alpha) && !is_cut_out(&face(-90.0), &alpha));
}
