//! How guests are led to green: the plan of `infra/delivery.json` as moments and shares.

use serde::Deserialize;

/// As `infra/delivery.json` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Shift {
    pub kind: Kind,
    /// How many of a hundred at first, or at each step.
    pub percent: u32,
    /// Until the rest, or the next step.
    pub minutes: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Canary,
    Linear,
}

/// From this minute on so many of a hundred requests come to green.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub minute: u32,
    pub green_percent: u32,
}

impl Shift {
    /// All moments in their order; at the last one green has everybody.
    #[must_use]
    pub fn moments(self) -> Vec<Moment> {
        let percent = self.percent.clamp(1, 100);
        let steps = match self.kind {
            Kind::Canary if percent < 100 => 2,
            Kind::Canary => 1,
            Kind::Linear => 100_u32.div_ceil(percent),
        };
        let share = |step: u32| match self.kind {
            Kind::Canary if step == 1 => percent,
            Kind::Canary => 100,
            Kind::Linear => (percent * step).min(100),
        };
        let moment = |step| Moment {
            minute: (step - 1) * self.minutes,
            green_percent: share(step),
        };
        (1..=steps).map(moment).collect()
    }
}
