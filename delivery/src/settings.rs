//! Limits and thresholds: `infra/delivery.json`, which the templates are made from as well.

use crate::place::Environment;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    environments: BTreeMap<String, Differences>,
    pub hook_seconds: HookSeconds,
}

/// In what environments differ.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Differences {
    pub validation: Thresholds,
    pub shift: Shift,
    pub blue_ends_after_minutes: u32,
}

/// What a booth that is well does not exceed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Thresholds {
    /// How far back metrics are looked at.
    pub window_minutes: u32,
    /// Of a hundred requests, those answered with 500 to 599.
    pub max_error_percent: f64,
    /// Within which 95 of 100 requests are answered.
    pub max_p95_ms: f64,
    pub max_failed_portrait_percent: f64,
    pub max_oldest_wait_seconds: f64,
    /// Fewer say nothing about their errors.
    pub min_requests: u32,
}

/// How guests are led to a release.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shift {
    pub kind: ShiftKind,
    /// How many of a hundred at first, or at each step.
    pub percent: u32,
    /// Until the rest, or the next step.
    pub minutes: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShiftKind {
    /// Some, then all.
    Canary,
    /// Some more at each step.
    Linear,
}

/// Within which a hook has reported.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HookSeconds {
    pub pre_traffic: u64,
    pub application_start: u64,
    pub application_stop: u64,
    pub validate_service: u64,
}

impl Settings {
    /// Those that were compiled in.
    ///
    /// # Errors
    /// The file is not as it should be.
    pub fn load() -> Result<Self> {
        serde_json::from_str(include_str!("../../infra/delivery.json"))
            .context("infra/delivery.json")
    }

    /// # Errors
    /// There is no such environment in the file.
    pub fn of(&self, environment: Environment) -> Result<&Differences> {
        let found = self.environments.get(&environment.to_string());
        found.with_context(|| format!("infra/delivery.json knows no {environment}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn every_environment_has_sensible_settings() {
        let settings = Settings::load().unwrap();
        for environment in Environment::value_variants() {
            let of = settings.of(*environment).unwrap();
            assert!((1..=100).contains(&of.shift.percent), "{environment}");
            assert!((5..=10).contains(&of.blue_ends_after_minutes));
            assert!(of.validation.max_error_percent < 100.0);
            assert!(of.validation.min_requests > 0);
        }
        // A Lambda function ends after fifteen minutes.
        assert!(settings.hook_seconds.validate_service <= 840);
    }
}
