//! What a test needs: a cloud, a booth, a storage, and the binary told of them.

use crate::booth::{self, Booth};
use photobooth_cloud::{Cloud, Phase, World, now};
use photobooth_tests::s3;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};
use tokio::process::Command;

/// A limit that what is well never meets.
pub const LONG: f64 = 120.0;
/// One that what is not well always meets: a third of it is kept for the report.
pub const SHORT: f64 = 9.0;

/// The deployment of [`World::of`].
pub const DEPLOYMENT: &str = "d-GREEN";

pub struct Stage {
    pub cloud: Cloud,
    pub booth: Arc<Mutex<Booth>>,
    pub address: String,
    pub storage: s3::Service,
}

/// What became of a run of the binary.
pub struct Ended {
    pub code: i32,
    pub said: String,
    pub seconds: f64,
}

impl Stage {
    /// The booth of `staging` with a release of `part`, all of it well.
    pub async fn set(part: &str, phase: Phase) -> Self {
        let mut world = World::of("staging", part, phase);
        count_requests(&mut world, 200, 0, 0.1);
        count_portraits(&mut world, 10.0, 0.0, 4.0);
        let booth = Arc::<Mutex<Booth>>::default();
        Self {
            cloud: Cloud::start(world).await.unwrap(),
            address: booth::open(Arc::clone(&booth)).await,
            booth,
            storage: s3::Service::start().await.unwrap(),
        }
    }

    pub fn booth(&self) -> std::sync::MutexGuard<'_, Booth> {
        self.booth.lock().unwrap()
    }

    /// Lets a hook look at [`DEPLOYMENT`], called by CodeDeploy for `event`.
    pub async fn hook(&self, hook: &str, event: &str, limit_seconds: f64) -> Ended {
        let execution = self
            .cloud
            .change(|world| world.call_hook(DEPLOYMENT, event));
        let arguments = [
            "hook",
            hook,
            "--deployment-id",
            DEPLOYMENT,
            "--execution-id",
            &execution,
        ];
        self.run(&arguments, limit_seconds).await
    }

    /// What was reported to CodeDeploy for `event`.
    pub fn reported(&self, event: &str) -> Option<String> {
        let reported = |world: &World| world.hook_status(DEPLOYMENT, event).map(str::to_owned);
        self.cloud.read(reported)
    }

    /// The values of a metric of deployments, each with its service.
    pub fn noted(&self, metric: &str) -> Vec<(String, f64)> {
        let noted = self
            .cloud
            .read(|world| world.metrics.values("AI-Photobooth/Deployment", metric));
        let noted = noted.into_iter().map(|(dimensions, value)| {
            assert_eq!(dimensions["Environment"], "staging");
            (dimensions["Service"].clone(), value)
        });
        noted.collect()
    }

    pub async fn run(&self, arguments: &[&str], limit_seconds: f64) -> Ended {
        let begun = now();
        let mut command = self.command(limit_seconds);
        let Output {
            status,
            stdout,
            stderr,
        } = command.args(arguments).output().await.unwrap();
        let seconds = now() - begun;
        print!("{}", String::from_utf8_lossy(&stderr));
        Ended {
            code: status.code().unwrap(),
            said: String::from_utf8(stdout).unwrap(),
            seconds,
        }
    }

    /// The binary in an environment that knows nothing but this stage.
    pub fn command(&self, limit_seconds: f64) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_delivery"));
        command
            .env_clear()
            .envs(self.cloud.environment())
            .env("AWS_ENDPOINT_URL_S3", self.storage.endpoint())
            .env("DELIVERY_ENVIRONMENT", "staging")
            .env("DELIVERY_ADDRESS", &self.address)
            .env("DELIVERY_TEST_ADDRESS", &self.address)
            .env("DELIVERY_BACKUP_BUCKET", "photobooth")
            .env("DELIVERY_LIMIT_SECONDS", limit_seconds.to_string())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

/// What the load balancer counted of all target groups, each alike.
pub fn count_requests(world: &mut World, requests: u32, errors: u32, seconds: f64) {
    let balancer = world.full_name_of_load_balancer();
    let groups: Vec<_> = world.target_groups.keys().cloned().collect();
    world.metrics.forget("AWS/ApplicationELB");
    for group in groups {
        let group = World::full_name_of(&group);
        let dimensions = [
            ("LoadBalancer", balancer.as_str()),
            ("TargetGroup", group.as_str()),
        ];
        for (metric, value) in [
            ("RequestCount", f64::from(requests)),
            ("HTTPCode_Target_5XX_Count", f64::from(errors)),
            ("TargetResponseTime", seconds),
        ] {
            world
                .metrics
                .put("AWS/ApplicationELB", metric, &dimensions, now(), value);
        }
    }
}

/// What the backend said of its portraits.
pub fn count_portraits(world: &mut World, made: f64, failed: f64, oldest_wait: f64) {
    let dimensions = [("Environment", "staging"), ("Role", "all")];
    world.metrics.forget("AI-Photobooth");
    for (metric, value) in [
        ("Portraits", made),
        ("Failures", failed),
        ("OldestWaitSeconds", oldest_wait),
    ] {
        world
            .metrics
            .put("AI-Photobooth", metric, &dimensions, now(), value);
    }
}
