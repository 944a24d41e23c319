//! `cargo xtask simulate`: days of guests against times measured on processors and the scaling policy of infra/, before AWS bills them.
//!
//! `crowds.rs` says who comes when, `policy.rs` how tasks are added and taken away, `booth.rs` plays both against each
//! other, photo by photo, `report.rs` says how long guests waited, what it cost and what gave way first, and
//! `capacity.rs` which limits would have held.

mod booth;
mod capacity;
mod crowds;
mod policy;
mod report;

use crate::workspace::Workspace;
use anyhow::{Context, Result};
use booth::Booth;
use clap::Args;
use crowds::Crowd;
use policy::Policy;
use std::fs;

/// What cannot be known without AWS is a setting, with what is known as its default.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Seconds that a worker takes for a portrait, on average; by default what the README's figures say of two cores.
    #[arg(long, default_value_t = 1.5)]
    portrait_seconds: f64,
    /// Tasks that always run: the parameter autoscaling/min-capacity of prod.
    #[arg(long, default_value_t = 2)]
    min_tasks: u32,
    /// Tasks at most: the parameter autoscaling/max-capacity of prod.
    #[arg(long, default_value_t = 8)]
    max_tasks: u32,
    /// Portraits that a task makes at a time.
    #[arg(long, default_value_t = 2)]
    workers_per_task: u32,
    /// Seconds from the decision to a task that works: a machine boots, an image of 4 GB is pulled, models warm up.
    #[arg(long, default_value_t = 240.0)]
    boot_seconds: f64,
    /// Seconds from a moment to the alarm that knows of it.
    #[arg(long, default_value_t = 60.0)]
    metric_delay_seconds: f64,
    /// Photos that may wait before further guests are asked to try again; by default what the stack tells the backend.
    #[arg(long)]
    queue_limit: Option<usize>,
    /// Dollars for an hour of one task's machine: g6.xlarge on demand in us-east-1.
    #[arg(long, default_value_t = 0.8048)]
    dollars_an_hour: f64,
    /// The same seed gives the same guests.
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

impl Options {
    /// As infra/lib/service/backend-settings.ts counts it.
    fn queue_limit(&self, policy: &Policy) -> usize {
        let workers = (self.max_tasks * self.workers_per_task) as usize;
        self.queue_limit
            .unwrap_or(policy.waiting_per_worker * workers)
    }
}

/// Plays every crowd and prints a table of them.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let path = workspace.root.join("infra/scaling.json");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let policy: Policy = serde_json::from_str(&text)
        .with_context(|| format!("{} is not a scaling policy", path.display()))?;
    report::print_settings(options);
    for crowd in Crowd::ALL {
        let day = Booth::open(options, &policy).serve(crowd);
        report::print_day(crowd, &day, options);
        if !day.held() {
            report::print_capacity(capacity::find(options, &policy, crowd));
        }
    }
    Ok(())
}
