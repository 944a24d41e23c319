//! Says what a guest should do better before a portrait is made of the photo.

use crate::faces::{Face, Landmarks};
use crate::filter::{luma_mask, resize_rgb_region};
use crate::{Mask, Refusal, RgbRaster};

/// Shorter faces give an enlarged blur instead of a portrait: the side of the largest, in pixels.
const MIN_FACE_SIDE: f32 = 48.0;
/// Faces are compared at this size, so that no verdict depends on the photo's resolution.
const SAMPLE_SIDE: usize = 64;
/// A face is too dark when even its lightest tenth is darker than this: dark skin in ordinary light
/// has highlights far above.
const MIN_HIGHLIGHT: f32 = 0.16;
/// A face is too bright when this share of it is burnt out to white in every channel.
const MAX_BURNT_SHARE: f32 = 0.45;
const BURNT: f32 = 0.97;
/// Least fine detail of a face, relative to its own contrast.
const MIN_SHARPNESS: f32 = 0.012;
/// Farthest turns, in degrees, at which both eyes are still seen.
const MAX_YAW: f32 = 52.0;
const MAX_PITCH: f32 = 50.0;
const MAX_ROLL: f32 = 55.0;

/// Refuses a photo when not one of its faces is good enough. One good face is enough: a friend in
/// the background who looks away should not spoil the picture.
///
/// # Errors
/// [`Refusal::NoFace`], or what is wrong with the largest face.
pub(crate) fn judge(
    photo: &RgbRaster,
    faces: &[Face],
    landmarks: &[Landmarks],
) -> Result<(), Refusal> {
    let mut by_size: Vec<(&Face, &Landmarks)> = faces.iter().zip(landmarks).collect();
    by_size.sort_by(|a, b| b.0.size().total_cmp(&a.0.size()));
    let mut verdicts = by_size
        .into_iter()
        .map(|(face, points)| judge_face(photo, face, points));
    let largest = verdicts.next().unwrap_or(Err(Refusal::NoFace));
    if verdicts.any(|verdict| verdict.is_ok()) {
        Ok(())
    } else {
        largest
    }
}

fn judge_face(photo: &RgbRaster, face: &Face, landmarks: &Landmarks) -> Result<(), Refusal> {
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
    let luma = luma_mask(&sample);
    let burnt = sample
        .pixels()
        .iter()
        .filter(|pixel| pixel.iter().all(|&value| value > BURNT));
    if percentile(&luma, 0.9) < MIN_HIGHLIGHT {
        Err(Refusal::TooDark)
    } else if burnt.count() as f32 > MAX_BURNT_SHARE * luma.pixels().len() as f32 {
        Err(Refusal::TooBright)
    } else if sharpness(&luma) < MIN_SHARPNESS {
        Err(Refusal::TooBlurred)
    } else {
        Ok(())
    }
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

fn percentile(mask: &Mask, share: f32) -> f32 {
    let mut values = mask.pixels().to_vec();
    values.sort_by(f32::total_cmp);
    values[((values.len() - 1) as f32 * share) as usize]
}

/// Mean square of the Laplacian over the variance of luma: blur removes fine detail first, while
/// darkness, haze and skin colour change both alike.
fn sharpness(luma: &Mask) -> f32 {
    let pixels = luma.pixels();
    let mean = pixels.iter().sum::<f32>() / pixels.len() as f32;
    let variance = pixels
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f32>();
    let mut detail = 0.0;
    for y in 1..luma.height() - 1 {
        let (above, row, below) = (luma.row(y - 1), luma.row(y), luma.row(y + 1));
        for x in 1..luma.width() - 1 {
            let laplacian = above[x] + below[x] + row[x - 1] + row[x + 1] - 4.0 * row[x];
            detail += laplacian * laplacian;
        }
    }
    detail / variance.max(f32::EPSILON)
}
