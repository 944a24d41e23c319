//! Finds every face in the photo, then the points and the pose of each.

mod find;
mod landmarks;
mod pose;

pub(crate) use crate::models::Face;
pub(crate) use find::{Detectors, find_faces};
pub(crate) use landmarks::{Landmarks, find_landmarks};
pub(crate) use pose::Pose;

#[cfg(test)]
mod tests;
