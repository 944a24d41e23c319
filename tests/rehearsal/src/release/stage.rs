//! What runs in a rehearsal: database, storage, cloud and load balancer, and the tasks of both colours.

use super::alarms::Alarms;
use super::bad_green;
use super::door::Door;
use super::faults::Fault;
use super::page;
use super::part::{Colour, Part};
use super::settings::{Plan, Settings};
use super::task::{Program, Task};
use super::timeline::Timeline;
use crate::proxy::{GroupSettings, LoadBalancer, Settings as Balancing};
use anyhow::{Context, Result};
use photobooth_cloud::{Cloud, Phase, REGION, World};
use photobooth_tests::{postgres, s3};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::{Arc, Mutex as Shared, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::Mutex;

/// How often targets are asked how they are; AWS does it every ten seconds.
pub(super) const CHECKS: Duration = Duration::from_millis(500);
/// What opens the test listener; the fake cloud keeps it as a secret.
pub(super) const SECRET: &str = "let-me-in";
/// The storage's bucket, for photos and backups alike.
pub const BUCKET: &str = "photobooth";

/// How many of a hundred guests a service's green has from a moment on.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    pub at: Duration,
    pub part: Part,
    pub green_percent: u32,
}

/// Everything that runs; it ends when it is dropped.
pub struct Stage {
    pub settings: Settings,
    pub plan: Plan,
    pub alarms: Alarms,
    pub cloud: Cloud,
    pub balancer: LoadBalancer,
    pub storage: s3::Service,
    pub timeline: Arc<Timeline>,
    pub shares: Shared<Vec<Share>>,
    /// On the timeline, when the load balancer began to count.
    pub counting_since: Duration,
    database: String,
    tasks: Mutex<BTreeMap<(Part, Colour), Task>>,
    /// Where green's answers are to be spoilt.
    door: Shared<Option<Door>>,
    folder: TempDir,
}

impl Stage {
    /// Starts everything but the tasks.
    ///
    /// # Errors
    /// PostgreSQL is not there, or no port is free.
    pub async fn set(settings: Settings) -> Result<Self> {
        let environment = &settings.environment;
        fs::create_dir_all(&settings.out)?;
        let timeline = Arc::new(Timeline::of(settings.label));
        let database = tokio::task::spawn_blocking(postgres::create_database).await??;
        let mut groups = BTreeMap::new();
        for part in Part::ALL {
            for colour in [Colour::Blue, Colour::Green] {
                let checking = GroupSettings::checking(part.health_path(), CHECKS);
                groups.insert(part.target_group(colour, environment), checking);
            }
        }
        let [backend, frontend] = Part::ALL.map(|it| it.target_group(Colour::Blue, environment));
        let balancing = Balancing::of_booth(&backend, &frontend, SECRET, groups);
        let world = World::of(environment, "backend", Phase::Before);
        Ok(Self {
            plan: Plan::read(&settings.root, environment)?,
            alarms: Alarms::read(&settings.root)?,
            cloud: Cloud::start(world).await?,
            counting_since: timeline.now(),
            balancer: LoadBalancer::start(balancing).await?,
            storage: s3::Service::start().await?,
            timeline,
            shares: Shared::default(),
            database,
            tasks: Mutex::default(),
            door: Shared::default(),
            folder: TempDir::new()?,
            settings,
        })
    }

