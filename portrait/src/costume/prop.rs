//! Circlets and wreaths: sized by the face, laid over the brow, narrowed when the head turns.

use crate::RenderError;
use crate::colour::{Lab, to_lab};
use crate::faces::FOREHEAD;
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
/// Points of the forehead beside its painted middle, and of its upper edge: bare skin there says that neither a fringe
/// nor a hat's brim is in the way.
const FOREHEAD_POINTS: [usize; 4] = [108, 337, 69, 299];
const HAIRLINE_POINTS: [usize; 3] = [10, 109, 338];
const LEAST_BARE: [f32; 2] = [0.55, 0.5];
/// Above the forehead hair is of one lightness and never blue; what varies more than this, or is bluer, is a hat.
const MAX_DEVIATION: f32 = 23.0;
const LEAST_YELLOW: f32 = -5.5;
/// Half the width of what is looked at above the forehead, in face heights.
const CROWN_ASIDE: f32 = 0.32;
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
    if pose.yaw.abs() > MAX_YAW || !is_brow_bare(head) || is_hat(head) {
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

fn is_brow_bare(head: &Head) -> bool {
    let bare = |points: &[usize]| {
        let skin = head.landmarks.all_at(points).into_iter();
        skin.map(|[x, y]| head.skin_everywhere.sample(x, y))
            .sum::<f32>()
            / points.len() as f32
    };
    let [forehead, hairline] = LEAST_BARE;
    bare(&FOREHEAD_POINTS) >= forehead && bare(&HAIRLINE_POINTS) >= hairline
}

/// Whether what covers the crown is something other than hair, by its colours in the photo.
fn is_hat(head: &Head) -> bool {
    let [middle, hairline] = head.axes.place(head.landmarks.at(FOREHEAD));
    let crown: Vec<Lab> = (0..head.alpha.height())
        .flat_map(|y| (0..head.alpha.width()).map(move |x| (x, y)))
        .filter(|&(x, y)| {
            let [u, v] = head.axes.place([x as f32, y as f32]);
            let covers = head.hair.row(y)[x].max(head.cloth.row(y)[x]);
            v < hairline - 0.04
                && (u - middle).abs() < CROWN_ASIDE
                && covers > 0.6
                && head.alpha.row(y)[x] > 0.9
        })
        .map(|(x, y)| to_lab(head.photo.row(y)[x]))
        .collect();
    let count = crown.len().max(1) as f32;
    let mean = |axis: usize| crown.iter().map(|colour| colour[axis]).sum::<f32>() / count;
    let (lightness, yellow) = (mean(0), mean(2));
    let variance = crown
        .iter()
        .map(|colour| (colour[0] - lightness).powi(2))
        .sum::<f32>()
        / count;
    variance.sqrt() > MAX_DEVIATION || yellow < LEAST_YELLOW
}
