//! The brushes that a variant may paint its guests with.

use crate::colour::Colour;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Guests painted by the hand that painted the world; worlds and costumes come painted.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Paint {
    /// Strokes along the picture's own edges.
    Oil(OilBrush),
    /// The 26-style network over everything.
    Styles(StyleBrush),
    /// Redrawn as cel animation by a network: flat tones and ink lines.
    Cel(CelBrush),
}

/// Lengths are in pixels of a canvas 1200 wide.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OilBrush {
    /// Of strokes on hair and clothes, on faces, and on eyes, brows and mouths.
    pub radius: f32,
    pub face_radius: f32,
    pub feature_radius: f32,
    /// How deep the marks of bristles are, 0 to 1.
    pub bristles: f32,
    /// How much of the detail finer than strokes comes back, 0 to 1.
    pub detail: f32,
    /// How dark the lines are in which darks gather, 0 to 1.
    pub lines: f32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StyleBrush {
    pub cover: Cover,
    /// How much of the detail finer than the painting stays, 0 to 1.
    pub detail: f32,
    /// How much of the painting's colour is used, against the composite's own; 0 to 1.
    pub colour: f32,
    /// Style number (`"0"` to `"25"`) to share; shares are scaled to sum to 1.
    pub styles: BTreeMap<String, f32>,
}

/// How much of a painting replaces the composite.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cover {
    /// On the world, on people, on faces; 0 to 1.
    pub world: f32,
    pub people: f32,
    pub faces: f32,
    /// How much of the composite's own luma stays on people, so that they stay recognisable.
    pub keep_luma: f32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CelBrush {
    pub cover: Cover,
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