    /// Where guests come.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.balancer.production())
    }

    /// Starts the task of a colour, and registers it as a target.
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn start(&self, part: Part, colour: Colour) -> Result<SocketAddr> {
        let is_spoilt = |fault| {
            (part, colour, self.settings.fault) == (Part::Backend, Colour::Green, Some(fault))
        };
        let log = self.log(part, colour);
        let task = match part {
            Part::Frontend => Task::page(page::Server::start(&self.settings.page).await?),
            Part::Backend if is_spoilt(Fault::SlowStart) => Task::sleeper(&log)?,
            Part::Backend => {
                let themes = match is_spoilt(Fault::BadGreen) {
                    true => bad_green::spoil_themes(&self.settings.root, self.folder.path())?,
                    false => self.settings.themes(colour),
                };
                Task::backend(self.program(colour, &themes, &log))?
            }
        };
        let mut address = task.address;
        self.tasks.lock().await.insert((part, colour), task);
        if is_spoilt(Fault::ErrorSpike) {
            let door = Door::put_before(address).await?;
            address = door.address();
            *self.door.lock().unwrap_or_else(PoisonError::into_inner) = Some(door);
        }
        let group = part.target_group(colour, &self.settings.environment);
        self.balancer.register(&group, address)?;
        Ok(address)
    }

    /// Where a colour's process writes what it has to say.
    #[must_use]
    pub fn log(&self, part: Part, colour: Colour) -> PathBuf {
        self.settings.out.join(format!("{part}-{colour}.log"))
    }

    /// How a colour's process ended, if it has by itself.
    ///
    /// # Errors
    /// It was not started.
    pub async fn has_ended(&self, part: Part, colour: Colour) -> Result<Option<ExitStatus>> {
        let mut tasks = self.tasks.lock().await;
        let task = tasks.get_mut(&(part, colour));
        task.with_context(|| format!("there is no {colour} of {part}"))?
            .has_ended()
    }

    /// Gives a colour no more guests, lets it finish those it has, and ends it.
    ///
    /// # Errors
    /// It cannot be ended.
    pub async fn end(&self, part: Part, colour: Colour) -> Result<()> {
        let group = part.target_group(colour, &self.settings.environment);
        for target in self.balancer.health(&group)? {
            self.balancer.deregister(&group, target.address)?;
        }
        self.balancer.wait_until(&group, <[_]>::is_empty).await?;
        let task = self.tasks.lock().await.remove(&(part, colour));
        match task {
            Some(task) => task.end().await,
            None => Ok(()),
        }
    }

    /// Ends the backend's green as a crash would.
    ///
    /// # Errors
    /// It is not there.
    pub async fn crash_green(&self) -> Result<()> {
        let mut tasks = self.tasks.lock().await;
        let task = tasks.get_mut(&(Part::Backend, Colour::Green));
        task.context("there is no green")?.crash().await
    }

    /// Lets half of green's answers be errors; its health stays good.
    ///
    /// # Errors
    /// There is no door in front of it.
    pub fn spoil_answers(&self) -> Result<()> {
        let door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
        door.as_ref()
            .context("nothing stands before green")?
            .spoil_answers()
    }

    fn program<'a>(&'a self, colour: Colour, themes: &Path, log: &'a Path) -> Program<'a> {
        let path = match colour {
            Colour::Blue => &self.settings.blue,
            Colour::Green => &self.settings.green,
        };
        let data = self.folder.path().join(colour.to_string());
        let mut arguments: Vec<OsString> = vec!["--themes-dir".into(), themes.into()];
        arguments.extend(["--data-dir".into(), data.into()]);
        let flags = [
            ["--database-url", self.database.as_str()],
            // All guests come from one address here.
            ["--reads-per-second", "0"],
            ["--presigned-per-second", "0"],
            ["--process-per-minute", "0"],
            ["--trusted-proxies", "127.0.0.1"],
            ["--log", "info,s3s=off,s3s_fs=off"],
        ];
        arguments.extend(flags.as_flattened().iter().map(OsString::from));
        arguments.extend(self.storage.flags().into_iter().map(OsString::from));
        // An older build does not mind a variable that it does not know.
        let mut environment = self.cloud.environment();
        environment.extend([
            ("PHOTOBOOTH_ENVIRONMENT", self.settings.environment.clone()),
            ("PHOTOBOOTH_RELEASE", format!("rehearsal-{colour}")),
            ("PHOTOBOOTH_CLOUDWATCH", "true".to_owned()),
            ("PHOTOBOOTH_CLOUDWATCH_ENDPOINT", self.cloud.endpoint()),
            ("PHOTOBOOTH_CLOUDWATCH_REGION", REGION.to_owned()),
        ]);
        Program {
            path,
            arguments,
            environment,
            log,
        }
    }
}
