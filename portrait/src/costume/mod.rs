//! Dresses the guests: who can wear a bust, where each head goes, and how bust and head meet.

mod arrange;
mod fit;
mod hood;
mod prop;

use crate::colour::smoothstep;
use crate::faces::Landmarks;
use crate::filter::{gaussian_mask, resize_mask};
use crate::geometry::Similarity;
use crate::heads::{Flare, Head};
use crate::models::{Body, LEFT_SHOULDER, RIGHT_SHOULDER};
use crate::theme::{Costume, Layers, Variant};
use crate::{Mask, PortraitSize, RenderError};
pub(crate) use arrange::{Slot, back_to_front};
pub use fit::LighterReason;
pub(crate) use fit::turned_away;
use fit::{Fit, Guest};
pub(crate) use prop::WornProp;
use std::sync::Arc;

/// Largest roll, in degrees, that a head keeps on a bust.
const MAX_ROLL: f32 = 12.0;
/// How far a bust leans with the head and with the guest's own shoulders, and the most it leans.
const LEAN_WITH_HEAD: f32 = 0.25;
const LEAN_WITH_SHOULDERS: f32 = 0.35;
const MAX_LEAN: f32 = 8.0;
/// Shoulders' width over the face's height: from the first on a grown person's bust fits; children have less.
const GROWN_SHOULDERS: f32 = 1.45;
/// The least that a bust is shrunk to for narrow shoulders.
const LEAST_BUST: f32 = 0.80;
/// How dark the head's shadow on the costume behind it is, how far below the head it lies and how soft it is.
const SHADOW_DROP: f32 = 0.05;
const SHADOW_SOFTNESS: f32 = 0.10;
/// A head's raster has this share of the portrait's own pixels, as the canvas it is painted on, and all of them at
/// previews' sizes.
const WORKING_SHARE: f32 = 0.5;
const LEAST_WORKING_HEIGHT: f32 = 160.0;

/// How this photo's guests are shown.
pub(crate) enum Plan {
    /// Each in a bust, in the order of the people.
    Full(Vec<Place>),
    /// All in their own clothes.
    Lighter(LighterReason),
}

/// One guest's place and how they sit in their bust.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub slot: Slot,
    pub is_hand_near: bool,
    /// Clockwise tilt of the guest's own shoulders, in degrees.
    tilt: f32,
    /// How much smaller than a grown person's the bust is.
    bust: f32,
    /// Nobody stands in front: the bust is seen down to the portrait's lower edge.
    reaches_edge: bool,
}

impl Place {
    /// Height of the face in the raster in which the head is cut, in pixels.
    pub(crate) fn working_height(&self) -> f32 {
        let target = self.slot.face_height;
        target.min((target * WORKING_SHARE).max(LEAST_WORKING_HEIGHT))
    }
}

/// Decides by the rules of [`fit`]; one guest who cannot wear a bust decides for the group.
pub(crate) fn plan(
    variant: &Variant,
    people: &[Landmarks],
    bodies: &[Body],
    matte: &Mask,
    photo: [f32; 2],
    size: PortraitSize,
) -> Plan {
    if people.len() > arrange::MOST_PEOPLE {
        return Plan::Lighter(LighterReason::Group);
    }
    let has_hood = variant.wardrobe.full.folder.has_hood();
    let slots = arrange::arrange(&variant.layout, people, size, has_hood);
    let mut places = Vec::with_capacity(people.len());
    for ((landmarks, body), slot) in people.iter().zip(bodies).zip(slots) {
        let guest = Guest {
            landmarks,
            body,
            matte,
            photo,
            is_alone: people.len() == 1,
            has_hood,
        };
        match fit::judge(&guest) {
            Fit::Lighter(reason) => return Plan::Lighter(reason),
            Fit::Full { is_hand_near } => places.push(Place {
                slot,
                is_hand_near,
                tilt: shoulder_tilt(landmarks, body),
                bust: bust_scale(landmarks, body),
                reaches_edge: slot.is_front(people.len()),
            }),
        }
    }
    Plan::Full(places)
}

/// Both shoulders where the body's points are sure and the guest faces the camera.
fn shoulders(landmarks: &Landmarks, body: &Body) -> Option<[[f32; 2]; 2]> {
    // The person's right shoulder lies at the picture's left.
    let [left, right] = [RIGHT_SHOULDER, LEFT_SHOULDER].map(|index| body.points[index]);
    let is_sure = body.score > 0.5 && left.visibility > 0.5 && right.visibility > 0.5;
    let (left, right) = (left.place, right.place);
    let width = (right[0] - left[0]).hypot(right[1] - left[1]);
    (is_sure && width > 1.1 * landmarks.face_height()).then_some([left, right])
}

fn shoulder_tilt(landmarks: &Landmarks, body: &Body) -> f32 {
    shoulders(landmarks, body).map_or(0.0, |[left, right]| {
        (right[1] - left[1]).atan2(right[0] - left[0]).to_degrees()
    })
}

fn bust_scale(landmarks: &Landmarks, body: &Body) -> f32 {
    shoulders(landmarks, body).map_or(1.0, |[left, right]| {
        let width = (right[0] - left[0]).hypot(right[1] - left[1]) / landmarks.face_height();
        (width / GROWN_SHOULDERS).clamp(LEAST_BUST, 1.0)
    })
}

