//! `rehearse`: plays one release on this machine; `cargo xtask rehearse` builds what it needs and starts it.

use anyhow::{Context, Result};
use clap::Parser;
use rehearsal::release::faults::Fault;
use rehearsal::release::settings::Profile;
use rehearsal::release::stage::{Settings, Stage};
use rehearsal::release::{pipeline, report};
use std::env;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;

#[derive(Parser)]
#[command(about)]
struct Arguments {
    /// The backend that is released.
    #[arg(long)]
    backend: PathBuf,

    /// The backend that guests have before; by default the same build, under another name.
    #[arg(long)]
    blue: Option<PathBuf>,

    /// The program of all hooks.
    #[arg(long)]
    delivery: PathBuf,

    /// The folder of the page, as it was built.
    #[arg(long, default_value = "frontend/dist")]
    page: PathBuf,

    /// Whose figures of infra/delivery.json hold.
    #[arg(long, default_value = "staging")]
    environment: String,

    /// What goes wrong; exit code 0 then means that it was caught.
    #[arg(long, value_enum)]
    fault: Option<Fault>,

    #[arg(long, value_enum, default_value = "short")]
    profile: Profile,

    /// The folder that gets the report and all logs.
    #[arg(long, default_value = "target/rehearsal")]
    out: PathBuf,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let stage = Stage::set(settings(arguments)?).await?;
    let (verdict, guests) = Box::pin(pipeline::play(&stage)).await?;
    let path = report::write(&stage, &guests, &verdict)?;
    let (requests, visits) = guests.count();
    let failed = guests.failures().len();
    println!("\n{requests} requests and {visits} visits, {failed} failed.");
    println!("Report: {}", path.display());
    for objection in &verdict.objections {
        println!("NOT AS IT MUST BE: {objection}");
    }
    let is_well = verdict.objections.is_empty();
    match (is_well, stage.settings.fault) {
        (true, None) => println!("The release went through, and nobody noticed."),
        (true, Some(fault)) => println!("{} was caught by {}.", fault.name(), fault.watch()),
        (false, _) => {}
    }
    Ok(ExitCode::from(u8::from(!is_well)))
}

fn settings(arguments: Arguments) -> Result<Settings> {
    let root = env::current_dir()?;
    let program = |path: &Path| {
        let found = path.canonicalize();
        found.with_context(|| format!("there is no {}", path.display()))
    };
    let green = program(&arguments.backend)?;
    let blue = arguments
        .blue
        .as_deref()
        .map_or(Ok(green.clone()), program)?;
    Ok(Settings {
        environment: arguments.environment,
        blue,
        green,
        delivery: program(&arguments.delivery)?,
        page: absolute(arguments.page)?,
        profile: arguments.profile,
        fault: arguments.fault,
        out: absolute(arguments.out)?,
        root,
    })
}
