//! What a variant asks of each step. Lengths are fractions of the portrait's height or width, or of a face's height.

use crate::Raster;
use crate::colour::Colour;
use serde::Deserialize;
use std::collections::BTreeMap;
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

/// What happens to a face.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Face {
    #[serde(default)]
    pub reshape: Reshape,
    pub look: Look,
    /// Share of the allowed skin shift that the theme's light may use, 0 to 1. Lowered for a retry, never read from a
    /// file.
    #[serde(skip, default = "whole")]
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
            Look::Redrawn(face) => {
                face.shadow_depth *= 0.7;
                face.eyes = half(face.eyes);
            }
            Look::Plain => {}
        }
        milder
    }

    /// The photo's face in the theme's light and nothing else.
    pub(crate) fn plain(&self) -> Self {
        Self {
            reshape: Reshape::default(),
            look: Look::Plain,
            ..self.clone()
        }
    }

    /// The head is a drawing, on which no brush paints.
    pub(crate) fn is_redrawn(&self) -> bool {
        matches!(self.look, Look::Redrawn(_))
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
    /// The head drawn anew as cel animation.
    Redrawn(RedrawnFace),
    /// The photo in the theme's light.
    #[serde(skip)]
    Plain,
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

/// How a head is drawn.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedrawnFace {
    pub ink: Colour,
    /// Towards the light that shades the face: right, down, out of the picture.
    pub light: [f32; 3],
    /// How much darker skin in shadow is, in lightness.
    pub shadow_depth: f32,
    /// How strong the band of light on hair is, 0 to 1.
    pub hair_shine: f32,
    /// How much wider and taller eyes are drawn than they are after the warp: 0.1 is a tenth more.
    pub eyes: [f32; 2],
}

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
