//! What a variant asks of each step. All lengths are fractions of the portrait's height or width.

use crate::colour::Colour;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where the guests stand on the backdrop.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    /// Height of the tallest face, forehead to chin, over the portrait's height. Groups and whole
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
    /// The colour of light that comes from everywhere.
    pub ambient: Colour,
    /// How far the guests' colours are pulled towards the ambient colour, 0 to 1.
    pub ambient_strength: f32,
    /// Mean luma, 0 to 1, that the guests are moved towards.
    pub exposure: f32,
    /// How far they are moved, 0 to 1.
    pub exposure_strength: f32,
    /// The backdrop's own brightness bleeding over the edges, 0 to 1.
    pub wrap_strength: f32,
    /// How dark the guests' shadow on the world is, 0 to 1; it falls away from the first lamp.
    pub shadow_strength: f32,
}

/// One light source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lamp {
    /// Towards the lamp: right, down, out of the picture; any length but 0.
    pub direction: [f32; 3],
    pub colour: Colour,
    /// Its share of the light on surfaces that face it, 0 to 1; the rest stays as photographed.
    pub strength: f32,
    /// Light along the edges that face it, 0 to 1.
    pub rim: f32,
}

/// Guests and world painted by one hand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paint {
    /// How much of the painting replaces the composite: on the world, on people, on faces; 0 to 1.
    pub world: f32,
    pub people: f32,
    pub faces: f32,
    /// How much of the composite's own luma stays on people, so that they stay recognisable.
    pub keep_luma: f32,
    /// How much of the detail finer than the painting stays, 0 to 1.
    #[serde(default = "full")]
    pub detail: f32,
    /// How much of the painting's colour is used, against the composite's own; 0 to 1.
    #[serde(default = "full")]
    pub colour: f32,
    pub brush: Brush,
}

fn full() -> f32 {
    1.0
}

/// Which hand paints.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Brush {
    /// The 26-style network: painterly strokes.
    Styles(StyleBrush),
    /// Redrawn as cel animation: flat tones and ink lines.
    Cel(CelBrush),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StyleBrush {
    /// Style number (`"0"` to `"25"`) to share; shares are scaled to sum to 1.
    pub styles: BTreeMap<String, f32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CelBrush {
    /// Height in pixels of the tallest face when the people are redrawn; fewer is flatter.
    pub face_pixels: f32,
    /// How many tones of light people are drawn in.
    pub tones: u32,
    /// How hard the steps between tones are, 0 (smooth) to 1.
    pub tone_hardness: f32,
    pub saturation: f32,
    pub ink: Colour,
    /// How dark ink lines are, 0 to 1.
    pub ink_strength: f32,
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
