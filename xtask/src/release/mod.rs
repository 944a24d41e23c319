//! What CodeBuild calls: `cargo xtask release` makes a release of a service, or the program behind the Lambdas;
//! `render-deploy` only the files that a deployment takes; `validate-deployment` judges one.

mod appspec;
mod bases;
mod bootstrap;
mod delivery;
pub mod files;
mod glibc;
pub mod image;
mod service;
mod task_definition;
mod transcript;
mod unit_tests;

use crate::infra::Environment;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
pub use delivery::{Validation, validate};
use files::Release;
use image::{Builder, Registry};
use service::Service;
use std::path::PathBuf;
use xshell::cmd;

/// What is released.
#[derive(Subcommand)]
pub enum Subject {
    /// Tests, image (docker/backend.Dockerfile, for graphics cards) and files of the backend.
    Backend(Options),
    /// Tests, image and files of the page's server.
    Frontend(Options),
    /// The one program of all Lambdas.
    Bootstrap {
        /// The folder that gets `bootstrap`.
        out: PathBuf,
    },
}

#[derive(Args)]
pub struct Options {
    /// Where the release goes.
    #[arg(long, env = "DELIVERY_ENVIRONMENT")]
    environment: Environment,

    /// The repository that the image is pushed to, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com/NAME.
    #[arg(long, env = "REPOSITORY_URI")]
    repository: String,

    /// The commit that lies here [default: what git says].
    #[arg(long, env = "CODEBUILD_RESOLVED_SOURCE_VERSION")]
    commit: Option<String>,

    /// An image that was tested and pushed before, NAME@sha256:...: it is released instead of a new one.
    #[arg(long, env = "RELEASE_IMAGE")]
    image: Option<String>,

    /// Another base than the Dockerfiles name, ARG=IMAGE: of a registry of one's own, say.
    #[arg(long = "base", env = "RELEASE_BASES", value_delimiter = ',')]
    bases: Vec<String>,

    /// What builds the image [default: docker where it runs, else podman].
    #[arg(long, value_enum, env = "RELEASE_BUILDER")]
    builder: Option<Builder>,

    /// The folder that gets appspec.yaml, taskdef.json and imageDetail.json.
    #[arg(long, default_value = "deploy")]
    out: PathBuf,
}

/// `cargo xtask release`.
pub fn run(workspace: &Workspace, subject: &Subject) -> Result<()> {
    match subject {
        Subject::Backend(options) => release(workspace, Service::Backend, options),
        Subject::Frontend(options) => release(workspace, Service::Frontend, options),
        Subject::Bootstrap { out } => bootstrap::build(workspace, out),
    }
}

fn release(workspace: &Workspace, service: Service, options: &Options) -> Result<()> {
    let commit = match &options.commit {
        Some(commit) => commit.clone(),
        None => commit_of_checkout(workspace)?,
    };
    let own_steps = if options.image.is_some() {
        0
    } else {
        unit_tests::steps(service) + 1
    };
    let mut steps = Steps::new(own_steps + 2);
    let image = if let Some(image) = &options.image {
        image.clone()
    } else {
        unit_tests::take_steps(&mut steps, workspace, service)?;
        let mut image = String::new();
        steps.take("the image", || {
            image = publish(workspace, service, options, &commit)?;
            Ok(())
        })?;
        image
    };
    let mut task_definition = String::new();
    steps.take("the newest task definition", || {
        task_definition = delivery::task_definition(workspace, options.environment, service)?;
        Ok(())
    })?;
    steps.take("the deployment's files", || {
        let release = Release {
            environment: options.environment,
            service,
            task_definition: &task_definition,
            image: &image,
            commit: &commit,
        };
        files::write(workspace, &release, &options.out)
    })?;
    steps.summarise();
    println!("{image} is {} of {commit}", service.name());
    Ok(())
}

fn publish(
    workspace: &Workspace,
    service: Service,
    options: &Options,
    commit: &str,
) -> Result<String> {
    let registry = Registry::open(workspace, options.builder)?;
    registry.log_in(&options.repository)?;
    registry.publish(
        &image::Recipe {
            dockerfile: service.dockerfile(workspace),
            target: Some(service.image_target()),
            arguments: &bases::of(workspace, service, &options.bases)?,
            context: &workspace.root,
        },
        &options.repository,
        commit,
    )
}

/// Of a checkout as it was committed: an image is named by its commit, and must be what that name says.
fn commit_of_checkout(workspace: &Workspace) -> Result<String> {
    let shell = workspace.shell(&[])?;
    let changes = cmd!(shell, "git status --porcelain").quiet().read();
    let changes = changes.context("no git here: say --commit")?;
    ensure!(
        changes.is_empty(),
        "the checkout has changes that no commit names:\n{changes}"
    );
    Ok(cmd!(shell, "git rev-parse HEAD").quiet().read()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::junit;
    use crate::load::Test;
    use std::fs;
    use std::path::Path;

    /// The globs of a buildspec's reports, each without its `*.xml`.
    fn promised(buildspec: &str) -> Vec<&str> {
        let lines = buildspec.lines().map(str::trim);
        let globs = lines.filter_map(|line| line.strip_prefix("- ")?.strip_suffix("*.xml"));
        globs.collect()
    }

    #[test]
    fn every_report_that_a_buildspec_promises_is_written() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let written = [
            ("backend", vec![Service::Backend.name()]),
            ("frontend", vec![Service::Frontend.name()]),
            ("infra", vec!["infra"]),
            (
                "integration",
                vec![Test::Basic.report(), Test::Journey.report()],
            ),
            ("validate", vec![delivery::VALIDATION]),
        ];
        for (name, reports) in &written {
            let file = root.join(format!("buildspecs/{name}.yml"));
            let buildspec = fs::read_to_string(file).unwrap();
            let folder = format!("base-directory: {}\n", junit::FOLDER);
            assert!(buildspec.contains(&folder), "{name}");
            let [glob] = promised(&buildspec)[..] else {
                panic!("{name} promises {:?}", promised(&buildspec));
            };
            assert!(reports.iter().all(|it| it.starts_with(glob)), "{name}");
        }
        let files = fs::read_dir(root.join("buildspecs")).unwrap();
        let files =
            files.filter(|it| it.as_ref().unwrap().path().extension() == Some("yml".as_ref()));
        assert_eq!(files.count(), written.len());
        // That one is written by the tests' own runner.
        let scripts = fs::read_to_string(root.join("infra/package.json")).unwrap();
        let infra = format!("--test-reporter-destination=../{}/infra.xml", junit::FOLDER);
        assert!(scripts.contains(&infra));
    }
}
