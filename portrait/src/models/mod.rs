//! The networks, one file each: what goes in, what comes out, in the units of the rest of the crate.

mod cel_painter;
mod detector;
mod frame;
mod mesh;
mod mesh_indices;
mod moderator;
mod multi_style;
mod network;
mod segmenter;
mod tensor;

pub(crate) use cel_painter::CelPainter;
pub(crate) use detector::{Detector, Face};
pub(crate) use mesh::{FaceMesh, MeshCrop};
pub(crate) use moderator::{Moderator, Scores};
pub(crate) use multi_style::{MultiStyle, STYLES};
pub(crate) use segmenter::Segmenter;
