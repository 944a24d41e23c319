//! What colour a person's skin is.

use super::Head;
use super::labels;
use crate::RgbRaster;
use crate::colour::{Lab, chroma, hue_degrees, to_lab};

/// About how many pixels are looked at.
const SAMPLES: usize = 6000;
/// The darkest quarter is shade, the lightest tenth shine.
const SHADE: f32 = 0.25;
const SHINE: f32 = 0.90;

/// The median colour of the face's skin in a picture that lies like the head's, without shade and shine.
pub(crate) fn median(picture: &RgbRaster, head: &Head) -> Lab {
    let places = places(head, SAMPLES);
    middle(
        places
            .into_iter()
            .map(|[x, y]| to_lab(picture.row(y as usize)[x as usize]))
            .collect(),
    )
}

/// Hues that skin has in white or warm light, in degrees; beyond them a face is lit by colours.
const HUES: [f32; 2] = [15.0, 92.0];
/// Hue and highest chroma that skin in coloured light is assumed to have.
const FALLBACK_HUE: f32 = 46.0;
const MAX_FALLBACK_CHROMA: f32 = 24.0;

/// The face's skin tone: the photo's median, with an assumed hue where coloured light hides the person's own.
pub(crate) fn tone(head: &Head) -> Lab {
    without_coloured_light(median(&head.photo, head))
}

fn without_coloured_light(seen: Lab) -> Lab {
    let [reddest, yellowest] = HUES;
    if (reddest..=yellowest).contains(&hue_degrees(seen)) {
        return seen;
    }
    let (sine, cosine) = FALLBACK_HUE.to_radians().sin_cos();
    let [lightness, ..] = seen;
    let strength = chroma(seen).min(MAX_FALLBACK_CHROMA);
    [lightness, strength * cosine, strength * sine]
}

/// The median of skin colours, without shade and shine.
pub(crate) fn middle(mut colours: Vec<Lab>) -> Lab {
    colours.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let count = colours.len();
    let from = (count as f32 * SHADE) as usize;
    let to = (count as f32 * SHINE).ceil() as usize;
    labels::median(&colours[from.min(count)..to.min(count)])
}

/// About so many pixels of the head that are bare skin of the face.
pub(crate) fn places(head: &Head, about: usize) -> Vec<[f32; 2]> {
    let strict = collect(head, about, |skin, oval| skin > 0.6 && oval > 0.95);
    if strict.len() >= 50 {
        return strict;
    }
    collect(head, about, |_, oval| oval > 0.9)
}

fn collect(head: &Head, about: usize, is_wanted: impl Fn(f32, f32) -> bool) -> Vec<[f32; 2]> {
    let area = (head.axes.face_height * head.axes.face_height) as usize;
    let stride = (area / about).isqrt().max(1);
    let mut places = Vec::new();
    for y in (0..head.oval.height()).step_by(stride) {
        for x in (0..head.oval.width()).step_by(stride) {
            if is_wanted(head.skin.row(y)[x], head.oval.row(y)[x]) {
                places.push([x as f32, y as f32]);
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_coloured_light_changes_the_tone() {
        for skin in [[77.0, 8.0, 17.0], [35.0, 14.0, 18.0], [69.0, 4.0, 31.0]] {
            assert_eq!(without_coloured_light(skin), skin);
        }
        for lit in [
            [69.0, 18.0, -16.0],
            [60.0, -20.0, 10.0],
            [50.0, 40.0, -60.0],
        ] {
            let tone = without_coloured_light(lit);
            assert!((hue_degrees(tone) - FALLBACK_HUE).abs() < 0.1, "{tone:?}");
            assert!(tone[0] == lit[0] && chroma(tone) <= MAX_FALLBACK_CHROMA + 0.01);
        }
    }
}
