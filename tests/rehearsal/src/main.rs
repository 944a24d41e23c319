//! `rehearse`: plays one release on this machine; `cargo xtask rehearse` builds what it needs and starts it.

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use rehearsal::release::faults::Fault;
use rehearsal::release::settings::{Profile, Settings};
use rehearsal::release::stage::Stage;
use rehearsal::release::verdict::Record;
use rehearsal::release::{pipeline, report};
use std::env;
use std::iter::once;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;
use tokio::signal::ctrl_c;

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
    #[arg(long, value_enum, conflicts_with = "all")]
    fault: Option<Fault>,

    /// Plays the release without a fault, and then with each of them.
    #[arg(long)]
    all: bool,

    #[arg(long, value_enum, default_value = "short")]
    profile: Profile,

    /// The folder that gets the report and all logs.
    #[arg(long, default_value = "target/rehearsal")]
    out: PathBuf,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let faults: Vec<_> = match arguments.all {
        true => once(None)
            .chain(Fault::value_variants().iter().copied().map(Some))
            .collect(),
        false => vec![arguments.fault],
    };
    let out = absolute(&arguments.out)?;
    let settings = settings(arguments)?;
    let mut summary = Vec::new();
    for fault in &faults {
        let name = fault.map_or("none", Fault::name);
        let settings = Settings {
            fault: *fault,
            out: if faults.len() > 1 {
                out.join(name)
            } else {
                out.clone()
            },
            ..settings.clone()
        };
        println!("\nFault: {name}");
        // What runs ends with this function, and not with a signal.
        let is_well = tokio::select! {
            played = Box::pin(rehearse(settings)) => played?,
            _ = ctrl_c() => bail!("interrupted"),
        };
        summary.push((name, is_well));
    }
    if faults.len() > 1 {
        println!("\nEach has its report in {}:", out.display());
        for (name, is_well) in &summary {
            let text = if *is_well {
                "as it must be"
            } else {
                "NOT AS IT MUST BE"
            };
            println!("{name:<16} {text}");
        }
    }
    let is_well = summary.iter().all(|(_, is_well)| *is_well);
    Ok(ExitCode::from(u8::from(!is_well)))
}

/// Plays one release; true where it came out as it must.
async fn rehearse(settings: Settings) -> Result<bool> {
    let stage = Stage::set(settings).await?;
    let record = pipeline::play(&stage).await?;
    let path = report::write(&stage, &record)?;
    let Record {
        requests, visits, ..
    } = record;
    let (failed, objections) = (record.failures.len(), record.objections());
    println!("\n{requests} requests and {visits} visits, {failed} failed.");
    println!("Report: {}", path.display());
    for objection in &objections {
        println!("NOT AS IT MUST BE: {objection}");
    }
    match (objections.is_empty(), record.fault) {
        (true, None) => println!("The release went through, and nobody noticed."),
        (true, Some(fault)) => println!("{} was caught by {}.", fault.name(), fault.watch()),
        (false, _) => {}
    }
    Ok(objections.is_empty())
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
