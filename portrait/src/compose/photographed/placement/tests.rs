//! Groups, busts and whole people, cut by every edge: where they land on the portrait.

use super::{place as place_at, *};

fn layout() -> Layout {
    Layout {
        bust_face_height: 0.23,
        bust_face_y: 0.37,
        row_distance: 1.3,
        face_height: 0.17,
        face_height_max: 0.4,
        face_y: 0.38,
        group_width: 0.9,
        ground_y: 0.93,
    }
}

fn face(x: f32, y: f32, height: f32) -> FaceBox {
    FaceBox {
        low: [x - height * 0.38, y - height * 0.5],
        high: [x + height * 0.38, y + height * 0.5],
    }
}

fn free_standing() -> Extent {
    Extent {
        bottom: 1000.0,
        cut_left: false,
        cut_right: false,
        cut_top: false,
        cut_bottom: false,
    }
}

fn place(layout: &Layout, faces: &[FaceBox], extent: &Extent, photo_size: [f32; 2]) -> Placement {
    place_at(layout, faces, extent, photo_size, PortraitSize::default())
}

#[test]
fn a_single_face_gets_the_layouts_height_and_the_middle() {
    let extent = Extent {
        cut_bottom: true,
        ..free_standing()
    };
    let placement = place(
        &layout(),
        &[face(400.0, 300.0, 136.0)],
        &extent,
        [1000.0; 2],
    );
    assert!((placement.scale - 4.0).abs() < 1e-3);
    let [x, y] = placement.apply([400.0, 300.0]);
    assert!((x - 1200.0).abs() < 0.5, "{x}");
    assert!((y - 0.38 * 3200.0).abs() < 0.5, "{y}");
}

#[test]
fn the_cut_at_the_bottom_never_shows() {
    let extent = Extent {
        bottom: 500.0,
        cut_bottom: true,
        ..free_standing()
    };
    let placement = place(
        &layout(),
        &[face(500.0, 300.0, 200.0)],
        &extent,
        [1000.0; 2],
    );
    assert!(placement.apply([0.0, 500.0])[1] >= 3199.5);
}

#[test]
fn people_cut_on_both_sides_fill_the_width() {
    let extent = Extent {
        cut_left: true,
        cut_right: true,
        cut_bottom: true,
        ..free_standing()
    };
    let placement = place(
        &layout(),
        &[face(500.0, 400.0, 400.0)],
        &extent,
        [1000.0; 2],
    );
    assert!(placement.left <= 0.5);
    assert!(placement.apply([1000.0, 0.0])[0] >= 2399.5);
}

#[test]
fn every_face_of_a_wide_group_is_in_the_picture_and_feet_stand_on_the_ground() {
    let faces = [face(100.0, 300.0, 60.0), face(900.0, 320.0, 60.0)];
    let placement = place(&layout(), &faces, &free_standing(), [1000.0; 2]);
    assert!(placement.apply([70.0, 0.0])[0] >= 0.0);
    assert!(placement.apply([930.0, 0.0])[0] <= 2400.0);
    assert!((placement.apply([0.0, 1000.0])[1] - 0.93 * 3200.0).abs() < 0.5);
    assert_eq!(placement.ground, Some(0.93 * 3200.0));
}

#[test]
fn the_world_grows_behind_a_group_that_stands_low_and_only_then() {
    let cut_at = |bottom| Extent {
        bottom,
        cut_bottom: true,
        ..free_standing()
    };
    let group = [face(150.0, 250.0, 140.0), face(850.0, 250.0, 140.0)];
    let world_scale =
        |faces: &[FaceBox], extent| place(&layout(), faces, &extent, [1000.0; 2]).world_scale;
    assert_eq!(world_scale(&group, cut_at(600.0)), LARGEST_WORLD);
    assert_eq!(world_scale(&group[..1], cut_at(1000.0)), 1.0);
    assert_eq!(world_scale(&group, free_standing()), 1.0);
}

#[test]
fn busts_whose_matte_ends_early_do_not_float() {
    let extent = Extent {
        bottom: 500.0,
        ..free_standing()
    };
    let placement = place(
        &layout(),
        &[face(500.0, 300.0, 100.0)],
        &extent,
        [1000.0; 2],
    );
    assert_eq!(placement.ground, None);
    assert!(placement.apply([0.0, 500.0])[1] >= 3199.5);
}

