//! The steps of a portrait and the report that says how long each took.

use crate::check::{Failure, GuestReport};
use serde::Serialize;
use std::time::{Duration, Instant};

/// One stretch of the journey from photo to portrait, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Decode,
    Moderate,
    FindFaces,
    Landmarks,
    Judge,
    Matte,
    CutHeads,
    ThemeFaces,
    Dress,
    Compose,
    Paint,
    Grade,
    Check,
    Encode,
}

impl Step {
    /// Every step, in the order in which they happen.
    pub const ALL: [Self; 14] = [
        Self::Decode,
        Self::Moderate,
        Self::FindFaces,
        Self::Landmarks,
        Self::Judge,
        Self::Matte,
        Self::CutHeads,
        Self::ThemeFaces,
        Self::Dress,
        Self::Compose,
        Self::Paint,
        Self::Grade,
        Self::Check,
        Self::Encode,
    ];
}

/// How long one step took.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct StepTime {
    pub step: Step,
    pub duration_ms: f64,
}

/// What was wrong with a photo that became a portrait all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// The file ends before the picture does; the portrait shows what was there.
    Truncated,
    /// The faces lay on their side or head; the photo was turned.
    Turned,
}

/// What happened while a portrait was made.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub steps: Vec<StepTime>,
    pub total_ms: f64,
    /// The part of it that the networks were running, added up over all of them; with other studios on the same
    /// networks at the time, over theirs as well.
    pub networks_ms: f64,
    /// Faces in the portrait: all that were found in the photo and belong to people who stand in it.
    pub faces: usize,
    /// From left to right in the photo.
    pub guests: Vec<GuestReport>,
    /// What the check found wrong with earlier attempts: after the first the portrait was made again milder,
    /// after the second in the guests' own clothes.
    pub retries: Vec<Failure>,
    pub width: usize,
    pub height: usize,
    pub warnings: Vec<Warning>,
}

/// Times steps and tells a listener when each begins.
pub(crate) struct Stopwatch<'a> {
    listener: &'a mut (dyn FnMut(Step) + Send),
    steps: Vec<StepTime>,
}

impl<'a> Stopwatch<'a> {
    pub(crate) fn new(listener: &'a mut (dyn FnMut(Step) + Send)) -> Self {
        Self {
            listener,
            steps: Vec::with_capacity(Step::ALL.len()),
        }
    }

    /// Announces a step, does it and notes how long it took. A step that is done again is not announced again,
    /// and its time is added to what it took before.
    pub(crate) fn time<T>(&mut self, step: Step, work: impl FnOnce() -> T) -> T {
        let known = self.steps.iter().position(|time| time.step == step);
        if known.is_none() {
            (self.listener)(step);
        }
        let began = Instant::now();
        let outcome = work();
        let duration_ms = milliseconds(began.elapsed());
        match known {
            Some(index) => self.steps[index].duration_ms += duration_ms,
            None => self.steps.push(StepTime { step, duration_ms }),
        }
        outcome
    }

    pub(crate) fn into_steps(self) -> Vec<StepTime> {
        self.steps
    }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
