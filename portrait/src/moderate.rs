//! Refuses photos, and finished portraits, that no booth should print.

use crate::models::{Moderator, Scores};
use crate::{Refusal, RenderError, RgbRaster};

/// Photos with more than this of the two explicit classes together are refused. "Sexy" is left
/// aside: it fires on ordinary dresses and swimwear. Portraits in the four themes score 0.02 at most.
const MAX_EXPLICIT: f32 = 0.6;

/// # Errors
/// [`Refusal::Moderated`], or the network's failure.
pub(crate) fn moderate(moderator: &Moderator, picture: &RgbRaster) -> Result<(), RenderError> {
    Ok(check(&moderator.run(picture)?)?)
}

fn check(scores: &Scores) -> Result<(), Refusal> {
    if scores.porn + scores.hentai > MAX_EXPLICIT {
        Err(Refusal::Moderated)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{astronaut, models_dir, runtime};

    #[test]
    fn the_astronaut_passes_the_real_network() {
        let moderator = Moderator::load(&runtime(), &models_dir()).unwrap();
        let scores = moderator.run(&astronaut()).unwrap();
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
        moderate(&moderator, &astronaut()).unwrap();
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
        assert_eq!(check(&scores(0.3, 0.4, 0.3, 0.0)), Err(Refusal::Moderated));
        assert_eq!(
            check(&scores(0.3, 0.65, 0.0, 0.05)),
            Err(Refusal::Moderated)
        );
        assert_eq!(check(&scores(0.4, 0.35, 0.2, 0.05)), Ok(()));
    }

    #[test]
    fn swimwear_passes() {
        assert_eq!(check(&scores(0.05, 0.05, 0.0, 0.9)), Ok(()));
    }
}
