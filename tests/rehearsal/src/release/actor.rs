//! CodeDeploy, played: each step of one service's deployment, done on the stage and written into the cloud.

use super::deployment::{Ground, Step, Undo};
use super::faults::Fault;
use super::functions::{self, HookCall};
use super::history::History;
use super::part::{Colour, Part};
use super::stage::Stage;
use super::traffic::Traffic;
use crate::proxy::Listener;
use anyhow::Result;
use photobooth_cloud::{Health, TaskSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, interval, sleep, sleep_until};

/// Between two looks at the alarms.
const LOOKS: Duration = Duration::from_millis(250);

/// One deployment.
pub struct Actor<'a> {
    stage: &'a Stage,
    part: Part,
    traffic: Traffic<'a>,
    pub history: History<'a>,
    hooks: Mutex<Vec<HookCall>>,
}

impl<'a> Actor<'a> {
    /// Creates the deployment of a service whose new task definition is registered.
    #[must_use]
    pub fn new(stage: &'a Stage, part: Part, steps: &[Step]) -> Self {
        Self {
            stage,
            part,
            traffic: Traffic { stage, part },
            history: History::begin(stage, part, steps),
            hooks: Mutex::default(),
        }
    }

    /// The hooks that were called, when all is over.
    #[must_use]
    pub fn into_hooks(self) -> Vec<HookCall> {
        let hooks = self.hooks.into_inner();
        hooks.unwrap_or_else(PoisonError::into_inner)
    }

    async fn install(&self) -> Result<()> {
        self.stage.start(self.part, Colour::Green).await?;
        let environment = &self.stage.settings.environment;
        let service = self.part.service(environment);
        let green = TaskSet {
            id: format!("ecs-svc/green-{}", self.part),
            status: "ACTIVE".to_owned(),
            family: service.clone(),
            revision: 2,
            deployment: Some(self.history.id.clone()),
            target_group: self.part.target_group(Colour::Green, environment),
            ..TaskSet::default()
        };
        self.stage.cloud.change(|world| {
            if let Some(service) = world.services.get_mut(&service) {
                let mut green = green.with_tasks(1);
                // Nobody has asked it yet how it is.
                green.tasks[0].health = Health::Unknown;
                service.task_sets.push(green);
            }
        });
        Ok(())
    }

    async fn call(&self, event: &str, function: &str) -> Result<()> {
        if let Some(fault) = self.stage.settings.fault {
            fault.break_cloud(&self.stage.cloud, event);
        }
        let call = functions::call_hook(self.stage, &self.history.id, event, function).await?;
        let verdict = call.require_success();
        let mut hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        hooks.push(call);
        verdict
    }

    async fn shift(&self) -> Result<()> {
        let (begun, minute) = (Instant::now(), self.stage.settings.profile.minute());
        for (number, moment) in self.stage.plan.shift.moments().into_iter().enumerate() {
            sleep_until(begun + minute * moment.minute).await;
            self.traffic.lead_guests(moment.green_percent)?;
            let is_first = number == 0 && self.part == Part::Backend;
            match self.stage.settings.fault {
                Some(Fault::CrashMidShift) if is_first => self.stage.crash_green().await?,
                Some(Fault::ErrorSpike) if is_first => self.stage.spoil_answers()?,
                _ => {}
            }
        }
        self.traffic.make_primary(Colour::Green);
        Ok(())
    }

    async fn end(&self, colour: Colour) -> Result<()> {
        self.stage.end(self.part, colour).await?;
        let environment = &self.stage.settings.environment;
        let group = self.part.target_group(colour, environment);
        self.stage.cloud.change(|world| {
            if let Some(service) = world.services.get_mut(&self.part.service(environment)) {
                service.task_sets.retain(|set| set.target_group != group);
            }
        });
        Ok(())
    }

    async fn do_step(&self, step: &Step) -> Result<()> {
        match step {
            Step::Install => self.install().await,
            Step::Hook { event, function } => self.call(event, function).await,
            Step::AllowTestTraffic => self.traffic.lead(Listener::Test, 100),
            Step::AllowTraffic => self.shift().await,
            Step::Wait => {
                let stage = self.stage;
                let minutes = stage.plan.blue_ends_after_minutes;
                sleep(stage.settings.profile.minute() * minutes).await;
                Ok(())
            }
            Step::EndBlue => self.end(Colour::Blue).await,
        }
    }
}

impl Ground for Actor<'_> {
    async fn take(&self, step: &Step) -> Result<()> {
        let timeline = &self.stage.timeline;
        timeline.say(self.part, format!("{step} ..."));
        self.history.note(step, "InProgress");
        let done = self.do_step(step).await;
        match &done {
            Ok(()) => {
                self.history.note(step, "Succeeded");
                timeline.good(self.part, format!("{} succeeded", step.name()));
            }
            Err(error) => {
                self.history.note(step, "Failed");
                timeline.bad(self.part, format!("{} failed: {error:#}", step.name()));
            }
        }
        done
    }

    async fn alarm(&self) -> String {
        let prefix = format!("photobooth-{}-", self.stage.settings.environment);
        let mut ticks = interval(LOOKS);
        loop {
            ticks.tick().await;
            let ringing = self.stage.cloud.read(|world| {
                let own = self.stage.alarms.of(self.part).iter();
                let mut own = own.map(|name| format!("{prefix}{name}"));
                own.find(|name| world.alarms.get(name) == Some(&true))
            });
            if let Some(name) = ringing {
                self.stage.timeline.bad(self.part, format!("alarm {name}"));
                return name;
            }
        }
    }

    async fn undo(&self, undo: Undo) -> Result<()> {
        self.stage
            .timeline
            .say(self.part, format!("rollback: {undo:?}"));
        match undo {
            Undo::GuestsToBlue => {
                self.traffic.lead_guests(0)?;
                self.traffic.make_primary(Colour::Blue);
                Ok(())
            }
            Undo::TestsToBlue => self.traffic.lead(Listener::Test, 0),
            Undo::EndGreen => self.end(Colour::Green).await,
        }
    }
}
