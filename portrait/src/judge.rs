//! Says what a guest should do better before a portrait is made of the photo.

use crate::faces::{Face, Landmarks};
use crate::filter::{luma_mask, resize_rgb, resize_rgb_region};
use crate::side::Side;
use crate::{Mask, Photo, Refusal, RgbRaster};

/// What a detector took for a face is one when the mesh network finds a face's points on it: it is
/// then surer than 0.95 of real faces, and under 0.3 of leaves, wheels and telephones.
const MIN_PRESENCE: f32 = 0.5;
/// A face that the detector is this sure of and the mesh is not may be a spoiled one.
const MIN_SPOILED_SCORE: f32 = 0.7;
/// Shorter faces give an enlarged blur instead of a portrait: the side of the largest, in pixels.
const MIN_FACE_SIDE: f32 = 48.0;
/// Faces are compared at this size, so that no verdict depends on the photo's resolution.
const SAMPLE_SIDE: usize = 64;
/// A face is too dark when even its lightest tenth is darker than this: dark skin in ordinary light
/// has highlights far above (0.39 in the darkest good photo measured).
const MIN_HIGHLIGHT: f32 = 0.16;
/// A face is too bright when this share of it is burnt out to white in every channel.
const MAX_BURNT_SHARE: f32 = 0.45;
const BURNT: f32 = 0.97;
/// Least fine detail of a face. Good photos measured 0.019 and more, even of faces enlarged from 45
/// pixels; a Gaussian blur of 3 % of the face's side 0.0035, motion blur of 15 % of it 0.003.
const MIN_SHARPNESS: f32 = 0.006;
/// The same for a whole photo without a face, and the size at which it is measured: photos measured
/// 0.006 (mist over a lake) and more, one blurred until its face was lost 0.0025.
const MIN_PHOTO_SHARPNESS: f32 = 0.004;
const PHOTO_SAMPLE_SIDE: usize = 128;
/// Variance of luma under which there is nothing to be blurred: a wall.
const MIN_VARIANCE: f32 = 1e-4;
/// Farthest turns, in degrees, at which both eyes are still seen. The mesh reads large turns too
/// small: a head at 60 degrees reads as about 45.
const MAX_YAW: f32 = 52.0;
const MAX_PITCH: f32 = 50.0;
const MAX_ROLL: f32 = 55.0;

/// A face reaches into what is missing of a photo when it comes nearer to it than this share of its size: there is the
/// crown of the head, or the chin.
const CUT_MARGIN: f32 = 0.25;

/// The faces that are really there, in their order, each with its points.
pub(crate) type People = (Vec<Face>, Vec<Landmarks>);

/// Refuses a photo when not one of its faces is good enough. One good face is enough: a friend in
/// the background who looks away should not spoil the picture.
///
/// # Errors
/// What is wrong with the largest face, or with the whole photo where no face is found.
pub(crate) fn judge(
    photo: &RgbRaster,
    faces: Vec<Face>,
    landmarks: Vec<Landmarks>,
) -> Result<People, Refusal> {
    let (certain, doubtful): (Vec<_>, Vec<_>) = faces
        .into_iter()
        .zip(landmarks)
        .partition(|(_, landmarks)| landmarks.presence >= MIN_PRESENCE);
    let mut by_size: Vec<&(Face, Landmarks)> = certain.iter().collect();
    by_size.sort_by(|a, b| b.0.size().total_cmp(&a.0.size()));
    let Some((largest, others)) = by_size.split_first() else {
        return Err(judge_faceless(photo, &doubtful));
    };
    let verdict = judge_face(photo, largest);
    if verdict.is_err() && !others.iter().any(|other| judge_face(photo, other).is_ok()) {
        verdict?;
    }
    Ok(certain.into_iter().unzip())
}

/// Judges the faces of a photo that may lack a part.
///
/// # Errors
/// [`Refusal::ImageTruncated`] where a face reaches into what is missing or may be there, and what [`judge`] says.
pub(crate) fn judge_photo(
    photo: &Photo,
    faces: Vec<Face>,
    landmarks: Vec<Landmarks>,
) -> Result<People, Refusal> {
    let people = judge(&photo.picture, faces, landmarks);
    let Some(side) = photo.cut_side else {
        return people;
    };
    match people {
        Err(Refusal::NoFace) => Err(Refusal::ImageTruncated),
        Ok((faces, _)) if faces.iter().any(|face| reaches(&photo.picture, face, side)) => {
            Err(Refusal::ImageTruncated)
        }
        judged => judged,
    }
}

