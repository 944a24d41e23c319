//! `cargo xtask dependencies`: whose code is compiled in, under which licence, from where, and how often. `deny.toml`
//! says what is allowed.

use crate::steps::Steps;
use crate::tools::install_cargo_deny;
use crate::workspace::Workspace;
use anyhow::Result;
use clap::Args;
use xshell::cmd;

/// Each has a Cargo.lock of its own.
const MANIFESTS: [&str; 2] = ["Cargo.toml", "tests/fuzz/Cargo.toml"];

#[derive(Args)]
pub struct Options {
    /// Also look for known vulnerabilities, in the database that is fetched from RustSec.
    #[arg(long)]
    advisories: bool,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut steps = Steps::new(2);
    let tool = install_cargo_deny(&mut steps, workspace)?;
    steps.take("licences, sources and duplicates", || {
        let shell = workspace.shell(&[tool])?;
        let mut checks = vec!["bans", "licenses", "sources"];
        if options.advisories {
            checks.push("advisories");
        }
        for manifest in MANIFESTS {
            let checks = &checks;
            cmd!(
                shell,
                "cargo deny --locked --manifest-path {manifest} --config deny.toml check --hide-inclusion-graph {checks...}"
            )
            .run()?;
        }
        Ok(())
    })
}
