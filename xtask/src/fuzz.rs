//! `cargo xtask fuzz`: feeds what strangers can send to the code that reads it first, until something gives way.

use crate::packages;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;
use clap::Args;
use std::fs;
use std::path::PathBuf;
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
    let mut steps = Steps::new(2);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    take_step(&mut steps, workspace, options.seconds)
}

/// Fuzzes every target. What was found earlier is kept in target/fuzz and tried again.
pub fn take_step(steps: &mut Steps, workspace: &Workspace, seconds: u32) -> Result<()> {
    steps.take("fuzzing", || {
        let tool = workspace
            .cache
            .join(format!("tools/cargo-fuzz-{CARGO_FUZZ_VERSION}"));
        let shell = workspace.shell(&[tool.join("bin")])?;
        if !tool.join("bin/cargo-fuzz").exists() {
            let version = format!("cargo-fuzz@{CARGO_FUZZ_VERSION}");
            cmd!(shell, "cargo install --locked --root {tool} {version}").run()?;
        }
        for (target, seeds) in TARGETS {
            fuzz(workspace, &shell, target, seeds, seconds)?;
        }
        Ok(())
    })
}

fn fuzz(
    workspace: &Workspace,
    shell: &Shell,
    target: &str,
    seeds: &str,
    seconds: u32,
) -> Result<()> {
    let build = workspace.target.join("fuzz");
    let corpus: PathBuf = build.join("corpus").join(target);
    fs::create_dir_all(&corpus)?;
    let limits = [
        format!("-max_total_time={seconds}"),
        // A decoder that takes more for 64 kB is broken.
        "-rss_limit_mb=1024".to_owned(),
        "-timeout=10".to_owned(),
        "-max_len=65536".to_owned(),
        "-verbosity=0".to_owned(),
        "-print_final_stats=1".to_owned(),
    ];
    // Without a sanitizer: there is no unsafe code of ours to watch, and the stable compiler has none.
    cmd!(
        shell,
        "cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none --target-dir {build} {target} {corpus} {seeds} -- {limits...}"
    )
    .run()?;
    Ok(())
}
