//! What runs in a rehearsal: database, storage, cloud and load balancer, and the tasks of both colours.

use super::faults::Fault;
use super::guests::Guests;
use super::page;
use super::part::{Colour, Part};
use super::settings::{Plan, Profile};
use super::task::{Program, Task};
use super::timeline::Timeline;
use crate::proxy::{Action, GroupSettings, Listener, LoadBalancer, Rule, Settings as Balancing};
use anyhow::{Context, Result};
use photobooth_cloud::{Cloud, Phase, REGION, World};
use photobooth_tests::{postgres, s3};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as Shared, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::Mutex;

/// How often targets are asked how they are; AWS does it every ten seconds.
const CHECKS: Duration = Duration::from_millis(500);
/// What opens the test listener; the fake cloud keeps it as a secret.
const SECRET: &str = "let-me-in";
/// The storage's bucket, for photos and backups alike.
pub const BUCKET: &str = "photobooth";
/// How a door in front of green calls green.
const BEHIND: &str = "green";
/// A group without targets, whose requests are all refused.
const NOBODY: &str = "nobody";

/// What is played, and with which programs.
#[derive(Clone, Debug)]
pub struct Settings {
    pub environment: String,
    /// The checkout.
    pub root: PathBuf,
    pub blue: PathBuf,
    pub green: PathBuf,
    pub delivery: PathBuf,
    /// The page, as it was built.
    pub page: PathBuf,
    pub profile: Profile,
    pub fault: Option<Fault>,
    /// Where logs and report go.
    pub out: PathBuf,
}

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
    pub cloud: Cloud,
    pub balancer: LoadBalancer,
    pub storage: s3::Service,
    pub timeline: Arc<Timeline>,
    pub shares: Shared<Vec<Share>>,
    /// On the timeline, when the load balancer began to count.
    pub counting_since: Duration,
    database: String,
    tasks: Mutex<BTreeMap<(Part, Colour), Task>>,
    /// In front of green where its answers are to be spoilt.
    door: Shared<Option<LoadBalancer>>,
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
        let timeline = Arc::<Timeline>::default();
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

    /// Lets guests come.
    ///
    /// # Errors
    /// There is no photo for them.
    pub fn open(&self) -> Result<Guests> {
        Guests::come(&self.address(), &self.timeline)
    }

    /// Starts the task of a colour, and registers it as a target.
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn start(&self, part: Part, colour: Colour) -> Result<SocketAddr> {
        let is_spoilt = |fault| {
            (part, colour, self.settings.fault) == (Part::Backend, Colour::Green, Some(fault))
        };
        let log = self.settings.out.join(format!("{part}-{colour}.log"));
        let task = match part {
            Part::Frontend => Task::page(page::Server::start(&self.settings.page).await?),
            Part::Backend if is_spoilt(Fault::SlowStart) => Task::sleeper(&log)?,
            Part::Backend => {
                let themes = match is_spoilt(Fault::BadGreen) {
                    true => self.spoil_themes()?,
                    false => self.settings.root.join("themes"),
                };
                Task::backend(self.program(colour, &themes, &log))?
            }
        };
        let mut address = task.address;
        self.tasks.lock().await.insert((part, colour), task);
        if is_spoilt(Fault::ErrorSpike) {
            address = self.put_door_before(address).await?;
        }
        let group = part.target_group(colour, &self.settings.environment);
        self.balancer.register(&group, address)?;
        Ok(address)
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
        let door = door.as_ref().context("nothing stands before green")?;
        let half = [(BEHIND.to_owned(), 1), (NOBODY.to_owned(), 1)];
        door.set_weights(Listener::Production, "rest", &half)
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

    /// Themes of which one has the pictures of another.
    fn spoil_themes(&self) -> Result<PathBuf> {
        let themes = self.folder.path().join("themes");
        copy(&self.settings.root.join("themes"), &themes)?;
        let spoilt = themes.join("greek/backdrops");
        let other = find_picture(&themes.join("mystic/backdrops"))?;
        for entry in fs::read_dir(&spoilt)? {
            fs::copy(&other, entry?.path())?;
        }
        Ok(themes)
    }

    async fn put_door_before(&self, green: SocketAddr) -> Result<SocketAddr> {
        let checking = GroupSettings::checking(Part::Backend.health_path(), CHECKS);
        let groups = [BEHIND, NOBODY].map(|it| (it.to_owned(), checking.clone()));
        let rule = |name: &str, paths: &[&str]| Rule {
            name: name.to_owned(),
            paths: paths.iter().map(|&it| it.to_owned()).collect(),
            header: None,
            action: Action::Forward(vec![(BEHIND.to_owned(), 1)]),
        };
        let mut settings = Balancing::of_booth(BEHIND, BEHIND, SECRET, groups.into());
        let health = Part::Backend.health_path();
        settings.production_rules = vec![rule("health", &[health]), rule("rest", &[])];
        let door = LoadBalancer::start(settings).await?;
        door.register(BEHIND, green)?;
        let address = door.production();
        *self.door.lock().unwrap_or_else(PoisonError::into_inner) = Some(door);
        Ok(address)
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

fn find_picture(folder: &Path) -> Result<PathBuf> {
    let entry = fs::read_dir(folder)?.next();
    Ok(entry
        .with_context(|| format!("{} is empty", folder.display()))??
        .path())
}
