//! `rehearse`: plays one release on this machine; `cargo xtask rehearse` builds what it needs and starts it.

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use futures_util::{StreamExt, stream};
use rehearsal::release::faults::Fault;
use rehearsal::release::settings::{Profile, Settings};
use rehearsal::release::stage::Stage;
use rehearsal::release::verdict::Record;
use rehearsal::release::{pipeline, report};
use std::collections::BTreeMap;
use std::env;
use std::iter::once;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;
use tokio::signal::ctrl_c;

/// Releases that are played at the same time. Most of each is waiting, for guests and for hooks.
const AT_ONCE: usize = 2;

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

    /// The program that runs Artillery. Called through Cargo, it would wait for every build.
    #[arg(long, default_value = "target/debug/xtask")]
    xtask: PathBuf,

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

    /// Where images are pushed to that are built here; without one, none is built.
    #[arg(long)]
    registry: Option<String>,

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
    let settings = settings(arguments)?;
    // What runs ends with this function, and not with a signal.
    let played = tokio::select! {
        played = play_all(&settings, &faults) => played,
        _ = ctrl_c() => bail!("interrupted"),
    };
    if faults.len() > 1 {
        println!("\nEach has its report in {}:", settings.out.display());
        for (name, came) in &played {
            let text = match came {
                Ok(true) => "as it must be".to_owned(),
                Ok(false) => "NOT AS IT MUST BE".to_owned(),
                Err(error) => format!("NOT PLAYED: {error:#}"),
            };
            println!("{name:<16} {text}");
        }
    }
    let mut is_well = true;
    for (_, came) in played {
        is_well &= came?;
    }
    Ok(ExitCode::from(u8::from(!is_well)))
}

/// Plays a release for each fault; one that breaks does not keep the others from being played.
async fn play_all(
    settings: &Settings,
    faults: &[Option<Fault>],
) -> Vec<(&'static str, Result<bool>)> {
    let are_several = faults.len() > 1;
    let plays = faults.iter().enumerate().map(async |(number, fault)| {
        let name = fault.map_or("none", Fault::name);
        let mut settings = Settings {
            fault: *fault,
            ..settings.clone()
        };
        if are_several {
            settings.label = Some(name);
            settings.out.push(name);
        }
        (number, (name, Box::pin(rehearse(settings)).await))
    });
    let played: BTreeMap<_, _> = stream::iter(plays)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    played.into_values().collect()
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
    let timeline = &stage.timeline;
    let counted = format!("{requests} requests and {visits} visits, {failed} failed");
    timeline.say("guests", counted);
    timeline.say("report", path.display());
    for objection in &objections {
        timeline.bad("verdict", format!("NOT AS IT MUST BE: {objection}"));
    }
    match (objections.is_empty(), record.fault) {
        (true, None) => timeline.good("verdict", "the release went through, and nobody noticed"),
        (true, Some(fault)) => {
            let caught = format!("{} was caught by {}", fault.name(), fault.watch());
            timeline.good("verdict", caught);
        }
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
        xtask: program(&arguments.xtask)?,
        page: absolute(arguments.page)?,
        profile: arguments.profile,
        registry: arguments.registry,
        fault: arguments.fault,
        label: None,
        out: absolute(arguments.out)?,
        root,
    })
}