fn reaches(picture: &RgbRaster, face: &Face, side: Side) -> bool {
    let [left, top, right, bottom] = face.bounds;
    let distance = match side {
        Side::Top => top,
        Side::Right => picture.width() as f32 - right,
        Side::Bottom => picture.height() as f32 - bottom,
        Side::Left => left,
    };
    distance < face.size() * CUT_MARGIN
}

fn judge_face(photo: &RgbRaster, (face, landmarks): &(Face, Landmarks)) -> Result<(), Refusal> {
    if face.size() < MIN_FACE_SIDE {
        return Err(Refusal::FaceTooSmall);
    }
    let pose = landmarks.pose;
    let is_turned =
        pose.yaw.abs() > MAX_YAW || pose.pitch.abs() > MAX_PITCH || pose.roll.abs() > MAX_ROLL;
    if is_turned {
        return Err(Refusal::TurnedAway);
    }
    let sample = sample(photo, face);
    judge_exposure(&sample)?;
    judge_sharpness(&sample, MIN_SHARPNESS)
}

/// Why no face was found, where that can be told: darkness, light or blur may have hidden it.
fn judge_faceless(photo: &RgbRaster, doubtful: &[(Face, Landmarks)]) -> Refusal {
    let spoiled = doubtful
        .iter()
        .map(|(face, _)| face)
        .filter(|face| face.score >= MIN_SPOILED_SCORE && face.size() >= MIN_FACE_SIDE)
        .max_by(|a, b| a.score.total_cmp(&b.score));
    let whole = resize_rgb(photo, PHOTO_SAMPLE_SIDE, PHOTO_SAMPLE_SIDE);
    judge_exposure(&whole)
        .and(judge_sharpness(&whole, MIN_PHOTO_SHARPNESS))
        .and_then(|()| {
            spoiled.map_or(Ok(()), |face| {
                judge_sharpness(&sample(photo, face), MIN_SHARPNESS)
            })
        })
        .err()
        .unwrap_or(Refusal::NoFace)
}

/// The face's bounds at a fixed size.
fn sample(photo: &RgbRaster, face: &Face) -> RgbRaster {
    let [left, top, right, bottom] = face.bounds.map(f64::from);
    let (width, height) = (photo.width() as f64, photo.height() as f64);
    let left = left.clamp(0.0, width - 1.0);
    let top = top.clamp(0.0, height - 1.0);
    let right = right.clamp(left + 1.0, width);
    let bottom = bottom.clamp(top + 1.0, height);
    let region = [left, top, right - left, bottom - top];
    resize_rgb_region(photo, region, SAMPLE_SIDE, SAMPLE_SIDE)
}

fn judge_exposure(sample: &RgbRaster) -> Result<(), Refusal> {
    let mut luma = luma_mask(sample).into_pixels();
    luma.sort_by(f32::total_cmp);
    let highlight = luma[luma.len() * 9 / 10];
    let is_burnt = |pixel: &&[f32; 3]| pixel.iter().all(|&value| value > BURNT);
    let burnt = sample.pixels().iter().filter(is_burnt).count();
    if highlight < MIN_HIGHLIGHT {
        Err(Refusal::TooDark)
    } else if burnt as f32 > MAX_BURNT_SHARE * luma.len() as f32 {
        Err(Refusal::TooBright)
    } else {
        Ok(())
    }
}

fn judge_sharpness(sample: &RgbRaster, least: f32) -> Result<(), Refusal> {
    if sharpness(&luma_mask(sample)) < least {
        Err(Refusal::TooBlurred)
    } else {
        Ok(())
    }
}

/// Mean square of the second derivative over the variance of luma, along the axis that has less of
/// it. Blur removes fine detail first, motion along one axis only; darkness, haze and skin colour
/// change detail and variance alike.
fn sharpness(luma: &Mask) -> f32 {
    let count = luma.pixels().len() as f32;
    let mean = luma.pixels().iter().sum::<f32>() / count;
    let variance = luma
        .pixels()
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f32>()
        / count;
    if variance < MIN_VARIANCE {
        return f32::INFINITY;
    }
    let (mut across, mut down) = (0.0, 0.0);
    for y in 1..luma.height() - 1 {
        let (above, row, below) = (luma.row(y - 1), luma.row(y), luma.row(y + 1));
        for x in 1..luma.width() - 1 {
            across += (row[x - 1] - 2.0 * row[x] + row[x + 1]).powi(2);
            down += (above[x] - 2.0 * row[x] + below[x]).powi(2);
        }
    }
    let inner = ((luma.width() - 2) * (luma.height() - 2)) as f32;
    f32::min(across, down) / inner / variance
}

#[cfg(test)]
mod tests;
