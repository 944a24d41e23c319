//! Artillery's visitors: the basic load test of tests/load/, again and again for as long as the release lasts.

use super::stage::Stage;
use super::timeline::Timeline;
use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::watch;
use tokio::task::{AbortHandle, spawn};

/// They stop coming when this is dropped.
pub struct Crowd {
    rounds: watch::Receiver<Vec<Round>>,
    coming: AbortHandle,
}

/// One run of the load test that came to its end.
#[derive(Clone, Debug)]
pub struct Round {
    /// On the timeline.
    pub begun_at: Duration,
    pub visitors: u64,
    /// Those who did not get what they came for.
    pub failed: u64,
    /// Within which 95 of 100 answers came.
    pub p95_ms: f64,
}

/// The load test's processes, which end when this is dropped: xtask, and Artillery below it.
struct Group(Option<u32>);

struct Test {
    xtask: PathBuf,
    address: String,
    root: PathBuf,
    out: PathBuf,
}

impl Crowd {
    /// Lets them come to the booth.
    #[must_use]
    pub fn come(stage: &Stage) -> Self {
        let (sender, rounds) = watch::channel(Vec::new());
        let test = Test {
            xtask: stage.settings.xtask.clone(),
            address: stage.address(),
            root: stage.settings.root.clone(),
            out: stage.settings.out.clone(),
        };
        let coming = keep_coming(test, stage.timeline.clone(), sender);
        Self {
            rounds,
            coming: spawn(coming).abort_handle(),
        }
    }

    /// What came of the runs that are over, of which there is one at least; of none, where the first one broke.
    pub async fn rounds(&mut self) -> Vec<Round> {
        let rounds = self.rounds.wait_for(|it| !it.is_empty()).await;
        rounds.map(|it| it.clone()).unwrap_or_default()
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.coming.abort();
    }
}

async fn keep_coming(test: Test, timeline: Arc<Timeline>, rounds: watch::Sender<Vec<Round>>) {
    for number in 1.. {
        let begun_at = timeline.now();
        let round = match test.run(number, begun_at).await {
            Ok(round) => round,
            Err(error) => {
                timeline.bad("artillery", format!("{error:#}"));
                return;
            }
        };
        let Round {
            visitors,
            failed,
            p95_ms,
            ..
        } = round;
        let text = format!("{visitors} visitors, {failed} failed, p95 {p95_ms:.0} ms");
        match failed {
            0 => timeline.good("artillery", text),
            _ => timeline.bad("artillery", text),
        }
        rounds.send_modify(|rounds| rounds.push(round));
    }
}

impl Test {
    async fn run(&self, number: u32, begun_at: Duration) -> Result<Round> {
        let report = self.out.join(format!("load-{number}.json"));
        let log = File::create(self.out.join(format!("load-{number}.log")))?;
        let mut load = Command::new(&self.xtask)
            .current_dir(&self.root)
            .args(["load", "basic", "--profile", "short"])
            .args(["--address", &self.address])
            .arg("--report")
            .arg(&report)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .context("cannot start the load test")?;
        let _group = Group(load.id());
        let status = load.wait().await?;
        // It fails, too, where thresholds are passed: the report says by how many.
        ensure!(
            report.is_file(),
            "the load test did not run ({status}); load-{number}.log says why"
        );
        read(&report, begun_at).with_context(|| format!("{} is no report", report.display()))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let id = self.0.and_then(|id| Pid::from_raw(id.cast_signed()));
        if let Some(id) = id {
            // They may have ended by themselves.
            let _ = kill_process_group(id, Signal::TERM);
        }
    }
}

fn read(report: &Path, begun_at: Duration) -> Result<Round> {
    let report: Value = serde_json::from_str(&fs::read_to_string(report)?)?;
    let aggregate = &report["aggregate"];
    let count = |name: &str| aggregate["counters"][name].as_u64().unwrap_or_default();
    let p95 = &aggregate["summaries"]["http.response_time"]["p95"];
    let visitors = count("vusers.created");
    Ok(Round {
        begun_at,
        visitors,
        failed: visitors.saturating_sub(count("vusers.completed")),
        p95_ms: p95.as_f64().context("no response times")?,
    })
}
