//! The steps of a portrait and the report that says how long each took.

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
    Compose,
    Paint,
    Grade,
    Encode,
}

impl Step {
    /// Every step, in the order in which they happen.
    pub const ALL: [Self; 10] = [
        Self::Decode,
        Self::Moderate,
        Self::FindFaces,
        Self::Landmarks,
        Self::Judge,
        Self::Matte,
        Self::Compose,
        Self::Paint,
        Self::Grade,
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

    /// Announces a step, does it and notes how long it took.
    pub(crate) fn time<T>(&mut self, step: Step, work: impl FnOnce() -> T) -> T {
        (self.listener)(step);
        let began = Instant::now();
        let outcome = work();
        self.steps.push(StepTime {
            step,
            duration_ms: milliseconds(began.elapsed()),
        });
        outcome
    }

    pub(crate) fn into_steps(self) -> Vec<StepTime> {
        self.steps
    }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
