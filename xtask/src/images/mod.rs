//! The container images: `cargo xtask test images` builds and runs them, `cargo xtask images update` renews what they
//! are built on.

mod backend;
mod bases;
mod cargo;
mod container;
pub mod engine;
mod frontend;
mod pins;
mod publication;
mod registry;
pub mod rehearsed;
mod renewal;
mod stack;
mod web;

use crate::packages;
use crate::python;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use engine::Engine;
use std::path::PathBuf;
use xshell::cmd;

#[derive(Subcommand)]
pub enum Command {
    /// Looks up what the tags of all base images name now, and writes the digests into docker/.
    Update(pins::Options),
}

pub fn run(workspace: &Workspace, command: &Command) -> Result<()> {
    match command {
        Command::Update(options) => pins::run(workspace, options),
    }
}

#[derive(Args)]
pub struct Options {
    /// Only these parts, in their own order [default: all].
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
}

/// What is tested, each part by itself; what it needs of earlier ones must lie there from an earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Dockerfiles by hadolint, the compose file by its schema.
    Lint,
    /// Root file systems by debootstrap, which stand in for the base images.
    Bases,
    /// `cargo xtask images update` against a registry on this machine.
    Update,
    /// How a release's image is pushed and named, against a registry on this machine.
    Publication,
    /// Both images of the backend: built, measured, started and stopped.
    Backend,
    /// The page's image likewise.
    Frontend,
    /// The composed booth, and a whole visit to it.
    Compose,
}

/// `cargo xtask test images`.
pub fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    let all = Part::value_variants();
    let parts: Vec<Part> = all
        .iter()
        .copied()
        .filter(|part| options.only.is_empty() || options.only.contains(part))
        .collect();
    let mut steps = Steps::new(2 + parts.len());
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    packages::take_step(
        &mut steps,
        workspace,
        "container tools",
        packages::CONTAINERS,
    )?;
    let engine = Engine::open(workspace)?;
    for part in parts {
        match part {
            Part::Lint => steps.take("lint", || lint(workspace))?,
            Part::Bases => steps.take("base images' stand-ins", || bases::make_all(&engine))?,
            Part::Update => steps.take("renewing base images", || renewal::test(&engine))?,
            Part::Publication => {
                steps.take("publishing an image", || publication::test(&engine))?
            }
            Part::Backend => steps.take("the backend's images", || backend::test(&engine))?,
            Part::Frontend => steps.take("the page's image", || frontend::test(&engine))?,
            Part::Compose => steps.take("the composed booth", || stack::test(&engine))?,
        }
    }
    steps.summarise();
    Ok(())
}

fn lint(workspace: &Workspace) -> Result<()> {
    let shell = workspace.shell(&[])?;
    let programs = programs(workspace)?;
    let (hadolint, schema) = (programs.join("hadolint"), programs.join("check-jsonschema"));
    for folder in ["docker", "tests/images"] {
        for path in shell.read_dir(folder)? {
            if path.extension().is_some_and(|it| it == "Dockerfile") {
                cmd!(shell, "{hadolint} --config docker/hadolint.yaml {path}").run()?;
            }
        }
    }
    cmd!(
        shell,
        "{schema} --builtin-schema vendor.compose-spec docker/compose.yaml"
    )
    .run()?;
    Ok(())
}

/// The folder of hadolint, check-jsonschema and podman-compose, which are Python packages.
fn programs(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.root.join("tests/images/requirements.txt");
    let shell = workspace.shell(&[])?;
    let mut python = python::environment(workspace, &shell, "images", &requirements)?;
    python.pop();
    Ok(python)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    /// The names of settings in a file, or in all files of a folder.
    fn settings(path: &Path) -> BTreeSet<String> {
        if path.is_dir() {
            let entries = fs::read_dir(path).unwrap();
            return entries
                .flat_map(|entry| settings(&entry.unwrap().path()))
                .collect();
        }
        let text = fs::read_to_string(path).unwrap();
        let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        text.split(|c| !is_part(c))
            .filter(|word| word.starts_with("PHOTOBOOTH_"))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn containers_are_told_nothing_that_nobody_reads() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let read: BTreeSet<_> = [
            "backend/src/config",
            "docker/nginx/environment.lua",
            "xtask/src/main.rs",
        ]
        .iter()
        .flat_map(|path| settings(&root.join(path)))
        .collect();
        for file in ["backend.Dockerfile", "frontend.Dockerfile", "compose.yaml"] {
            let told = settings(&root.join("docker").join(file));
            let lost: Vec<_> = told.difference(&read).collect();
            assert!(!told.is_empty() && lost.is_empty(), "{file}: {lost:?}");
        }
        // nginx hides what is not passed on by name.
        let passed_on = settings(&root.join("docker/nginx/nginx.conf"));
        let wanted = settings(&root.join("docker/nginx/environment.lua"));
        assert_eq!(passed_on, wanted);
    }
}
