//! Finds every face in the photo, turning it where they lie, then the points and the pose of each.

mod find;
mod landmarks;
mod pose;
mod stand;

pub(crate) use crate::models::Face;
pub(crate) use find::{Detectors, find_faces};
pub(crate) use landmarks::{Landmarks, find_landmarks};
pub(crate) use pose::Pose;
pub(crate) use stand::find_standing_faces;

#[cfg(test)]
mod tests;
