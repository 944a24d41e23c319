//! Where the guests stand on the portrait: one scale and one shift from photo to portrait.

use super::extent::Extent;
use crate::PortraitSize;
use crate::faces::Landmarks;
use crate::theme::Layout;

/// From a face's centre to the feet, in faces; people who end sooner do not stand, they are cut off.
const WHOLE_BODY: f32 = 4.5;
/// What stays free above the highest head's room and below the lowest chin, over the portrait's height.
const MARGIN: f32 = 0.01;
/// How much larger than the layout asks people may become so that a cut edge stays out of sight.
const LARGEST_ENLARGEMENT: f32 = 1.4;
/// How much larger the world may become behind a group that stands low; more would show its pixels.
const LARGEST_WORLD: f32 = 1.4;

/// A face as the layout needs it, forehead to chin, in photo pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaceBox {
    /// Left and top.
    pub low: [f32; 2],
    /// Right and bottom.
    pub high: [f32; 2],
}

impl FaceBox {
    pub(crate) fn of(landmarks: &Landmarks) -> Self {
        let [left, top, right, bottom] = landmarks.bounds();
        Self {
            low: [left, top],
            high: [right, bottom],
        }
    }

    pub(crate) fn height(&self) -> f32 {
        self.high[1] - self.low[1]
    }

    fn centre(&self) -> [f32; 2] {
        [0, 1].map(|axis| (self.low[axis] + self.high[axis]) / 2.0)
    }
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

    /// Whether all of a face that the photo shows is in the portrait.
    pub(crate) fn shows(&self, face: &FaceBox, photo_size: [f32; 2], size: PortraitSize) -> bool {
        // A hair's breadth for rounding.
        const SLACK: f32 = 0.5;
        let portrait_size = size.sides();
        let inside =
            |corner: [f32; 2]| [0, 1].map(|axis| corner[axis].clamp(0.0, photo_size[axis]));
        let low = self.apply(inside(face.low));
        let high = self.apply(inside(face.high));
        (0..2).all(|axis| low[axis] >= -SLACK && high[axis] <= portrait_size[axis] + SLACK)
    }
}

/// A group of faces as one, in photo pixels.
struct Group {
    tallest: f32,
    /// The middle of all faces' centres, not weighted: a group is centred by its outermost faces.
    centre: [f32; 2],
    /// Across all faces, with room for hair.
    width: f32,
    /// Where the highest head begins.
    top: f32,
    /// Where the lowest face ends.
    chin: f32,
    /// Where people end, and no sooner than the lowest face.
    bottom: f32,
    /// Whole people, down to their feet.
    stands: bool,
}

impl Group {
    fn of(faces: &[FaceBox], extent: &Extent, photo_height: f32) -> Self {
        let least =
            |value: &dyn Fn(&FaceBox) -> f32| faces.iter().map(value).fold(f32::INFINITY, f32::min);
        let most = |value: &dyn Fn(&FaceBox) -> f32| {
            faces.iter().map(value).fold(f32::NEG_INFINITY, f32::max)
        };
        let tallest = most(&FaceBox::height).max(1.0);
        let centre = [0, 1].map(|axis| {
            let along = |face: &FaceBox| face.centre()[axis];
            (least(&along) + most(&along)) / 2.0
        });
        // A head with hair is about as wide as its face is high.
        let width = most(&|face| face.centre()[0] + face.height() * 0.55)
            - least(&|face| face.centre()[0] - face.height() * 0.55);
        let chin = most(&|face| face.high[1]).min(photo_height);
        let bottom = extent.bottom.max(chin);
        Self {
            tallest,
            centre,
            width,
            top: least(&|face| extent.head_top(face)),
            chin,
            bottom,
            stands: !extent.cut_bottom && bottom - centre[1] >= tallest * WHOLE_BODY,
        }
    }
}

