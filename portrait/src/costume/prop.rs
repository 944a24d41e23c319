//! Circlets and wreaths: sized by the face, laid over the brow, narrowed when the head turns.

use crate::RenderError;
use crate::geometry::Similarity;
use crate::heads::Head;
use crate::theme::{Layers, Prop};
use std::sync::Arc;

/// Farther turns show the prop's ends.
const MAX_YAW: f32 = 30.0;
/// A frontal prop is narrowed as if the head had turned by this share of its yaw.
const TURNS: f32 = 0.6;
/// Eyes to chin over the face's height of a frontal face.
const EYES_TO_CHIN: f32 = 0.69;
/// Points of the upper forehead: bare skin there says that neither hat nor fringe is in the way.
const BROW_POINTS: [usize; 7] = [10, 109, 338, 67, 297, 151, 9];
const LEAST_BARE: f32 = 0.5;
/// Outer corners of the eyes.
const EYES: [usize; 2] = [33, 263];

/// A prop on a head.
pub(crate) struct WornProp {
    pub layers: Arc<Layers>,
    /// Prop pixels to portrait pixels, before the narrowing.
    pub to_portrait: Similarity,
    /// Middle of the prop in its own pixels, and how narrow it is.
    pub middle: f32,
    pub narrowing: f32,
}

/// Puts a prop on, unless a hat, a fringe or a turned head is in its way.
///
/// # Errors
/// [`RenderError::Internal`] when a layer cannot be read.
pub(super) fn wear(
    prop: &Prop,
    head: &Head,
    head_to_portrait: &Similarity,
) -> Result<Option<WornProp>, RenderError> {
    let pose = head.landmarks.pose;
    if pose.yaw.abs() > MAX_YAW || bare_brow(head) < LEAST_BARE {
        return Ok(None);
    }
    let anchors = &prop.folder.anchors;
    let own = (anchors.chin[1] - anchors.eyes[1]) / EYES_TO_CHIN;
    let scale = head.axes.face_height / own * prop.recipe.scale;
    let [left, right] = EYES.map(|eye| head.landmarks.at(eye));
    let eyes = [0, 1].map(|axis| (left[axis] + right[axis]) / 2.0);
    let [u, v] = head.axes.place(eyes);
    let place = head.axes.pixel([u, v - prop.recipe.lift]);
    let to_head = Similarity::carrying(anchors.eyes, place, scale, pose.roll);
    Ok(Some(WornProp {
        layers: prop.folder.layers()?,
        to_portrait: head_to_portrait.after(&to_head),
        middle: anchors.eyes[0],
        narrowing: (pose.yaw * TURNS).to_radians().cos(),
    }))
}

/// How much of the upper forehead is bare skin.
fn bare_brow(head: &Head) -> f32 {
    let skin = BROW_POINTS.map(|point| {
        let [x, y] = head.landmarks.at(point);
        head.skin_everywhere.sample(x, y)
    });
    skin.iter().sum::<f32>() / BROW_POINTS.len() as f32
}
