//! `cargo xtask load`: a booth visited by Artillery, as tests/load/ describes it.

use crate::node;
use crate::packages;
use crate::stamp::Stamp;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::fs;
use std::path::{self, Path, PathBuf};
use std::process::{Command, ExitStatus};
use xshell::cmd;

/// Artillery's exit status where an answer was not as expected and yet no threshold was passed.
const UNEXPECTED_ANSWERS: i32 = 21;
/// By which Artillery goes through a proxy even to this machine.
const PROXIES: [&str; 2] = ["HTTP_PROXY", "HTTPS_PROXY"];

#[derive(Args)]
pub struct Options {
    /// What the guests do.
    #[arg(value_enum)]
    test: Test,

    /// Where the booth is: <https://booth.example.org>, without a path.
    #[arg(long)]
    address: String,

    /// How long and how many.
    #[arg(long, value_enum, default_value_t = Profile::Short)]
    profile: Profile,

    /// Writes everything that was measured to this file, as JSON.
    #[arg(long)]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Test {
    /// Health 40 %, themes 30 %, upload addresses 20 %, status 10 %, in five phases.
    Basic,
    /// Whole visits: upload, portrait, download.
    Journey,
}

#[derive(Clone, Copy, ValueEnum)]
enum Profile {
    /// Half a minute, for continuous integration.
    Short,
    /// Ten minutes, for the pipeline.
    Full,
}

/// Prints Artillery's summary; fails where a threshold of the test is passed.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut steps = Steps::new(3);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    let artillery = Artillery::install(&mut steps, workspace)?;
    let mut status = ExitStatus::default();
    steps.take("visits", || {
        status = artillery.run(workspace, options)?;
        Ok(())
    })?;
    match status.code() {
        Some(0) => Ok(()),
        Some(UNEXPECTED_ANSWERS) => {
            println!("Some answers were not as expected, fewer than the test allows.");
            Ok(())
        }
        _ => bail!("the booth did not hold what tests/load/ asks of it ({status})"),
    }
}

/// Artillery, and a Node.js that runs it.
pub struct Artillery {
    programs: Vec<PathBuf>,
}

impl Artillery {
    /// At the versions of tests/load/package-lock.json: half a gigabyte, so once a machine and not once a checkout.
    pub fn install(steps: &mut Steps, workspace: &Workspace) -> Result<Self> {
        let folder = workspace.cache.join("tools/artillery");
        let source = workspace.root.join("tests/load");
        let files = ["package.json", "package-lock.json"];
        let sources: [PathBuf; 2] = files.map(|file| source.join(file));
        let stamp = Stamp::of(folder.join(".made-from"), &sources, &[])?;
        let mut programs = vec![folder.join("node_modules/.bin")];
        let mut node = None;
        steps.take("Artillery", || {
            node = node::install(workspace)?;
            if stamp.is_current() {
                return Ok(());
            }
            stamp.clear()?;
            fs::create_dir_all(&folder)?;
            for file in files {
                fs::copy(source.join(file), folder.join(file))?;
            }
            let shell = workspace.shell(node.as_slice())?;
            shell.change_dir(&folder);
            // None of it needs a script to be installed.
            cmd!(shell, "npm ci --ignore-scripts --no-audit --no-fund").run()?;
            stamp.write()
        })?;
        programs.extend(node);
        Ok(Self { programs })
    }

    fn run(&self, workspace: &Workspace, options: &Options) -> Result<ExitStatus> {
        let (test, profile) = (options.test.file(), options.profile.name());
        let path = workspace.shell(&self.programs)?.var("PATH")?;
        let mut artillery = Command::new(self.programs[0].join("artillery"));
        artillery
            .current_dir(workspace.root.join("tests/load"))
            .env("PATH", path)
            .env("ARTILLERY_DISABLE_TELEMETRY", "true")
            .args(["run", "--environment", profile, "--target"])
            .arg(options.address.trim_end_matches('/'));
        if is_on_this_machine(&options.address) {
            for name in PROXIES {
                artillery.env_remove(name);
            }
        }
        if let Some(report) = &options.report {
            let report = path::absolute(report)?;
            fs::create_dir_all(report.parent().unwrap_or(Path::new("/")))?;
            artillery.arg("--output").arg(report);
        }
        artillery
            .arg(test)
            .status()
            .context("cannot start Artillery")
    }
}

impl Test {
    fn file(self) -> &'static str {
        match self {
            Self::Basic => "basic-load-test.yml",
            Self::Journey => "journey.yml",
        }
    }
}

impl Profile {
    /// Artillery's environment of this name.
    fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Full => "full",
        }
    }
}

fn is_on_this_machine(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, host)| host);
    let host = host.split([':', '/']).next().unwrap_or_default();
    matches!(host, "localhost" | "127.0.0.1")
}
