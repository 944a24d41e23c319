//! What a variant does to faces: warps, paint, light in eyes and hair, or a drawing.

use crate::Raster;
use crate::colour::Colour;
use serde::Deserialize;
use std::path::PathBuf;

/// What happens to a face.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Face {
    #[serde(default)]
    pub reshape: Reshape,
    pub look: Look,
    /// Share of the allowed skin shift that the theme's light may use, 0 to 1: less than all where paint shifts skin as
    /// well.
    #[serde(default = "whole")]
    pub skin_change: f32,
}

fn whole() -> f32 {
    1.0
}

impl Face {
    /// Half as much of everything, for a face that the whole of it has spoiled.
    pub(crate) fn milder(&self) -> Self {
        let half = |by: [f32; 2]| by.map(|value| value * 0.5);
        let mut milder = self.clone();
        milder.reshape = Reshape {
            jaw: self.reshape.jaw * 0.5,
            eyes: half(self.reshape.eyes),
            nose: half(self.reshape.nose),
            mouth: half(self.reshape.mouth),
        };
        milder.skin_change *= 0.5;
        match &mut milder.look {
            Look::Painted(face) => {
                face.smoothing *= 0.5;
                face.shine *= 0.5;
                face.hair.tint *= 0.5;
                face.stencils
                    .iter_mut()
                    .for_each(|stencil| stencil.opacity *= 0.6);
            }
            Look::Animated(face) => face.eyes = half(face.eyes),
        }
        milder
    }
}

/// Bounded warps along the mesh, before anything else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Reshape {
    /// How far each side of the jaw moves outwards (below 0: inwards), in face heights.
    pub jaw: f32,
    /// How much wider and taller the eyes, the nose and the mouth become: 0.1 is a tenth more.
    pub eyes: [f32; 2],
    pub nose: [f32; 2],
    pub mouth: [f32; 2],
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Look {
    /// The photographed face in the theme's light, with paint on it.
    Painted(PaintedFace),
    /// The same with drawn eyes and an outline, for a brush that paints cel animation.
    Animated(AnimatedFace),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaintedFace {
    /// How far skin is evened out, 0 to 1.
    #[serde(default)]
    pub smoothing: f32,
    /// How much the lightest places of skin shine, 0 to 1.
    #[serde(default)]
    pub shine: f32,
    /// Painted one over the other.
    #[serde(default)]
    pub stencils: Vec<Stencil>,
    pub eyes: EyeLight,
    pub hair: HairLight,
}

/// A shape in the face mesh's canonical UV plane, painted onto the face.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stencil {
    /// A greyscale PNG, 1024 x 1024, white where paint lies; relative to the theme's folder.
    pub file: PathBuf,
    pub kind: PaintKind,
    pub colour: Colour,
    /// How much of the skin it hides, 0 to 1.
    pub opacity: f32,
    /// Goes on over brows and eye sockets, as a broad brush does.
    #[serde(default)]
    pub bridges: bool,
    /// Leaves the lips free.
    #[serde(default)]
    pub spares_lips: bool,
    /// The relief of metal leaf: a second file of heights, of the same size.
    pub height: Option<PathBuf>,
    /// The files' pixels.
    #[serde(skip, default = "no_stencil")]
    pub coverage: Raster<u8>,
    #[serde(skip, default = "no_stencil")]
    pub relief: Raster<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaintKind {
    /// Opaque paint that keeps the skin's shading.
    Pigment,
    /// A transparent glaze: dirt, flushed skin.
    Stain,
    /// Smooth, lighter skin; the colour is added to it.
    Scar,
    /// Powder that shines where light falls.
    Sheen,
    /// Signs that shine by themselves.
    Glow,
    /// Metal leaf, embossed by a second file of heights.
    Leaf,
}

impl PaintKind {
    /// Whether what lies below is no bare skin any more.
    pub(crate) fn hides_skin(self) -> bool {
        matches!(self, Self::Pigment | Self::Glow | Self::Leaf)
    }
}

fn no_stencil() -> Raster<u8> {
    Raster::filled(1, 1, 0)
}

/// Light in the irises.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EyeLight {
    pub colour: Colour,
    /// How much they are brightened, 0 to 1.
    pub strength: f32,
    /// How far they shine beyond themselves, 0 to 1.
    #[serde(default)]
    pub glow: f32,
}

/// The theme's light on hair.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HairLight {
    pub colour: Colour,
    /// How far its middle tones take on the colour, 0 to 1.
    pub tint: f32,
    /// How strong the band of light is where the head faces upwards, 0 to 1.
    pub sheen: f32,
}

/// What is drawn on a head.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnimatedFace {
    /// Of outlines, lashes and pupils.
    pub ink: Colour,
    /// How much wider and taller eyes are drawn than they are after the warp: 0.1 is a tenth more.
    pub eyes: [f32; 2],
}
