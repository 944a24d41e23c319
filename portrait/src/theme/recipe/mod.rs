//! What a variant asks of each step. Lengths are fractions of the portrait's height or width, or of a face's height.

mod brush;
mod face;

pub(crate) use brush::{CelBrush, Cover, OilBrush, Paint, StyleBrush};
pub(crate) use face::{
    AnimatedFace, EyeLight, Face, HairLight, Look, PaintKind, PaintedFace, Reshape, Stencil,
};

use crate::colour::Colour;
use serde::Deserialize;
use std::path::PathBuf;

/// Where the guests stand on the backdrop.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    /// Guests in costume: height of one guest's face, forehead to chin, over the portrait's height, and
    /// height of its centre, from the top. Groups get smaller faces.
    pub bust_face_height: f32,
    pub bust_face_y: f32,
    /// How far apart rows of a group are, in face heights.
    pub row_distance: f32,
    /// Guests in their own clothes: height of the tallest face over the portrait's height. Groups and whole
    /// people get less where they would not fit.
    pub face_height: f32,
    /// The most that it may become where a photo is enlarged to keep its cut edges out of sight; heads
    /// whose crown is cut off may become 1.4 times larger still.
    pub face_height_max: f32,
    /// Height at which the faces' centre should be, from the top.
    pub face_y: f32,
    /// Widest that a group may be, over the portrait's width.
    pub group_width: f32,
    /// Where feet stand when whole people are in the photo, from the top.
    pub ground_y: f32,
}

/// The backdrop's light, cast on the guests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Light {
    /// The sun, the moon, a fire: at most a few.
    pub lamps: Vec<Lamp>,
    /// The colour of light that comes from everywhere, and how strong it is beside the lamps, 0 to 1.
    pub ambient: Colour,
    pub ambient_strength: f32,
    /// How much of the light's colour reaches a face, 0 (none) to 1; skin keeps its own tone in any case.
    pub colour_strength: f32,
    /// How far the light's mean colour on skin is taken off again, 0 to 1, as an eye used to it does.
    pub white_balance: f32,
    /// Lightness, 0 to 100, that skin is moved towards, by 8 at most.
    pub skin_lightness: f32,
    /// How dark a head makes the costume behind it, 0 to 1.
    pub costume_shadow: f32,
    /// For guests in their own clothes: mean luma, 0 to 1, that they are moved towards, and how far.
    pub exposure: f32,
    pub exposure_strength: f32,
    /// For them as well: the backdrop's own brightness bleeding over their edges, 0 to 1.
    pub wrap_strength: f32,
    /// And how dark their shadow on the world is, 0 to 1; it falls away from the first lamp.
    pub shadow_strength: f32,
}

/// One light source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lamp {
    /// Towards the lamp: right, down, out of the picture; any length but 0.
    pub direction: [f32; 3],
    pub colour: Colour,
    /// Its share of the light on surfaces that face it, 0 to 1.
    pub strength: f32,
    /// Light along the edges that face it, 0 to 1.
    pub rim: f32,
}

/// The finish.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grade {
    /// S-curve round the middle, 0 (none) to 1.
    pub contrast: f32,
    pub saturation: f32,
    /// Added to dark pixels' colour.
    pub shadows: Colour,
    /// Multiplies bright pixels' colour.
    pub highlights: Colour,
    /// How far both tints go, 0 to 1.
    pub tint_strength: f32,
    /// Glow round bright places, 0 to 1.
    pub bloom: f32,
    /// Darkening of the corners, 0 to 1.
    pub vignette: f32,
    /// Amplitude of film grain, 0 to 1.
    pub grain: f32,
}

/// How a bust meets the heads that are put on it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CostumeRecipe {
    /// How much larger heads are than the one it was made for.
    #[serde(default = "one")]
    pub head_scale: f32,
    /// How far the chin sinks into the collar, in face heights.
    #[serde(default)]
    pub chin_drop: f32,
    /// How much wider the neck becomes on either side, and from how far below the chin on, in face heights.
    pub neck_flare: f32,
    pub neck_flare_start: f32,
}

/// How a circlet or wreath sits on a head.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PropRecipe {
    /// The folder of `prop.json`, relative to the theme's.
    pub folder: PathBuf,
    #[serde(default = "one")]
    pub scale: f32,
    /// How far it lies above where it was made to lie, in face heights.
    #[serde(default)]
    pub lift: f32,
}

fn one() -> f32 {
    1.0
}

/// What a check of the finished portrait lets pass.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Bar {
    /// Most that skin's hue may shift, in degrees, and its lightness, in units of CIELAB.
    pub skin_hue: f32,
    pub skin_lightness: f32,
    /// Most that landmarks may lie apart after alignment, in face heights.
    pub shape: f32,
    /// Most that the head's soft edge may be wide, in face heights.
    pub edge: f32,
}

impl Default for Bar {
    fn default() -> Self {
        Self {
            skin_hue: 8.0,
            skin_lightness: 12.0,
            shape: 0.06,
            edge: 0.2,
        }
    }
}
