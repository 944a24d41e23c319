//! Every command of the project; `cargo xtask --help` lists them.

mod bench;
mod check;
mod dependencies;
mod description;
mod frontend;
mod fuzz;
mod images;
mod infra;
mod junit;
mod load;
mod models;
mod node;
mod packages;
mod photos;
mod pictures;
mod python;
mod quality;
mod rehearse;
mod release;
mod simulate;
mod stamp;
mod steps;
mod test;
mod tools;
mod up;
mod workspace;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about, disable_help_subcommand = true)]
struct Arguments {
    /// Where models, ONNX Runtime and build tools are kept between runs and checkouts
    /// [default: `$XDG_CACHE_HOME/ai-photobooth` or `~/.cache/ai-photobooth`].
    #[arg(long, global = true, env = "PHOTOBOOTH_CACHE_DIR")]
    cache_dir: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sets everything up, builds it and opens the booth on this machine.
    Up(up::Options),
    /// Runs everything that must pass: format, lints, unit, integration and browser tests; or another subject's tests.
    Test(test::Options),
    /// Runs the quick part of `test`: format, lints, and the model converters' own tests.
    Check,
    /// Fetches and converts the models and fetches ONNX Runtime, once a machine.
    Models,
    /// Builds the page into frontend/dist, compressed.
    Frontend,
    /// Measures, in a release build: `portrait` by step and memory, `api` under rendering, `soak` over a day.
    #[command(subcommand)]
    Bench(bench::Subject),
    /// Compares the backend's answers with what its description promises.
    Description,
    /// Checks the licences and sources of everything that is compiled in, and what is compiled in twice.
    Dependencies(dependencies::Options),
    /// Feeds random and mutated input to what reads strangers' bytes first.
    Fuzz(fuzz::Options),
    /// Plays days of guests against the scaling policy: how long they wait, how many machines, how many dollars.
    Simulate(simulate::Options),
    /// Makes, checks, compares and deploys what runs on AWS.
    #[command(subcommand)]
    Infra(infra::Action),
    /// Releases a service to an environment: tests, image, and the files that CodeDeploy takes; what CodeBuild calls.
    #[command(subcommand)]
    Release(release::Subject),
    /// Writes appspec.yaml, taskdef.json and imageDetail.json of a release; an unknown or unresolved name is an error.
    RenderDeploy(release::files::Options),
    /// Judges a deployment: services, targets, metrics. Exits with 0 where it is well, 1 where not, 2 where nobody can tell.
    ValidateDeployment(release::Validation),
    /// Visits a booth as many guests do, by Artillery, and says whether it answers in time.
    Load(load::Options),
    /// Plays a whole release on this machine: builds, hooks, blue and green behind a load balancer, and guests meanwhile.
    Rehearse(rehearse::Options),
    /// Renews what the container images are built on.
    #[command(subcommand)]
    Images(images::Command),
    /// Renders every variant's example into themes/<id>/thumbnails.
    Thumbnails,
    /// Renders photos in every theme and variant, as a page and a picture to look at.
    ContactSheet(pictures::ContactSheet),
    /// Measures portraits over photos of people: faces kept, identity, skin, full costumes, by theme and variant.
    Quality(quality::Options),
    /// Waits for the backend and says where it is; `up` starts it before it becomes the backend.
    #[command(hide = true)]
    Announce(up::Announcement),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let workspace = Workspace::open(arguments.cache_dir)?;
    match arguments.command {
        Command::Up(options) => up::run(&workspace, &options),
        Command::Test(options) => test::run(&workspace, &options),
        Command::Check => check::run(&workspace),
        Command::Models => models::run(&workspace),
        Command::Frontend => frontend::run(&workspace),
        Command::Bench(subject) => bench::run(&workspace, &subject),
        Command::Description => description::run(&workspace),
        Command::Dependencies(options) => dependencies::run(&workspace, &options),
        Command::Fuzz(options) => fuzz::run(&workspace, &options),
        Command::Simulate(options) => simulate::run(&workspace, &options),
        Command::Infra(action) => infra::run(&workspace, &action),
        Command::Release(subject) => release::run(&workspace, &subject),
        Command::RenderDeploy(options) => release::files::run(&workspace, &options),
        Command::ValidateDeployment(validation) => {
            // Not only whether it failed: what its exit status says is promised to pipelines.
            std::process::exit(release::validate(&workspace, &validation)?)
        }
        Command::Load(options) => load::run(&workspace, &options),
        Command::Rehearse(options) => rehearse::run(&workspace, &options),
        Command::Images(command) => images::run(&workspace, &command),
        Command::Thumbnails => pictures::render_thumbnails(&workspace),
        Command::ContactSheet(options) => pictures::render_contact_sheet(&workspace, &options),
        Command::Quality(options) => quality::run(&workspace, &options),
        Command::Announce(announcement) => up::announce(&announcement),
    }
}
