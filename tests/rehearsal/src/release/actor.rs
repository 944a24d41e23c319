//! CodeDeploy, played: each step of one service's deployment, done on the stage and written into the cloud.

use super::alarms;
use super::deployment::{Ground, Step, Undo};
use super::faults::Fault;
use super::functions::{call_function, name_of, objections};
use super::part::{Colour, Part};
use super::stage::{Share, Stage};
use crate::proxy::Listener;
use anyhow::{Result, bail};
use photobooth_cloud::{Deployment, Health, LifecycleEvent, TaskSet, now};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, interval, sleep, sleep_until};

/// Between two looks at the alarms.
const LOOKS: Duration = Duration::from_millis(250);

/// One deployment.
pub struct Actor<'a> {
    pub stage: &'a Stage,
    pub part: Part,
    /// CodeDeploy's id of it.
    pub id: String,
    pub hooks: Mutex<Vec<HookCall>>,
}

/// What came of a call of a hook.
#[derive(Clone, Debug)]
pub struct HookCall {
    pub event: String,
    pub function: String,
    /// What it reported to CodeDeploy, if it did.
    pub status: Option<String>,
    pub seconds: f64,
    pub limit_seconds: u64,
    /// What it answered Lambda: a report.
    pub report: Value,
}

impl<'a> Actor<'a> {
    /// Creates the deployment of a service whose new task definition is registered.
    #[must_use]
    pub fn new(stage: &'a Stage, part: Part, steps: &[Step]) -> Self {
        let environment = &stage.settings.environment;
        let id = format!("d-{}", part.name().to_uppercase());
        let steps = steps.iter().filter(|it| !is_afterwards(it));
        let events = steps.map(|step| LifecycleEvent {
            name: step.name().to_owned(),
            status: "Pending".to_owned(),
            began: None,
            ended: None,
        });
        let deployment = Deployment {
            application: format!("ai-photobooth-{environment}"),
            group: part.deployment_group(environment),
            service: part.service(environment),
            status: "InProgress".to_owned(),
            events: events.collect(),
            hooks: BTreeMap::new(),
        };
        let insert = |deployments: &mut BTreeMap<_, _>| deployments.insert(id.clone(), deployment);
        stage.cloud.change(|world| insert(&mut world.deployments));
        Self {
            stage,
            part,
            id,
            hooks: Mutex::default(),
        }
    }

    /// Ends the deployment's record: `Succeeded` or `Failed`.
    pub fn close(&self, status: &str) {
        self.stage.cloud.change(|world| {
            if let Some(deployment) = world.deployments.get_mut(&self.id) {
                status.clone_into(&mut deployment.status);
            }
        });
    }

    fn note(&self, step: &Step, status: &str) {
        self.stage.cloud.change(|world| {
            let deployment = world.deployments.get_mut(&self.id);
            let mut events = deployment.into_iter().flat_map(|it| &mut it.events);
            if let Some(event) = events.find(|it| it.name == step.name()) {
                status.clone_into(&mut event.status);
                event.began.get_or_insert_with(now);
                event.ended = (status != "InProgress").then(now);
            }
        });
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
            deployment: Some(self.id.clone()),
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
        let (stage, begun) = (self.stage, Instant::now());
        if let Some(fault) = stage.settings.fault {
            fault.break_cloud(&stage.cloud, event);
        }
        let execution = stage.cloud.change(|world| world.call_hook(&self.id, event));
        let event_of_hook =
            json!({ "DeploymentId": self.id, "LifecycleEventHookExecutionId": execution });
        let answer = call_function(stage, name_of(function)?, event_of_hook).await;
        let status = stage.cloud.read(|world| {
            let status = world.hook_status(&self.id, event);
            status.map(str::to_owned)
        });
        let report = match &answer {
            Ok(report) => report.clone(),
            Err(error) => json!(format!("{error:#}")),
        };
        let call = HookCall {
            event: event.to_owned(),
            function: function.to_owned(),
            status: status.clone(),
            seconds: begun.elapsed().as_secs_f64(),
            limit_seconds: stage.settings.profile.hook_seconds(),
            report: report.clone(),
        };
        let mut hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        hooks.push(call);
        drop(hooks);
        match status.as_deref() {
            Some("Succeeded") => Ok(()),
            Some(status) => bail!("{function} reported {status}: {}", objections(&report)),
            None => bail!("{function} reported nothing: {report}"),
        }
    }

    async fn shift(&self) -> Result<()> {
        let (begun, minute) = (Instant::now(), self.stage.settings.profile.minute());
        for (number, moment) in self.stage.plan.shift.moments().into_iter().enumerate() {
            sleep_until(begun + minute * moment.minute).await;
            self.lead_guests(moment.green_percent)?;
            let is_first = number == 0 && self.part == Part::Backend;
            match self.stage.settings.fault {
                Some(Fault::CrashMidShift) if is_first => self.stage.crash_green().await?,
                Some(Fault::ErrorSpike) if is_first => self.stage.spoil_answers()?,
                _ => {}
            }
        }
        self.make_primary(Colour::Green);
        Ok(())
    }

    fn lead_guests(&self, green_percent: u32) -> Result<()> {
        self.lead(Listener::Production, green_percent)?;
        let share = Share {
            at: self.stage.timeline.now(),
            part: self.part,
            green_percent,
        };
        let shares = self.stage.shares.lock();
        shares.unwrap_or_else(PoisonError::into_inner).push(share);
        let text = format!("{green_percent} of 100 guests come to green");
        self.stage.timeline.say(self.part, text);
        Ok(())
    }

    fn lead(&self, listener: Listener, green_percent: u32) -> Result<()> {
        let environment = &self.stage.settings.environment;
        let [blue, green] =
            [Colour::Blue, Colour::Green].map(|it| self.part.target_group(it, environment));
        let weights = [(green, green_percent), (blue, 100 - green_percent)];
        let balancer = &self.stage.balancer;
        balancer.set_weights(listener, self.part.name(), &weights)?;
        let [production, test] = self.part.priorities();
        let (port, priority) = match listener {
            Listener::Production => production,
            Listener::Test => test,
        };
        let weights = weights
            .each_ref()
            .map(|(name, weight)| (name.as_str(), *weight));
        let cloud = &self.stage.cloud;
        cloud.change(|world| world.shift(port, priority, &weights));
        Ok(())
    }

    fn make_primary(&self, colour: Colour) {
        let environment = &self.stage.settings.environment;
        let group = self.part.target_group(colour, environment);
        self.stage.cloud.change(|world| {
            let service = world.services.get_mut(&self.part.service(environment));
            for set in service.into_iter().flat_map(|it| &mut it.task_sets) {
                let is_primary = set.target_group == group;
                set.status = if is_primary { "PRIMARY" } else { "ACTIVE" }.to_owned();
            }
        });
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
            Step::AllowTestTraffic => self.lead(Listener::Test, 100),
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
        self.note(step, "InProgress");
        let done = self.do_step(step).await;
        match &done {
            Ok(()) => {
                self.note(step, "Succeeded");
                timeline.good(self.part, format!("{} succeeded", step.name()));
            }
            Err(error) => {
                self.note(step, "Failed");
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
                let own = alarms::of(self.part).iter();
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
                self.lead_guests(0)?;
                self.make_primary(Colour::Blue);
                Ok(())
            }
            Undo::TestsToBlue => self.lead(Listener::Test, 0),
            Undo::EndGreen => self.end(Colour::Green).await,
        }
    }
}

fn is_afterwards(step: &Step) -> bool {
    matches!(step, Step::Wait | Step::EndBlue)
}
