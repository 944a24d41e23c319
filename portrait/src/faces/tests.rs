//! Faces and points on the astronaut, and on walls of astronauts, through the real networks.

use super::*;
use crate::filter::resize_rgb;
use crate::models::FaceMesh;
use crate::trial::{astronaut, models_dir, runtime};
use crate::{Photo, RgbRaster};

fn detectors() -> Detectors {
    Detectors::load(&runtime(), &models_dir()).unwrap()
}

/// The photo repeated, every second column mirrored.
fn wall(photo: &RgbRaster, columns: usize, rows: usize) -> RgbRaster {
    let side = photo.width();
    RgbRaster::from_fn(side * columns, side * rows, |x, y| {
        let column = x % side;
        let column = if (x / side) % 2 == 1 {
            side - 1 - column
        } else {
            column
        };
        photo.row(y % side)[column]
    })
}

/// How far the irises, lips and eyes lie from where MediaPipe's own pipeline puts them.
fn worst_distance(landmarks: &Landmarks, scale: f32) -> f32 {
    /// Index, x and y at 512 x 512, computed with the reference implementation in Python.
    #[rustfmt::skip]
    const GOLDEN: [(usize, f32, f32); 14] = [
        // Irises.
        (468, 203.54, 101.29), (473, 246.55, 103.49),
        // Corners and middle of the lips.
        (61, 201.99, 139.15), (291, 245.33, 140.48), (13, 223.26, 143.24), (14, 222.80, 150.39),
        // Corners and lids of the eyes.
        (33, 195.00, 100.59), (133, 213.40, 103.54), (159, 202.70, 97.57), (145, 203.06, 104.23),
        (362, 236.61, 104.67), (263, 255.78, 104.13), (386, 248.44, 99.62), (374, 246.52, 106.73),
    ];
    let distance = |&(index, x, y): &(usize, f32, f32)| {
        let point = landmarks.points[index];
        (point[0] / scale - x).hypot(point[1] / scale - y)
    };
    GOLDEN.iter().map(distance).fold(0.0, f32::max)
}

#[test]
fn irises_lips_and_eyes_are_where_they_were() {
    let detectors = detectors();
    let mesh = FaceMesh::load(&runtime(), &models_dir()).unwrap();
    let photo = astronaut();
    // Enlarged, the crop has to be shrunk for the network, and the detectors look at less than all.
    for (scale, tolerance) in [(1.0, 0.5), (3.75, 1.5)] {
        let side = (512.0 * scale) as usize;
        let photo = resize_rgb(&photo, side, side);
        let faces = find_faces(&detectors, &photo).unwrap();
        assert_eq!(faces.len(), 1);
        let [landmarks] = &find_landmarks(&mesh, &photo, &faces).unwrap()[..] else {
            panic!("one face, one reading");
        };
        assert_eq!(landmarks.points.len(), 478);
        let worst = worst_distance(landmarks, scale);
        assert!(worst < tolerance, "{side} pixels: off by {worst}");
        assert!(landmarks.presence > 0.95);
        let Pose { yaw, roll, .. } = landmarks.pose;
        assert!(
            yaw.abs() < 5.0 && (roll - 3.5).abs() < 2.0,
            "{:?}",
            landmarks.pose
        );
    }
}

#[test]
fn everyone_in_a_wide_group_is_found_from_left_to_right() {
    let photo = wall(&astronaut(), 4, 2);
    let faces = find_faces(&detectors(), &photo).unwrap();
    assert_eq!(faces.len(), 8);
    for pair in faces.windows(2) {
        assert!(pair[0].centre()[0] <= pair[1].centre()[0]);
    }
    let in_column = |column: usize| {
        let centres = faces.iter().map(|face| face.centre()[0] as usize / 512);
        centres.filter(|&found| found == column).count()
    };
    assert_eq!([0, 1, 2, 3].map(in_column), [2; 4]);
}

#[test]
fn of_a_crowd_twelve_faces_are_kept() {
    let photo = wall(&resize_rgb(&astronaut(), 400, 400), 5, 3);
    assert_eq!(find_faces(&detectors(), &photo).unwrap().len(), 12);
}

#[test]
fn faces_read_together_are_what_each_is_alone() {
    let photo = wall(&astronaut(), 4, 2);
    let faces = find_faces(&detectors(), &photo).unwrap();
    let mesh = FaceMesh::load(&runtime(), &models_dir()).unwrap();
    // Seven faces go through the network as four, two and one.
    let together = find_landmarks(&mesh, &photo, &faces[..7]).unwrap();
    assert_eq!(together.len(), 7);
    for (face, read) in faces.iter().zip(&together) {
        let alone = &find_landmarks(&mesh, &photo, std::slice::from_ref(face)).unwrap()[0];
        let apart = |(a, b): (&[f32; 3], &[f32; 3])| (a[0] - b[0]).hypot(a[1] - b[1]);
        let worst = read
            .points
            .iter()
            .zip(&alone.points)
            .map(apart)
            .fold(0.0, f32::max);
        assert!(worst < 0.01, "{worst} pixels apart");
        assert!((read.presence - alone.presence).abs() < 1e-3);
    }
}

#[test]
fn photos_on_their_side_or_head_are_turned_until_the_face_stands() {
    let detectors = detectors();
    let mesh = FaceMesh::load(&runtime(), &models_dir()).unwrap();
    let upright = astronaut();
    for quarters in 0..4 {
        let mut photo = Photo {
            picture: upright.turned(quarters),
            cut_side: None,
            is_turned: false,
        };
        let faces = find_standing_faces(&detectors, &mesh, &mut photo).unwrap();
        assert_eq!(faces.len(), 1, "{quarters} quarters");
        assert_eq!(photo.picture, upright, "{quarters} quarters");
        assert_eq!(photo.is_turned, quarters != 0);
        let [x, y] = faces[0].centre();
        assert!((x - 222.0).hypot(y - 125.0) < 25.0, "{x}, {y}");
    }
}

#[test]
fn a_photo_without_a_face_stays_as_it_is() {
    let mesh = FaceMesh::load(&runtime(), &models_dir()).unwrap();
    // Her suit and the flag, without her head.
    let photo = astronaut();
    let suit = RgbRaster::from_fn(512, 320, |x, y| photo.row(y + 192)[x]);
    let mut photo = Photo {
        picture: suit.clone(),
        cut_side: None,
        is_turned: false,
    };
    let faces = find_standing_faces(&detectors(), &mesh, &mut photo).unwrap();
    assert!(faces.is_empty() && !photo.is_turned, "{faces:?}");
    assert_eq!(photo.picture, suit);
}
