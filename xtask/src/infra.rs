//! `cargo xtask infra`: the AWS templates, made and checked without an account, compared and deployed with one.

use crate::packages;
use crate::python;
use crate::stamp::Stamp;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// How many [`take_test_steps`] takes.
pub const TEST_STEPS: usize = 6;

/// What to do with the infrastructure.
#[derive(Subcommand)]
pub enum Action {
    /// Makes the templates of every environment, or of one, in infra/cdk.out. Needs no account.
    Synth {
        #[arg(long)]
        environment: Option<Environment>,
    },
    /// Checks the templates: assertions, cdk-nag, cfn-lint and checkov. Needs no account.
    Test,
    /// Shows what a deployment would change.
    Diff(Target),
    /// Deploys the stacks that are named, in no order of its own: one call a stack keeps to infra/README.md.
    Deploy(Target),
}

/// Where to, and which stacks.
#[derive(Args)]
pub struct Target {
    #[arg(long)]
    environment: Environment,

    /// For example PhotoboothStack-staging.
    #[arg(required = true)]
    stacks: Vec<String>,
}

/// One that infra/lib/environments.ts describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Environment {
    Dev,
    Staging,
    Prod,
}

impl Environment {
    /// As it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Staging => "staging",
            Self::Prod => "prod",
        }
    }
}

pub fn run(workspace: &Workspace, action: &Action) -> Result<()> {
    match action {
        Action::Synth { environment } => synthesize(workspace, *environment),
        Action::Test => test(workspace),
        Action::Diff(target) => with_account(workspace, "diff", target),
        Action::Deploy(target) => with_account(workspace, "deploy", target),
    }
}

fn synthesize(workspace: &Workspace, environment: Option<Environment>) -> Result<()> {
    let environments = environment
        .as_ref()
        .map_or_else(|| Environment::value_variants().to_vec(), |one| vec![*one]);
    let mut steps = Steps::new(2 + environments.len());
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    let shell = take_tool_step(&mut steps, workspace)?;
    for environment in environments {
        let name = environment.name();
        steps.take(&format!("templates of {name}"), || {
            synthesize_as_typed(&shell, name, name, &[])
        })?;
    }
    Ok(())
}

fn test(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(1 + TEST_STEPS);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    take_test_steps(&mut steps, workspace)?;
    steps.summarise();
    Ok(())
}

/// Everything that can be said about the templates without an account.
pub fn take_test_steps(steps: &mut Steps, workspace: &Workspace) -> Result<()> {
    let shell = take_tool_step(steps, workspace)?;
    steps.take("types, cdk-nag and assertions", || {
        cmd!(shell, "npm test --silent").run()?;
        Ok(())
    })?;
    steps.take("a synthesis as the runbook types it", || {
        synthesize_as_typed(&shell, "staging", "typed", STAND_IN)
    })?;
    let requirements = workspace.root.join("infra/requirements.txt");
    let mut python = PathBuf::new();
    steps.take("the linters", || {
        python = python::environment(workspace, &shell, "infra", &requirements)?;
        Ok(())
    })?;
    let folders = Environment::value_variants();
    let folders: Vec<_> = folders
        .iter()
        .map(|it| format!("cdk.out/{}", it.name()))
        .collect();
    steps.take("cfn-lint", || {
        let cfn_lint = python.with_file_name("cfn-lint");
        let templates = folders.iter().map(|it| format!("{it}/*.template.json"));
        cmd!(shell, "{cfn_lint} {templates...}").run()?;
        Ok(())
    })?;
    steps.take("checkov", || {
        let checkov = python.with_file_name("checkov");
        let folders = folders.iter().flat_map(|it| ["--directory", it]);
        cmd!(shell, "{checkov} --config-file checkov.yaml {folders...}").run()?;
        Ok(())
    })
}

/// In place of the pipeline's functions, which take minutes to compile and change no template.
const STAND_IN: &[&str] = &["--context", "lambda-code=test/lambda-code"];

/// What somebody does who stands in infra/ and follows the runbook.
fn synthesize_as_typed(
    shell: &Shell,
    environment: &str,
    folder: &str,
    further: &[&str],
) -> Result<()> {
    cmd!(
        shell,
        "cdk synth --quiet --context environment={environment} --output cdk.out/{folder} {further...}"
    )
    // It would look for an account in the metadata of the machine.
    .env("AWS_EC2_METADATA_DISABLED", "true")
    .run()?;
    Ok(())
}

fn with_account(workspace: &Workspace, verb: &str, target: &Target) -> Result<()> {
    let mut steps = Steps::new(2);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    let shell = take_tool_step(&mut steps, workspace)?;
    let (environment, stacks) = (target.environment.name(), &target.stacks);
    cmd!(
        shell,
        "cdk {verb} {stacks...} --context environment={environment}"
    )
    .run()?;
    Ok(())
}

/// A shell in infra/ that finds the tools of its lock file, and those tools.
fn take_tool_step(steps: &mut Steps, workspace: &Workspace) -> Result<Shell> {
    let folder = workspace.root.join("infra");
    let shell = workspace.shell(&[folder.join("node_modules/.bin")])?;
    shell.change_dir(&folder);
    let sources: [PathBuf; 2] = ["package.json", "package-lock.json"].map(|it| folder.join(it));
    let stamp = Stamp::of(folder.join("node_modules/.made-from"), &sources, &[])?;
    steps.take_once(
        "CDK and its tools",
        || Ok(stamp.is_current()),
        || {
            // Nothing of it needs a script to be installed.
            cmd!(shell, "npm ci --ignore-scripts --no-audit --no-fund").run()?;
            stamp.write()
        },
    )?;
    Ok(shell)
}
