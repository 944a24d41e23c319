//! What is played, and how long things take: `infra/delivery.json`, and by how much a rehearsal is quicker.

use super::faults::Fault;
use super::part::Colour;
use super::shift::Shift;
use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How patient the rehearsal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// A minute lasts two seconds, hooks have two minutes: for continuous integration.
    Short,
    /// A minute lasts twenty seconds, hooks have the time that they have in AWS.
    Full,
}

/// Of one environment.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    pub shift: Shift,
    pub blue_ends_after_minutes: u32,
    /// The file has them once for all environments.
    #[serde(skip)]
    hook_seconds: HookSeconds,
}

/// Within which each hook reports.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct HookSeconds {
    pre_traffic: u64,
    application_start: u64,
    application_stop: u64,
    validate_service: u64,
}

/// What is played, and with which programs.
#[derive(Clone, Debug)]
pub struct Settings {
    pub environment: String,
    /// The checkout.
    pub root: PathBuf,
    pub blue: PathBuf,
    pub green: PathBuf,
    pub delivery: PathBuf,
    /// What runs Artillery.
    pub xtask: PathBuf,
    /// The page, as it was built.
    pub page: PathBuf,
    pub profile: Profile,
    /// Host and port of the registry that gets the images, where they are built.
    pub registry: Option<String>,
    pub fault: Option<Fault>,
    /// Before each line of the timeline, where several are played.
    pub label: Option<&'static str>,
    /// Where logs and report go.
    pub out: PathBuf,
}

/// `infra/delivery.json`, as far as it is needed here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    environments: BTreeMap<String, Plan>,
    hook_seconds: HookSeconds,
}

impl Settings {
    /// What guests have before the release.
    #[must_use]
    pub fn origin_of_blue(&self) -> &'static str {
        match self.blue == self.green {
            true => "the same build as green, under another name",
            false => "an earlier build",
        }
    }

    /// What a colour's backend paints with. An earlier build has its own themes beside it: it may not understand today's.
    #[must_use]
    pub fn themes(&self, colour: Colour) -> PathBuf {
        let earlier = self.blue.with_file_name("themes");
        if colour == Colour::Blue && self.blue != self.green && earlier.is_dir() {
            earlier
        } else {
            self.root.join("themes")
        }
    }

    /// Within which a function reports here, where that is sooner than in AWS. A portrait of full size must be made
    /// within two thirds of it, on a machine that does other things, too.
    #[must_use]
    pub fn most_seconds(&self) -> u64 {
        let is_hopeless = self.fault.is_some_and(Fault::lasts_until_the_limit);
        match self.profile {
            // Where nothing can come but the end, it need not be waited for so long.
            Profile::Short if is_hopeless => 30,
            Profile::Short => 120,
            Profile::Full => u64::MAX,
        }
    }
}

impl Plan {
    /// Reads the checkout's.
    ///
    /// # Errors
    /// There is no such file or environment.
    pub fn read(root: &Path, environment: &str) -> Result<Self> {
        let text = fs::read_to_string(root.join("infra/delivery.json"))?;
        let mut delivery: Delivery = serde_json::from_str(&text)?;
        let found = delivery.environments.remove(environment);
        let found = found.with_context(|| format!("infra/delivery.json knows no {environment}"))?;
        Ok(Self {
            hook_seconds: delivery.hook_seconds,
            ..found
        })
    }

    /// Within which a function reports in AWS; those that are no hook have the longest time of all.
    #[must_use]
    pub fn seconds_of(&self, function: &str) -> u64 {
        let hooks = &self.hook_seconds;
        match function {
            "pre-traffic" => hooks.pre_traffic,
            "application-start" => hooks.application_start,
            "application-stop" => hooks.application_stop,
            _ => hooks.validate_service,
        }
    }
}

impl Profile {
    /// The load tests' profile of this name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Full => "full",
        }
    }

    /// How long a minute of `infra/delivery.json` lasts.
    #[must_use]
    pub fn minute(self) -> Duration {
        Duration::from_secs(match self {
            Self::Short => 2,
            Self::Full => 20,
        })
    }
}
