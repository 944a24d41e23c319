//! Finds every face in the photo, turning it where they lie, then the points and the pose of each.

mod axes;
mod bodies;
mod find;
mod landmarks;
mod pose;
mod stand;

pub(crate) use crate::models::Face;
pub(crate) use axes::FaceAxes;
pub(crate) use bodies::find_bodies;
pub(crate) use find::{Detectors, find_faces};
pub(crate) use landmarks::{
    CHIN, FOREHEAD, LEFT_CHEEK, Landmarks, MESH_POINTS, RIGHT_CHEEK, find_landmarks,
};
pub(crate) use pose::Pose;
pub(crate) use stand::find_standing_faces;

#[cfg(test)]
mod tests;