/// The neck that a variant's costume asks for.
pub(crate) fn flare(costume: &Costume) -> Flare {
    Flare {
        amount: costume.recipe.neck_flare,
        start: costume.recipe.neck_flare_start,
    }
}

/// A head on its bust, ready to be drawn.
pub(crate) struct DressedGuest {
    pub head: Head,
    pub head_to_portrait: Similarity,
    pub bust_to_portrait: Similarity,
    pub layers: Arc<Layers>,
    pub costume: Arc<Costume>,
    /// How much light the head takes from the layer behind it; smaller than the head by `shadow_scale`.
    pub shadow: Mask,
    pub shadow_scale: f32,
    pub prop: Option<WornProp>,
}

/// Sets a head onto the variant's bust.
///
/// # Errors
/// [`RenderError::Internal`] when a layer cannot be read.
pub(crate) fn dress(
    mut head: Head,
    place: &Place,
    variant: &Variant,
    size: PortraitSize,
) -> Result<DressedGuest, RenderError> {
    let wardrobe = &variant.wardrobe;
    let roll = head.landmarks.pose.roll;
    let kept = roll.clamp(-MAX_ROLL, MAX_ROLL);
    let scale = place.slot.face_height / head.axes.face_height;
    let head_to_portrait = Similarity::carrying(
        head.landmarks.centre(),
        place.slot.centre,
        scale,
        kept - roll,
    );
    let seat = Seat {
        jaw: head_to_portrait.apply(head.axes.pixel([head.axes.neck, head.axes.chin])),
        lean: (LEAN_WITH_HEAD * kept + LEAN_WITH_SHOULDERS * place.tilt).clamp(-MAX_LEAN, MAX_LEAN),
        face_height: place.slot.face_height * place.bust,
        reaches_down_to: place.reaches_edge.then_some(size.height() as f32),
    };
    let mut costume = Arc::clone(&wardrobe.full);
    let mut layers = costume.folder.layers()?;
    let mut bust_to_portrait = seat.place(&costume, 0.0);
    if costume.folder.has_hood() {
        let aside = hood::head_offset(&head, &head_to_portrait, seat.jaw);
        bust_to_portrait = seat.place(&costume, aside);
        let hood = hood::Hood::new(&layers, &head_to_portrait, &bust_to_portrait);
        match &wardrobe.hoodless {
            Some(other) if hood.does_not_fit(&head) => {
                costume = Arc::clone(other);
                layers = costume.folder.layers()?;
                bust_to_portrait = seat.place(&costume, 0.0);
            }
            _ => hood.clip(&mut head),
        }
    }
    let prop = match &wardrobe.prop {
        Some(prop) if !costume.folder.has_hood() => prop::wear(prop, &head, &head_to_portrait)?,
        _ => None,
    };
    let (shadow, shadow_scale) = cast_shadow(&head);
    Ok(DressedGuest {
        head,
        head_to_portrait,
        bust_to_portrait,
        layers,
        costume,
        shadow,
        shadow_scale,
        prop,
    })
}

/// Where a bust has to meet a head.
struct Seat {
    /// Under the jaw, over the middle of the neck, in portrait pixels.
    jaw: [f32; 2],
    /// Clockwise, in degrees.
    lean: f32,
    face_height: f32,
    /// The portrait row down to which the bust has to reach: nobody in front ends in the air.
    reaches_down_to: Option<f32>,
}

impl Seat {
    /// Bust pixels to portrait pixels, moved `aside` by portrait pixels.
    fn place(&self, costume: &Costume, aside: f32) -> Similarity {
        let own = costume.folder.face_height() * costume.recipe.head_scale;
        let [x, chin] = costume.folder.neck();
        let neck = [x, chin + costume.recipe.chin_drop * own];
        let to = [self.jaw[0] + aside, self.jaw[1]];
        let height = costume.folder.frame()[3] - neck[1];
        let least = self.reaches_down_to.map_or(0.0, |row| {
            // A leaning bust lifts one corner.
            (row - to[1]) / height / self.lean.to_radians().cos() * 1.02
        });
        Similarity::carrying(neck, to, (self.face_height / own).max(least), self.lean)
    }
}

/// The head's own outline, lower and soft, at a fraction of its size.
fn cast_shadow(head: &Head) -> (Mask, f32) {
    let scale = (head.axes.face_height / 60.0).max(1.0).floor();
    let width = ((head.alpha.width() as f32 / scale) as usize).max(1);
    let height = ((head.alpha.height() as f32 / scale) as usize).max(1);
    let small = resize_mask(&head.alpha, width, height);
    let face_height = head.axes.face_height / scale;
    let drop = (SHADOW_DROP * face_height) as isize;
    let lowered = Mask::from_fn(width, height, |x, y| {
        small.at_clamped(x as isize, y as isize - drop)
    });
    let soft = gaussian_mask(&lowered, SHADOW_SOFTNESS * face_height);
    (soft.map(|value| (value * 1.25).clamp(0.0, 1.0)), scale)
}

impl DressedGuest {
    /// How much of the collar's shadow falls on a pixel of the head.
    pub(crate) fn collar_shadow(&self, [_, v]: [f32; 2]) -> f32 {
        let chin = self.head.axes.chin;
        smoothstep(chin - 0.15, chin + 0.1, v)
    }
}
