//! `delivery`: hooks and validator by hand; as `bootstrap`, where Lambda starts it, one of the functions.

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use delivery::aws::Aws;
use delivery::deadline::Deadline;
use delivery::hooks::{Call, Hook};
use delivery::place::{Place, Service};
use delivery::validation::Quiet;
use delivery::{lambda, validation};
use std::io::stderr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// The SDK's own lines would drown ours.
const LOG: &str = "warn,delivery=info";

#[derive(Parser)]
#[command(about, version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Looks at a deployment as it asks at one of its four points. Exit code 0: passed.
    Hook {
        hook: Hook,
        /// CodeDeploy's, like `d-ABCDEF123`.
        #[arg(long)]
        deployment_id: String,
        /// The call's own id; without it nothing is reported to CodeDeploy.
        #[arg(long)]
        execution_id: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Looks whether a booth is well. Exit code 0: it is; 1: it is not; 2: that could not be told.
    Validate {
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
        /// Writes it to this file as well, as JSON.
        #[arg(long)]
        report: Option<PathBuf>,
        /// Too few guests to tell anything by are no objection.
        #[arg(long)]
        excuse_quiet: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Prints the newest task definition of a service, as ECS has it.
    TaskDefinition {
        #[arg(long)]
        service: Service,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// A thread more than the one that may be busy with a picture, however small the machine: time must go on.
#[tokio::main(worker_threads = 2)]
async fn main() -> Result<ExitCode> {
    let is_function = std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some();
    let filter = EnvFilter::try_from_env("DELIVERY_LOG").unwrap_or_else(|_| EnvFilter::new(LOG));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr);
    if is_function {
        log.json().flatten_event(true).init();
        Box::pin(lambda::serve()).await?;
        return Ok(ExitCode::SUCCESS);
    }
    log.init();
    match Arguments::parse().command {
        Command::Hook {
            hook,
            deployment_id,
            execution_id,
            place,
        } => {
            let call = Call {
                deployment_id,
                execution_id,
            };
            let report = Box::pin(hook.run(call, place, None)).await?;
            println!("{report}");
            Ok(ExitCode::from(u8::from(!report.passed())))
        }
        Command::Validate {
            format,
            report: file,
            excuse_quiet,
            place,
        } => {
            let quiet = if excuse_quiet {
                Quiet::Excused
            } else {
                Quiet::Unknown
            };
            let report = Box::pin(validation::validate(&place, quiet, None)).await?;
            let json = serde_json::to_string_pretty(&report)?;
            match format {
                Format::Table => println!("{report}"),
                Format::Json => println!("{json}"),
            }
            if let Some(file) = file {
                std::fs::write(&file, json).with_context(|| file.display().to_string())?;
            }
            Ok(ExitCode::from(report.exit_code()))
        }
        Command::TaskDefinition { service, place } => {
            let aws = Aws::open(&Deadline::after(Duration::from_secs(60))).await;
            let family = service.ecs_name(place.environment);
            let definition = Box::pin(aws.containers.task_definition(&family)).await?;
            println!("{}", serde_json::to_string_pretty(&definition)?);
            Ok(ExitCode::SUCCESS)
        }
    }
}
