//! The hooks: what a deployment asks at four points of its way, and how it always gets an answer in time.

mod application_start;
pub mod application_stop;
mod pre_traffic;
mod scene;
mod validate_service;

use crate::aws::Aws;
use crate::deadline::Deadline;
use crate::examination::Examination;
use crate::finding::fail;
use crate::place::Place;
use crate::report::Report;
use crate::settings::Settings;
use anyhow::Result;
use clap::ValueEnum;
use scene::{Release, Scene};
use std::fmt;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};
use tracing::Instrument;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hook {
    /// `AfterAllowTestTraffic`: green is on the test listener.
    PreTraffic,
    /// `AfterInstall`: green's tasks were started.
    ApplicationStart,
    /// `BeforeAllowTraffic`: blue is about to lose its guests.
    ApplicationStop,
    /// `AfterAllowTraffic`: green has all guests.
    ValidateService,
}

/// A deployment's call of a hook.
#[derive(Clone, Debug)]
pub struct Call {
    pub deployment_id: String,
    /// What the answer must name; without it there is none to give.
    pub execution_id: Option<String>,
}

impl Hook {
    /// Within which it answers.
    pub fn limit(self, settings: &Settings) -> Duration {
        let seconds = &settings.hook_seconds;
        Duration::from_secs(match self {
            Self::PreTraffic => seconds.pre_traffic,
            Self::ApplicationStart => seconds.application_start,
            Self::ApplicationStop => seconds.application_stop,
            Self::ValidateService => seconds.validate_service,
        })
    }

    pub fn metric(self) -> &'static str {
        match self {
            Self::PreTraffic => "PreTrafficHookExecuted",
            Self::ApplicationStart => "ApplicationStartHookExecuted",
            Self::ApplicationStop => "ApplicationStopHookExecuted",
            Self::ValidateService => "ValidateServiceHookExecuted",
        }
    }

    /// The hook of a step of a deployment.
    pub fn of_step(name: &str) -> Option<Self> {
        match name {
            "AfterInstall" => Some(Self::ApplicationStart),
            "AfterAllowTestTraffic" => Some(Self::PreTraffic),
            "BeforeAllowTraffic" => Some(Self::ApplicationStop),
            "AfterAllowTraffic" => Some(Self::ValidateService),
            _ => None,
        }
    }

    /// Looks, answers the deployment, and notes it: all of it before the deadline, whatever happens. Every line of its
    /// log says whose it is: a person who answers in its place needs both ids.
    ///
    /// # Errors
    /// The settings that were compiled in are not as they should be.
    pub async fn run(
        self,
        call: Call,
        place: Place,
        not_later_than: Option<SystemTime>,
    ) -> Result<Report> {
        let span = tracing::info_span!(
            "hook",
            deployment_id = call.deployment_id.as_str(),
            execution_id = call.execution_id.as_deref(),
        );
        let running = Box::pin(self.run_for(call, place, not_later_than));
        running.instrument(span).await
    }

    async fn run_for(
        self,
        call: Call,
        place: Place,
        not_later_than: Option<SystemTime>,
    ) -> Result<Report> {
        tracing::info!("{self} in {} is asked", place.environment);
        let deadline = deadline(self.limit(&Settings::load()?), &place, not_later_than);
        let subject = format!("{self} of {} in {}", call.deployment_id, place.environment);
        let scene = Scene {
            aws: Aws::open(&deadline).await,
            place,
            deadline,
            call,
            examination: Examination::default(),
            service: OnceLock::new(),
        };
        let looking = self.look(&scene);
        let mut report = Report::of(subject, deadline, &scene.examination, looking).await;
        let passed = report.passed();
        let (answered, ()) = tokio::join!(scene.answer(passed), scene.note(self, passed));
        if let Err(error) = answered {
            report.add_unheard(error);
        }
        Ok(report)
    }

    /// The setting without which it cannot look, if it is not there: nothing that comes by waiting.
    fn missing_setting(self, place: &Place) -> Option<&'static str> {
        let (name, value) = match self {
            Self::PreTraffic => ("DELIVERY_TEST_ADDRESS", &place.test_address),
            Self::ApplicationStart => return None,
            Self::ApplicationStop => ("DELIVERY_BACKUP_BUCKET", &place.backup_bucket),
            Self::ValidateService => ("DELIVERY_ADDRESS", &place.address),
        };
        value.is_none().then_some(name)
    }

    async fn look(self, scene: &Scene) {
        if let Some(name) = self.missing_setting(&scene.place) {
            let missing = async { Err(fail(format!("{name} is not set"))) };
            scene.check("settings", missing).await;
            return;
        }
        let Some(release) = scene.release().await else {
            return;
        };
        match self {
            Self::PreTraffic => pre_traffic::look(scene, &release).await,
            Self::ApplicationStart => application_start::look(scene, &release).await,
            Self::ApplicationStop => application_stop::look(scene, &release).await,
            Self::ValidateService => validate_service::look(scene, &release).await,
        }
    }
}

/// The sooner one of the limit, what the place says, and when a function is ended from outside.
pub fn deadline(limit: Duration, place: &Place, not_later_than: Option<SystemTime>) -> Deadline {
    let wanted = place
        .limit_seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let deadline = Deadline::after(wanted.map_or(limit, |wanted| wanted.min(limit)));
    match not_later_than {
        Some(time) => deadline.not_later_than(time),
        None => deadline,
    }
}

impl fmt::Display for Hook {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::PreTraffic => "pre-traffic",
            Self::ApplicationStart => "application-start",
            Self::ApplicationStop => "application-stop",
            Self::ValidateService => "validate-service",
        })
    }
}
