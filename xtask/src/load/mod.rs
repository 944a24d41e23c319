//! `cargo xtask load`: a booth visited by Artillery, as tests/load/ describes it.

mod verdict;

use crate::junit;
use crate::node;
use crate::packages;
use crate::stamp::Stamp;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{self, Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;
use verdict::Verdict;
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
    #[arg(long, value_parser = read_origin)]
    address: String,

    /// How long and how many.
    #[arg(long, value_enum, default_value_t = Profile::Short)]
    profile: Profile,

    /// Writes everything that was measured to this file, as JSON.
    #[arg(long)]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Test {
    /// Health 40 %, themes 30 %, upload addresses 20 %, status 10 %, in five phases.
    Basic,
    /// Whole visits: upload, portrait, download.
    Journey,
}

#[derive(Clone, Copy, ValueEnum)]
enum Profile {
    /// Half a minute, for continuous integration.
    Short,
    /// Nine or ten minutes, for the pipeline.
    Full,
}

/// Prints Artillery's summary; fails where a threshold of the test is passed. The test report has the thresholds, and
/// the requests: one of those fails by a single wrong answer, even where the thresholds allow for it.
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
        let test = options.test;
        let measured = match &options.report {
            Some(file) => path::absolute(file)?,
            None => workspace
                .root
                .join(format!("target/ci-output/{}.json", test.report())),
        };
        fs::create_dir_all(measured.parent().unwrap_or(Path::new("/")))?;
        // Artillery that ends early must not be judged by what it measured before.
        fs::write(&measured, "{}")?;
        let started = Instant::now();
        let mut artillery = self.command(workspace, options)?;
        artillery.arg("--output").arg(&measured);
        artillery.arg(test.file()).stdout(Stdio::piped());
        let mut artillery = artillery.spawn().context("cannot start Artillery")?;
        let printed = artillery.stdout.take().context("Artillery is mute")?;
        let mut verdict = Verdict::default();
        for line in BufReader::new(printed).lines() {
            let line = line?;
            println!("{line}");
            verdict.read(&line);
        }
        let status = artillery.wait()?;
        let mut suite = verdict.into_suite(&fs::read_to_string(&measured)?)?;
        suite.name = test.report().to_owned();
        suite.seconds = started.elapsed().as_secs_f64();
        junit::write(workspace, test.report(), &[suite])?;
        Ok(status)
    }

    /// Up to what it writes and which test it runs.
    fn command(&self, workspace: &Workspace, options: &Options) -> Result<Command> {
        let path = workspace.shell(&self.programs)?.var("PATH")?;
        let mut artillery = Command::new(self.programs[0].join("artillery"));
        artillery
            .current_dir(workspace.root.join("tests/load"))
            .env("PATH", path)
            .env("ARTILLERY_DISABLE_TELEMETRY", "true")
            // Its thresholds are read from what it prints.
            .env("FORCE_COLOR", "0")
            .args(["run", "--environment", options.profile.name(), "--target"])
            .arg(&options.address);
        if is_on_this_machine(&options.address) {
            for name in PROXIES {
                artillery.env_remove(name);
            }
        }
        Ok(artillery)
    }
}

impl Test {
    fn file(self) -> &'static str {
        match self {
            Self::Basic => "basic-load-test.yml",
            Self::Journey => "journey.yml",
        }
    }

    /// The name of its test report.
    pub fn report(self) -> &'static str {
        match self {
            Self::Basic => "load-basic",
            Self::Journey => "load-journey",
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

/// An address as guests type it, without a slash at its end.
fn read_origin(text: &str) -> Result<String, String> {
    let origin = text.trim_end_matches('/');
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains('/') => Ok(origin.to_owned()),
        _ => Err("it must look like https://booth.example.org, without a path".to_owned()),
    }
}

fn is_on_this_machine(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, host)| host);
    let host = host.split([':', '/']).next().unwrap_or_default();
    matches!(host, "localhost" | "127.0.0.1")
}
