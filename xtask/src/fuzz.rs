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

/// What is fuzzed, the files to begin with, and the megabytes that it may take.
const TARGETS: [(&str, &str, u32); 4] = [
    (
        "presigned_request",
        "tests/fuzz/seeds/presigned_request",
        1024,
    ),
    ("theme", "themes", 1024),
    ("decode", "tests/fuzz/seeds/decode", 1024),
    // It holds the costumes of all themes.
    ("portray", "tests/fuzz/seeds/portray", 2048),
];

/// How many [`take_steps`] takes.
pub const STEPS: usize = 2;

#[derive(Args)]
pub struct Options {
    /// For how long each target is fuzzed.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut steps = Steps::new(1 + STEPS);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    take_steps(&mut steps, workspace, options.seconds)
}

/// Fuzzes all targets at once. What was found earlier is kept in target/fuzz and tried again.
pub fn take_steps(steps: &mut Steps, workspace: &Workspace, seconds: u32) -> Result<()> {
    steps.take("build the fuzzers", || build(workspace))?;
    steps.take("fuzzing", || {
        let mut fuzzers = Fuzzers::default();
        for target in TARGETS {
            fuzzers.0.push(start(workspace, target, seconds)?);
        }
        fuzzers.judge()
    })
}

fn build(workspace: &Workspace) -> Result<()> {
    let (tool, shell) = (tool(workspace), shell(workspace)?);
    if !tool.join("bin/cargo-fuzz").exists() {
        let version = format!("cargo-fuzz@{CARGO_FUZZ_VERSION}");
        cmd!(shell, "cargo install --locked --root {tool} {version}").run()?;
    }
    let options = options(workspace);
    cmd!(shell, "cargo fuzz build {options...}").run()?;
    Ok(())
}

struct Fuzzer {
    target: &'static str,
    log: PathBuf,
    process: Child,
}

/// Those that run.
#[derive(Default)]
struct Fuzzers(Vec<Fuzzer>);

impl Fuzzers {
    /// Waits until all have ended, and shows what each one did, or what it found.
    fn judge(mut self) -> Result<()> {
        let mut broken = Vec::new();
        for fuzzer in &mut self.0 {
            let status = fuzzer.process.wait()?;
            // What made it give way is printed as it is, and need not be text.
            let log = String::from_utf8_lossy(&fs::read(&fuzzer.log)?).into_owned();
            let figures = log.lines().filter(|line| line.starts_with("stat::"));
            println!("{}: {status}", fuzzer.target);
            figures.for_each(|line| println!("  {line}"));
            if !status.success() {
                eprintln!("{log}");
                broken.push(fuzzer.target);
            }
        }
        ensure!(broken.is_empty(), "gave way: {}", broken.join(", "));
        Ok(())
    }
}

impl Drop for Fuzzers {
    fn drop(&mut self) {
        for fuzzer in &mut self.0 {
            // They end by themselves; killed, Cargo would leave its child behind.
            let _ = fuzzer.process.wait();
        }
    }
}

fn start(
    workspace: &Workspace,
    (target, seeds, megabytes): (&'static str, &str, u32),
    seconds: u32,
) -> Result<Fuzzer> {
    let folder = folder(workspace);
    let corpus = folder.join("corpus").join(target);
    fs::create_dir_all(&corpus)?;
    let log = folder.join(format!("{target}.log"));
    let file = File::create(&log)?;
    let limits = [
        format!("-max_total_time={seconds}"),
        // A decoder that takes more for 64 kB is broken.
        format!("-rss_limit_mb={megabytes}"),
        "-timeout=60".to_owned(),
        "-max_len=65536".to_owned(),
        "-verbosity=0".to_owned(),
        "-print_final_stats=1".to_owned(),
    ];
    let (shell, options) = (shell(workspace)?, options(workspace));
    let fuzz = cmd!(
        shell,
        "cargo fuzz run {options...} {target} {corpus} {seeds} -- {limits...}"
    );
    let process = Command::from(fuzz)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .with_context(|| format!("cannot start the fuzzer of {target}"))?;
    Ok(Fuzzer {
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