/// Portrait rows of a photo's rows.
fn rows<const N: usize>(placement: &Placement, rows: [f32; N]) -> [f32; N] {
    rows.map(|y| placement.apply([0.0, y])[1])
}

#[test]
fn a_standing_person_keeps_head_and_feet() {
    // An adult: eight and a half faces from the face's centre to the feet.
    let placement = place(
        &layout(),
        &[face(500.0, 150.0, 100.0)],
        &free_standing(),
        [1000.0; 2],
    );
    let [crown, feet] = rows(&placement, [55.0, 1000.0]);
    assert!(crown > 0.0, "the head ends at {crown}");
    assert!((feet - 0.93 * 3200.0).abs() < 0.5, "{feet}");
}

#[test]
fn faces_far_above_each_other_are_both_in_the_picture() {
    let faces = [face(400.0, 120.0, 100.0), face(600.0, 900.0, 100.0)];
    for cut_bottom in [false, true] {
        let extent = Extent {
            bottom: 1200.0,
            cut_bottom,
            ..free_standing()
        };
        let placement = place(&layout(), &faces, &extent, [1000.0, 1200.0]);
        let [crown, chin, end] = rows(&placement, [25.0, 950.0, 1200.0]);
        assert!(crown > 0.0 && chin < 3200.0, "{crown} to {chin}");
        assert!(!cut_bottom || end >= 3199.5, "the cut shows at {end}");
    }
}

#[test]
fn a_head_cut_by_the_photos_upper_edge_lies_at_the_portraits() {
    let cut_at = |bottom| Extent {
        bottom,
        cut_top: true,
        cut_bottom: true,
        ..free_standing()
    };
    let place = |height, bottom| {
        let faces = [face(400.0, height * 0.55, height)];
        place(&layout(), &faces, &cut_at(bottom), [800.0, 1000.0])
    };
    let selfie = place(250.0, 1000.0);
    let [top, forehead, end] = rows(&selfie, [0.0, 12.5, 1000.0]);
    assert!(top <= 0.5 && forehead >= 0.0 && end >= 3199.5);
    // So near that the face would fill the portrait: the cut shows, and is faded.
    let close_up = place(700.0, 1000.0);
    assert!(close_up.top > 0.0);
    assert!((close_up.scale * 700.0 - 0.4 * 1.4 * 3200.0).abs() < 0.5);
}

#[test]
fn every_face_stays_inside_whatever_the_photo_cuts() {
    let groups: [&[FaceBox]; 4] = [
        &[face(500.0, 300.0, 90.0)],
        &[face(60.0, 200.0, 80.0), face(950.0, 240.0, 120.0)],
        &[face(500.0, 90.0, 120.0), face(480.0, 800.0, 60.0)],
        &[face(980.0, 500.0, 300.0)],
    ];
    for (group, faces) in groups.iter().enumerate() {
        for cuts in 0..16_u32 {
            let [cut_left, cut_right, cut_top, cut_bottom] = [1, 2, 4, 8].map(|bit| cuts & bit > 0);
            let extent = Extent {
                bottom: 1000.0,
                cut_left,
                cut_right,
                cut_top,
                cut_bottom,
            };
            let placement = place(&layout(), faces, &extent, [1000.0; 2]);
            for face in *faces {
                assert!(
                    placement.shows(face, [1000.0; 2], PortraitSize::default()),
                    "group {group}, {extent:?}: {placement:?}"
                );
            }
        }
    }
}

#[test]
fn a_smaller_portrait_is_the_same_picture() {
    let faces = [face(100.0, 300.0, 60.0), face(900.0, 320.0, 60.0)];
    let small = PortraitSize::of_width(300).unwrap();
    for extent in [
        free_standing(),
        Extent {
            cut_bottom: true,
            ..free_standing()
        },
    ] {
        let full = place(&layout(), &faces, &extent, [1000.0; 2]);
        let small = place_at(&layout(), &faces, &extent, [1000.0; 2], small);
        for (small, full) in [
            (small.scale, full.scale),
            (small.left, full.left),
            (small.top, full.top),
        ] {
            assert!((small * 8.0 - full).abs() < 0.1, "{small} {full}");
        }
        assert_eq!(small.world_scale, full.world_scale);
    }
}
