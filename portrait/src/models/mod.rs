//! The networks, one file each: what goes in, what comes out, in the units of the rest of the crate.

mod body;
mod cel_painter;
mod detector;
mod frame;
mod matting;
mod mesh;
mod mesh_indices;
mod moderator;
mod multi_style;
mod network;
mod second_moderator;
mod segmenter;
mod tensor;

#[cfg(any(test, fuzzing))]
pub(crate) use body::{BODY_POINTS, BodyPoint};
pub(crate) use body::{Body, BodyPose, LEFT_SHOULDER, RIGHT_SHOULDER, Square};
pub(crate) use cel_painter::CelPainter;
pub(crate) use detector::{Detector, Face};
pub(crate) use matting::{Matting, MattingSize};
pub(crate) use mesh::{FaceMesh, MeshCrop};
pub(crate) use moderator::{Moderator, Scores};
pub(crate) use multi_style::{MultiStyle, STYLES};
pub(crate) use second_moderator::SecondModerator;
pub(crate) use segmenter::Segmenter;
