//! Says where the people of a photo are: how much of each pixel is a person, and of which one.

mod close_up;
mod coloured_wall;
mod coverage;
mod foreground;
mod persons;
mod pieces;
mod refine;
mod wall;

use crate::faces::{Face, Landmarks};
use crate::models::{Matting, MattingSize, Segmenter};
use crate::{Mask, Refusal, RenderError, RgbRaster};
pub(crate) use foreground::estimate as own_colours;

/// A face is a picture on the wall when less of it than this belongs to a person.
const LEAST_COVERED: f32 = 0.5;

/// Where people are in a photo.
#[derive(Clone, Debug)]
pub(crate) struct Matte {
    /// 1 inside people, 0 outside, between on hair and edges; the photo's shape, at a size of its own.
    pub alpha: Mask,
    /// Each person's share of the pixels, in the order of the faces; empty for one who is alone.
    shares: Vec<Mask>,
}

impl Matte {
    /// Discs round faces, for tests without networks.
    #[cfg(fuzzing)]
    pub(crate) fn of_faces(photo: &RgbRaster, people: &[Landmarks]) -> Self {
        let disc = |person: &Landmarks| {
            let ([x, y], reach) = (person.centre(), person.face_height());
            Mask::from_fn(photo.width(), photo.height(), |column, row| {
                let distance = (column as f32 - x).hypot(row as f32 - y);
                (1.5 - distance / reach.max(1.0)).clamp(0.0, 1.0)
            })
        };
        let discs: Vec<Mask> = people.iter().map(disc).collect();
        let alpha = Mask::from_fn(photo.width(), photo.height(), |x, y| {
            discs.iter().map(|disc| disc.row(y)[x]).fold(0.0, f32::max)
        });
        let shares = if discs.len() > 1 { discs } else { Vec::new() };
        Self { alpha, shares }
    }

    /// One person's share of the pixels; none where there is only one.
    pub(crate) fn share(&self, person: usize) -> Option<&Mask> {
        self.shares.get(person)
    }
}

/// People without their background, as large as the photo.
#[derive(Clone, Debug)]
pub(crate) struct Cutout {
    /// 1 inside people, 0 outside, between on hair and edges.
    pub alpha: Mask,
    /// The people's own colours, free of the background that shone through at their edges. Where
    /// alpha is 0 the people's colours go on for a little way, so that the cutout can be resized.
    pub foreground: RgbRaster,
}

/// The networks that find people.
pub(crate) struct MatteNetworks {
    pub segmenter: Segmenter,
    pub matting: Matting,
}

impl MatteNetworks {
    /// Runs both in every shape.
    pub(crate) fn warm_up(&self) -> ort::Result<()> {
        self.segmenter.warm_up()?;
        self.matting.warm_up()
    }
}

/// Finds everyone whose face was found, and drops faces that belong to nobody: they hang on the wall.
///
/// # Errors
/// [`Refusal::NoFace`] when that leaves no face; a network's failure.
pub(crate) fn find_people(
    networks: &MatteNetworks,
    photo: &RgbRaster,
    faces: Vec<Face>,
    landmarks: Vec<Landmarks>,
    matting_size: MattingSize,
) -> Result<(Matte, Vec<Landmarks>), RenderError> {
    let mut rough = coverage::segment(&networks.segmenter, photo, &faces)?;
    pieces::remove_strangers(&mut rough, photo, &faces);
    pieces::fill_holes(&mut rough);
    let people: Vec<Landmarks> = landmarks
        .into_iter()
        .filter(|person| is_covered(person, &rough, photo))
        .collect();
    if people.is_empty() {
        return Err(Refusal::NoFace.into());
    }
    let alpha = close_up::matte(&networks.matting, photo, &people, &rough, matting_size)?;
    let shares = if people.len() > 1 {
        persons::tell_apart(photo, &alpha, &people)
    } else {
        Vec::new()
    };
    Ok((Matte { alpha, shares }, people))
}

/// Everyone as they stand in the photo.
pub(crate) fn cut_out(photo: &RgbRaster, matte: &Matte) -> Cutout {
    let alpha = refine::sharpen(&matte.alpha, photo);
    let foreground = foreground::estimate(photo, &alpha);
    Cutout { alpha, foreground }
}

/// Whether most of a face, as far as the photo shows it, belongs to a person.
fn is_covered(person: &Landmarks, coverage: &Mask, photo: &RgbRaster) -> bool {
    let scale = coverage.width() as f32 / photo.width() as f32;
    let size = [coverage.width(), coverage.height()];
    let [left, top, right, bottom] = person.bounds().map(|side| (side * scale).max(0.0));
    let [left, top] = [left as usize, top as usize];
    let right = (right.ceil() as usize).min(size[0]);
    let bottom = (bottom.ceil() as usize).min(size[1]);
    if left >= right || top >= bottom {
        return false;
    }
    let covered: f32 = (top..bottom)
        .flat_map(|y| &coverage.row(y)[left..right])
        .sum();
    covered > LEAST_COVERED * ((bottom - top) * (right - left)) as f32
}

#[cfg(test)]
mod tests;