/// Places a group by the theme's layout.
///
/// Faces get the layout's height, groups shrink until every head fits, and people whom the photo cuts
/// off are enlarged (at most to `face_height_max`) and moved until the cut lies outside the portrait.
/// A wide half-length group can only stand low; the world is enlarged with it, so that its horizon
/// comes down to the faces and no empty sky towers over them.
pub(crate) fn place(
    layout: &Layout,
    faces: &[FaceBox],
    extent: &Extent,
    photo_size: [f32; 2],
    size: PortraitSize,
) -> Placement {
    let [width, height] = size.sides();
    let group = Group::of(faces, extent, photo_size[1]);
    let scale = scale_of(layout, &group, extent, photo_size[0], size);
    let top = top_of(layout, &group, extent, scale, height);
    let lower = (group.centre[1] * scale + top) / (layout.face_y * height);
    Placement {
        scale,
        left: shift_sideways(extent, group.centre[0], scale, photo_size[0], width),
        top,
        ground: group.stands.then_some(layout.ground_y * height),
        world_scale: if group.stands {
            1.0
        } else {
            lower.clamp(1.0, LARGEST_WORLD)
        },
    }
}

fn scale_of(
    layout: &Layout,
    group: &Group,
    extent: &Extent,
    photo_width: f32,
    size: PortraitSize,
) -> f32 {
    let [width, height] = size.sides();
    // Bodies may reach beyond the sides, faces never.
    let across = layout.group_width * width / group.width;
    let down = if group.stands {
        (layout.ground_y - MARGIN) * height / (group.bottom - group.top)
    } else {
        (1.0 - 2.0 * MARGIN) * height / (group.chin - group.top)
    };
    // A head without its crown looks right only in a close-up.
    let allowance = if extent.cut_top {
        LARGEST_ENLARGEMENT
    } else {
        1.0
    };
    let largest = across
        .min(down)
        .min(layout.face_height_max * allowance * height / group.tallest);

    let mut scale = (layout.face_height * height / group.tallest).min(across);
    let to_cut_edge = match (extent.cut_left, extent.cut_right) {
        (false, false) => f32::INFINITY,
        (true, false) => group.centre[0],
        (false, true) => photo_width - group.centre[0],
        (true, true) => group.centre[0].min(photo_width - group.centre[0]),
    };
    // Enlarged a little, the faces stay in the middle; beyond that they move aside.
    scale = scale.max((width / 2.0 / to_cut_edge.max(1.0)).min(scale * LARGEST_ENLARGEMENT));
    if extent.cut_left && extent.cut_right {
        scale = scale.max(width / photo_width);
    }
    if !group.stands {
        // Faces no lower than two thirds down, with the cut still under the lower edge.
        scale = scale.max(height * 0.36 / (group.bottom - group.centre[1]).max(1.0));
    }
    if extent.cut_top {
        let foot = if group.stands { layout.ground_y } else { 1.0 };
        scale = scale.max(foot * height / group.bottom.max(1.0));
    }
    scale.min(largest)
}

/// Where the photo's upper edge lies. The scale has made room for what this asks.
fn top_of(layout: &Layout, group: &Group, extent: &Extent, scale: f32, height: f32) -> f32 {
    if group.stands {
        return layout.ground_y * height - group.bottom * scale;
    }
    let mut top = layout.face_y * height - group.centre[1] * scale;
    top = top.min((1.0 - MARGIN) * height - group.chin * scale);
    if extent.cut_top {
        top = top.min(0.0);
    }
    top.max(MARGIN * height - group.top * scale)
        .max(height - group.bottom * scale)
}

/// The faces in the middle, unless a cut edge would then show.
fn shift_sideways(extent: &Extent, centre: f32, scale: f32, photo_width: f32, width: f32) -> f32 {
    let mut left = width / 2.0 - centre * scale;
    if extent.cut_right {
        left = left.max(width - photo_width * scale);
    }
    if extent.cut_left {
        left = left.min(0.0);
    }
    left
}

#[cfg(test)]
mod tests;
