//! `cargo xtask fuzz`: feeds what strangers can send to the code that reads it first, until something gives way.

use crate::packages;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use xshell::{Shell, cmd};

const CARGO_FUZZ_VERSION: &str = "0.13.2";

/// What is fuzzed, and the files to begin with.
const TARGETS: [(&str, &str); 3] = [
    ("presigned_request", "tests/fuzz/seeds/presigned_request"),
    ("theme", "themes"),
    ("decode", "tests/fuzz/seeds/decode"),
];

#[derive(Args)]
pub struct Options {
    /// For how long each target is fuzzed.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut steps = Steps::new(3);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    take_build_step(&mut steps, workspace)?;
    steps.take("fuzzing", || {
        Fuzzing::begin(workspace, options.seconds)?.end()
    })
}

/// Builds what [`Fuzzing::begin`] starts.
pub fn take_build_step(steps: &mut Steps, workspace: &Workspace) -> Result<()> {
    steps.take("build the fuzzers", || {
        let tool = tool(workspace);
        let shell = shell(workspace)?;
        if !tool.join("bin/cargo-fuzz").exists() {
            let version = format!("cargo-fuzz@{CARGO_FUZZ_VERSION}");
            cmd!(shell, "cargo install --locked --root {tool} {version}").run()?;
        }
        let options = options(workspace);
        cmd!(shell, "cargo fuzz build {options...}").run()?;
        Ok(())
    })
}

/// All targets at once, behind whatever else the machine does. Dropped, it waits for them.
pub struct Fuzzing(Vec<Running>);

struct Running {
    target: &'static str,
    log: PathBuf,
    process: Child,
}

impl Fuzzing {
    /// Starts them. What was found earlier is kept in target/fuzz and tried again.
    pub fn begin(workspace: &Workspace, seconds: u32) -> Result<Self> {
        let start = |(target, seeds)| start(workspace, target, seeds, seconds);
        Ok(Self(TARGETS.into_iter().map(start).collect::<Result<_>>()?))
    }

    /// Waits for them to pass.
    pub fn end(mut self) -> Result<()> {
        let mut broken = Vec::new();
        for running in &mut self.0 {
            let status = running.process.wait()?;
            let log = fs::read_to_string(&running.log)?;
            let figures = log.lines().filter(|line| line.starts_with("stat::"));
            println!("{}: {status}", running.target);
            figures.for_each(|line| println!("  {line}"));
            if !status.success() {
                eprintln!("{log}");
                broken.push(running.target);
            }
        }
        ensure!(broken.is_empty(), "gave way: {}", broken.join(", "));
        Ok(())
    }
}

impl Drop for Fuzzing {
    fn drop(&mut self) {
        for running in &mut self.0 {
            // They end by themselves, soon; killed, Cargo would leave its fuzzer behind.
            let _ = running.process.wait();
        }
    }
}

fn start(
    workspace: &Workspace,
    target: &'static str,
    seeds: &str,
    seconds: u32,
) -> Result<Running> {
    let folder = folder(workspace);
    let corpus = folder.join("corpus").join(target);
    fs::create_dir_all(&corpus)?;
    let log = folder.join(format!("{target}.log"));
    let file = File::create(&log)?;
    let limits = [
        format!("-max_total_time={seconds}"),
        // A decoder that takes more for 64 kB is broken.
        "-rss_limit_mb=1024".to_owned(),
        "-timeout=10".to_owned(),
        "-max_len=65536".to_owned(),
        "-verbosity=0".to_owned(),
        "-print_final_stats=1".to_owned(),
    ];
    let (shell, options) = (shell(workspace)?, options(workspace));
    let fuzz = cmd!(
        shell,
        "nice -n 19 cargo fuzz run {options...} {target} {corpus} {seeds} -- {limits...}"
    );
    let process = Command::from(fuzz)
        .current_dir(&workspace.root)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .with_context(|| format!("cannot start the fuzzer of {target}"))?;
    Ok(Running {
        target,
        log,
        process,
    })
}

fn shell(workspace: &Workspace) -> Result<Shell> {
    workspace.shell(&[tool(workspace).join("bin")])
}

/// The fuzzer's folder in the cache.
fn tool(workspace: &Workspace) -> PathBuf {
    workspace
        .cache
        .join(format!("tools/cargo-fuzz-{CARGO_FUZZ_VERSION}"))
}

/// Of everything that is built, found and said.
fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("fuzz")
}

/// Without a sanitizer: there is no unsafe code of ours to watch, and the stable compiler has none.
fn options(workspace: &Workspace) -> Vec<OsString> {
    let mut options = ["--fuzz-dir", "tests/fuzz", "--sanitizer", "none"]
        .map(OsString::from)
        .to_vec();
    options.extend(["--target-dir".into(), folder(workspace).into()]);
    options
}
