//! Where the guests stand on the portrait: one scale and one shift from photo to portrait.

use crate::theme::Layout;
use crate::{Mask, PORTRAIT_HEIGHT, PORTRAIT_WIDTH};

/// A person counts as cut off where this share of an edge's pixels belongs to people.
const CUT_SHARE: f32 = 0.02;
/// People who end below this share of the photo's height are cut off by its lower edge: mattes fade
/// out a little before an edge, and nobody's feet stand on it.
const CUT_BOTTOM: f32 = 0.94;
/// From a face's centre to the feet, in faces; people who end sooner do not stand, they are cut off.
const WHOLE_BODY: f32 = 4.5;
/// How much larger than the layout asks people may become so that a cut edge stays out of sight.
const LARGEST_ENLARGEMENT: f32 = 1.4;
/// How much larger the world may become behind a group that stands low; more would show its pixels.
const LARGEST_WORLD: f32 = 1.4;
/// A pixel belongs to a person above this alpha.
const SOLID: f32 = 0.5;

/// A face as the layout needs it, in photo pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaceBox {
    pub centre: [f32; 2],
    /// Forehead to chin.
    pub height: f32,
}

/// Portrait pixel = photo pixel x `scale` + (`left`, `top`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placement {
    pub scale: f32,
    pub left: f32,
    pub top: f32,
    /// Portrait row on which whole people stand; nothing for people cut off at chest or waist.
    pub ground: Option<f32>,
    /// How much larger the world is shown than it was painted, 1 or more; its top stays the portrait's top.
    pub world_scale: f32,
}

impl Placement {
    /// Photo pixel to portrait pixel.
    pub(crate) fn apply(&self, point: [f32; 2]) -> [f32; 2] {
        [
            point[0] * self.scale + self.left,
            point[1] * self.scale + self.top,
        ]
    }
}

/// Which edges of the photo cut people off, and how far down people reach, in photo pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Where the lowest of them ends.
    pub bottom: f32,
    pub cut_left: bool,
    pub cut_right: bool,
    pub cut_bottom: bool,
}

impl Extent {
    pub(crate) fn measure(alpha: &Mask) -> Self {
        let (width, height) = (alpha.width(), alpha.height());
        let (mut on_left, mut on_right, mut bottom) = (0, 0, 0);
        for y in 0..height {
            let row = alpha.row(y);
            on_left += usize::from(row[0] > SOLID);
            on_right += usize::from(row[width - 1] > SOLID);
            let solid = row.iter().filter(|&&a| a > SOLID).count();
            if solid as f32 > width as f32 * CUT_SHARE {
                bottom = y + 1;
            }
        }
        let is_cut = |pixels: usize| pixels as f32 > height as f32 * CUT_SHARE;
        Self {
            bottom: bottom as f32,
            cut_left: is_cut(on_left),
            cut_right: is_cut(on_right),
            cut_bottom: bottom as f32 > height as f32 * CUT_BOTTOM,
        }
    }
}

/// Places a group by the theme's layout.
///
/// Faces get the layout's height, groups shrink until they fit, and people whom the photo cuts off
/// are enlarged (at most to `face_height_max`) and moved until the cut lies outside the portrait.
/// A wide half-length group can only stand low; the world is enlarged with it, so that its horizon
/// comes down to the faces and no empty sky towers over them.
pub(crate) fn place(
    layout: &Layout,
    faces: &[FaceBox],
    extent: &Extent,
    photo_width: f32,
) -> Placement {
    let (width, height) = (PORTRAIT_WIDTH as f32, PORTRAIT_HEIGHT as f32);
    let tallest = faces.iter().map(|face| face.height).fold(1.0, f32::max);
    let centre = group_centre(faces);
    let largest_scale = layout.face_height_max * height / tallest;

    let mut scale = layout.face_height * height / tallest;
    // Bodies may reach beyond the sides, faces never.
    let largest_that_fits = layout.group_width * width / faces_span(faces);
    scale = scale.min(largest_that_fits);
    let to_cut_edge = match (extent.cut_left, extent.cut_right) {
        (false, false) => f32::INFINITY,
        (true, false) => centre[0],
        (false, true) => photo_width - centre[0],
        (true, true) => centre[0].min(photo_width - centre[0]),
    };
    // Enlarged a little, the faces stay in the middle; beyond that they move aside, below.
    scale = scale.max((width / 2.0 / to_cut_edge.max(1.0)).min(scale * LARGEST_ENLARGEMENT));
    if extent.cut_left && extent.cut_right {
        scale = scale.max(width / photo_width);
    }
    let is_half_length = extent.cut_bottom || extent.bottom - centre[1] < tallest * WHOLE_BODY;
    if is_half_length {
        // Faces no lower than two thirds down, with the cut still under the lower edge.
        scale = scale.max(height * 0.36 / (extent.bottom - centre[1]).max(1.0));
    }
    scale = scale.min(largest_scale).min(largest_that_fits);

    let ground = (!is_half_length).then_some(layout.ground_y * height);
    let top = match ground {
        Some(ground) => ground - extent.bottom * scale,
        None => (layout.face_y * height - centre[1] * scale).max(height - extent.bottom * scale),
    };
    Placement {
        scale,
        left: shift_sideways(extent, centre[0], scale, photo_width),
        top,
        ground,
        world_scale: match ground {
            Some(_) => 1.0,
            None => {
                ((centre[1] * scale + top) / (layout.face_y * height)).clamp(1.0, LARGEST_WORLD)
            }
        },
    }
}

