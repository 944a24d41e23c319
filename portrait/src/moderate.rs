//! Refuses photos, and finished portraits, that no booth should print: when two networks agree that they are explicit.

use crate::models::{Moderator, Scores, SecondModerator};
use crate::runtime::Runtime;
use crate::{Refusal, RenderError, RgbRaster};
use std::path::Path;

/// The first network objects to photos with more than this of the two explicit classes together. "Sexy" is left
/// aside: it fires on ordinary dresses and swimwear. Portraits in the four themes score 0.02 at most.
const MAX_EXPLICIT: f32 = 0.6;
/// Where the first network objects, the second one decides: over 0.8 its makers call a picture most likely explicit.
/// Of 301 harmless pictures and the 133 photos of `cargo xtask quality` the first one objects to a model of a shuttle,
/// people at a table and a woman in a vest, to which the second one gives 0.007, 0.006 and 0.69. No explicit picture was
/// at hand to measure what slips through.
const MAX_SECOND_OPINION: f32 = 0.8;

/// The networks that judge what a photo shows.
pub(crate) struct Moderators {
    first: Moderator,
    second: SecondModerator,
}

impl Moderators {
    /// Opens both networks.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            first: Moderator::load(runtime, models)?,
            second: SecondModerator::load(runtime, models)?,
        })
    }

    /// Runs both networks on nothing.
    pub(crate) fn warm_up(&self) -> ort::Result<()> {
        let grey = RgbRaster::filled(256, 256, [0.5; 3]);
        self.first.run(&grey)?;
        self.second.run(&grey).map(|_| ())
    }
}

/// The second network runs only where the first one objects.
///
/// # Errors
/// [`Refusal::Moderated`], or a network's failure.
pub(crate) fn moderate(moderators: &Moderators, picture: &RgbRaster) -> Result<(), RenderError> {
    let scores = moderators.first.run(picture)?;
    if objects(&scores) && agrees(moderators.second.run(picture)?) {
        return Err(Refusal::Moderated.into());
    }
    Ok(())
}

fn agrees(explicit: f32) -> bool {
    explicit > MAX_SECOND_OPINION
}

fn objects(scores: &Scores) -> bool {
    scores.porn + scores.hentai > MAX_EXPLICIT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{astronaut, models_dir, runtime};

    fn moderators() -> Moderators {
        Moderators::load(&runtime(), &models_dir()).unwrap()
    }

    #[test]
    fn the_astronaut_passes_the_real_networks() {
        let moderators = moderators();
        let scores = moderators.first.run(&astronaut()).unwrap();
        let Scores {
            drawing,
            hentai,
            neutral,
            porn,
            sexy,
        } = scores;
        assert!(
            (drawing + hentai + neutral + porn + sexy - 1.0).abs() < 1e-3,
            "{scores:?}"
        );
        assert!(neutral > 0.8 && porn + hentai < 0.05, "{scores:?}");
        moderate(&moderators, &astronaut()).unwrap();
    }

    /// A part of the astronaut: left, top, width and height.
    fn part([left, top, width, height]: [usize; 4]) -> RgbRaster {
        let photo = astronaut();
        RgbRaster::from_fn(width, height, |x, y| photo.row(y + top)[x + left])
    }

    #[test]
    fn one_network_alone_refuses_nothing() {
        let moderators = moderators();
        // The shuttle behind her, and the flag on its head: odd cuts are what the first network errs on.
        let (shuttle, flag) = (
            part([371, 138, 131, 184]),
            part([44, 233, 77, 121]).turned(2),
        );
        for picture in [&shuttle, &flag] {
            let scores = moderators.first.run(picture).unwrap();
            assert!(objects(&scores), "{scores:?}");
            moderate(&moderators, picture).unwrap();
        }
    }

    #[test]
    fn the_second_network_agrees_when_it_is_all_but_sure() {
        assert!(agrees(0.9));
        assert!(!agrees(0.7));
    }

    fn scores(neutral: f32, porn: f32, hentai: f32, sexy: f32) -> Scores {
        Scores {
            drawing: 1.0 - neutral - porn - hentai - sexy,
            hentai,
            neutral,
            porn,
            sexy,
        }
    }

    #[test]
    fn the_explicit_classes_count_together() {
        assert!(objects(&scores(0.3, 0.4, 0.3, 0.0)));
        assert!(objects(&scores(0.3, 0.65, 0.0, 0.05)));
        assert!(!objects(&scores(0.4, 0.35, 0.2, 0.05)));
    }

    #[test]
    fn swimwear_passes() {
        assert!(!objects(&scores(0.05, 0.05, 0.0, 0.9)));
    }
}
