//! Analyses a photo: from its file to the people in it.

use crate::decode::decode;
use crate::faces::{Landmarks, find_bodies, find_landmarks, find_standing_faces};
use crate::judge::judge_photo;
use crate::matte::{Matte, find_people};
use crate::models::{Body, MattingSize};
use crate::moderate::moderate;
use crate::networks::Networks;
use crate::step::Stopwatch;
use crate::{RenderError, RgbRaster, Step, Warning};

/// A photo with everything that is known about it.
pub(crate) struct PhotoAnalysis {
    pub photo: RgbRaster,
    pub warnings: Vec<Warning>,
    pub people: Vec<Landmarks>,
    pub bodies: Vec<Body>,
    pub matte: Matte,
}

/// From the file to the people in it.
pub(super) fn analyse(
    networks: &Networks,
    photo: &[u8],
    matting_size: MattingSize,
    watch: &mut Stopwatch<'_>,
) -> Result<PhotoAnalysis, RenderError> {
    let Networks {
        moderators,
        detectors,
        mesh,
        body,
        ..
    } = networks;
    let mut photo = watch.time(Step::Decode, || decode(photo))?;
    watch.time(Step::Moderate, || moderate(moderators, &photo.picture))?;
    let faces = watch.time(Step::FindFaces, || {
        find_standing_faces(detectors, mesh, &mut photo)
    })?;
    let landmarks = watch.time(Step::Landmarks, || {
        find_landmarks(mesh, &photo.picture, &faces)
    })?;
    let (faces, landmarks) = watch.time(Step::Judge, || judge_photo(&photo, faces, landmarks))?;
    let warnings = photo.warnings();
    let photo = photo.picture;
    let (matte, people, bodies) = watch.time(Step::Matte, || -> Result<_, RenderError> {
        let (matte, people) = find_people(&networks.matte, &photo, faces, landmarks, matting_size)?;
        let bodies = find_bodies(body, &photo, &people)?;
        Ok((matte, people, bodies))
    })?;
    Ok(PhotoAnalysis {
        photo,
        warnings,
        people,
        bodies,
        matte,
    })
}