/// The faces in the middle, unless a cut edge would then show.
fn shift_sideways(extent: &Extent, centre: f32, scale: f32, photo_width: f32) -> f32 {
    let width = PORTRAIT_WIDTH as f32;
    let mut left = width / 2.0 - centre * scale;
    if extent.cut_right {
        left = left.max(width - photo_width * scale);
    }
    if extent.cut_left {
        left = left.min(0.0);
    }
    left
}

/// From the left edge of the leftmost face to the right edge of the rightmost, with room for hair.
fn faces_span(faces: &[FaceBox]) -> f32 {
    // A head with hair is about as wide as its face is high.
    let left = faces.iter().map(|face| face.centre[0] - face.height * 0.55);
    let right = faces.iter().map(|face| face.centre[0] + face.height * 0.55);
    right.fold(f32::NEG_INFINITY, f32::max) - left.fold(f32::INFINITY, f32::min)
}

/// The middle of all faces' centres, not weighted: a group is centred by its outermost faces.
fn group_centre(faces: &[FaceBox]) -> [f32; 2] {
    let middle = |axis: usize| {
        let values = faces.iter().map(|face| face.centre[axis]);
        let low = values.clone().fold(f32::INFINITY, f32::min);
        let high = values.fold(f32::NEG_INFINITY, f32::max);
        (low + high) / 2.0
    };
    [middle(0), middle(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        Layout {
            face_height: 0.17,
            face_height_max: 0.4,
            face_y: 0.38,
            group_width: 0.9,
            ground_y: 0.93,
        }
    }

    fn face(x: f32, y: f32, height: f32) -> FaceBox {
        FaceBox {
            centre: [x, y],
            height,
        }
    }

    fn free_standing() -> Extent {
        Extent {
            bottom: 1000.0,
            cut_left: false,
            cut_right: false,
            cut_bottom: false,
        }
    }

    #[test]
    fn a_single_face_gets_the_layouts_height_and_the_middle() {
        let extent = Extent {
            cut_bottom: true,
            ..free_standing()
        };
        let placement = place(&layout(), &[face(400.0, 300.0, 136.0)], &extent, 1000.0);
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
        let placement = place(&layout(), &[face(500.0, 300.0, 200.0)], &extent, 1000.0);
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
        let placement = place(&layout(), &[face(500.0, 400.0, 400.0)], &extent, 1000.0);
        assert!(placement.left <= 0.5);
        assert!(placement.apply([1000.0, 0.0])[0] >= 2399.5);
    }

    #[test]
    fn every_face_of_a_wide_group_is_in_the_picture_and_feet_stand_on_the_ground() {
        let faces = [face(100.0, 300.0, 60.0), face(900.0, 320.0, 60.0)];
        let placement = place(&layout(), &faces, &free_standing(), 1000.0);
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
            |faces: &[FaceBox], extent| place(&layout(), faces, &extent, 1000.0).world_scale;
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
        let placement = place(&layout(), &[face(500.0, 300.0, 100.0)], &extent, 1000.0);
        assert_eq!(placement.ground, None);
        assert!(placement.apply([0.0, 500.0])[1] >= 3199.5);
    }

    #[test]
    fn extent_sees_which_edges_cut() {
        let alpha = Mask::from_fn(100, 80, |x, y| f32::from(u8::from(x >= 40 && y >= 20)));
        let extent = Extent::measure(&alpha);
        assert!(extent.cut_right && extent.cut_bottom && !extent.cut_left);
        assert_eq!(extent.bottom, 80.0);
    }
}
