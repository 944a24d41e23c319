//! What share of the whole each step usually takes, so that progress is a true fraction of the time.

use api::Stage;
use portrait::{Step, StepTime};
use std::sync::Mutex;

/// How much one portrait moves the averages: the last dozen or so decide.
const WEIGHT: f64 = 0.15;

/// Every stage and what it took on two cores, in milliseconds, until this machine has shown its own.
const FIRST_GUESS_MS: [(Stage, f64); 15] = [
    (Stage::Decode, 5.0),
    (Stage::Moderate, 6.0),
    (Stage::FindFaces, 7.0),
    (Stage::Landmarks, 7.0),
    (Stage::Judge, 1.0),
    (Stage::Matte, 300.0),
    (Stage::CutHeads, 400.0),
    (Stage::ThemeFaces, 450.0),
    (Stage::Dress, 1.0),
    (Stage::Compose, 320.0),
    (Stage::Paint, 450.0),
    (Stage::Grade, 140.0),
    (Stage::Check, 15.0),
    (Stage::Encode, 120.0),
    (Stage::Store, 30.0),
];

/// Moving averages of the steps' durations, shared by the workers of a process.
#[derive(Debug)]
pub struct StepShares {
    mean_ms: Mutex<[(Stage, f64); 15]>,
}

impl Default for StepShares {
    fn default() -> Self {
        Self {
            mean_ms: Mutex::new(FIRST_GUESS_MS),
        }
    }
}

impl StepShares {
    /// The share of the whole, 0 to 1, that is done when this stage begins.
    pub fn done_before(&self, stage: Stage) -> f64 {
        let means = self.lock();
        let total: f64 = means.iter().map(|(_, ms)| ms).sum();
        let before: f64 = means
            .iter()
            .take_while(|(other, _)| *other != stage)
            .map(|(_, ms)| ms)
            .sum();
        before / total
    }

    /// Takes in what the steps of a portrait took.
    pub fn learn(&self, steps: &[StepTime]) {
        for time in steps {
            self.learn_stage(stage_of(time.step), time.duration_ms);
        }
    }

    pub fn learn_stage(&self, stage: Stage, duration_ms: f64) {
        for (other, mean) in self.lock().iter_mut() {
            if *other == stage {
                *mean += WEIGHT * (duration_ms - *mean);
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, [(Stage, f64); 15]> {
        self.mean_ms
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The stage that a guest sees while `portrait` does this step.
pub fn stage_of(step: Step) -> Stage {
    match step {
        Step::Decode => Stage::Decode,
        Step::Moderate => Stage::Moderate,
        Step::FindFaces => Stage::FindFaces,
        Step::Landmarks => Stage::Landmarks,
        Step::Judge => Stage::Judge,
        Step::Matte => Stage::Matte,
        Step::CutHeads => Stage::CutHeads,
        Step::ThemeFaces => Stage::ThemeFaces,
        Step::Dress => Stage::Dress,
        Step::Compose => Stage::Compose,
        Step::Paint => Stage::Paint,
        Step::Grade => Stage::Grade,
        Step::Check => Stage::Check,
        Step::Encode => Stage::Encode,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_rises_from_nothing_and_follows_what_is_measured() {
        let shares = StepShares::default();
        let all: Vec<f64> = Step::ALL
            .map(|step| shares.done_before(stage_of(step)))
            .to_vec();
        assert!(all[0].abs() < 1e-9);
        assert!(all.is_sorted_by(|a, b| a < b));
        assert!(shares.done_before(Stage::Store) < 1.0);

        let before = shares.done_before(Stage::Grade);
        for _ in 0..50 {
            shares.learn_stage(Stage::Paint, 20_000.0);
        }
        assert!(shares.done_before(Stage::Grade) > before);
        assert!(shares.done_before(Stage::Grade) > 0.9);
    }
}
