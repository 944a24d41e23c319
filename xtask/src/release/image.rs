//! Images by whatever builds them here, docker or podman: built, pushed under a commit, and named by digest.

use crate::images::engine::Engine;
use crate::packages;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// How an image is built.
pub struct Recipe<'a> {
    pub dockerfile: PathBuf,
    pub target: Option<&'a str>,
    /// `NAME=value`.
    pub arguments: &'a [String],
    pub context: &'a Path,
}

/// Builds images and knows registries.
pub struct Registry {
    shell: Shell,
    builder: Builder,
}

/// What builds images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Builder {
    Docker,
    Podman,
}

impl Registry {
    /// By default docker where its daemon answers, else podman, which is installed where that can be done.
    pub fn open(workspace: &Workspace, builder: Option<Builder>) -> Result<Self> {
        let shell = workspace.shell(&[])?;
        let answers = || {
            let daemon = cmd!(shell, "docker info").quiet();
            daemon.ignore_stdout().ignore_stderr().run().is_ok()
        };
        if builder.map_or_else(answers, |it| it == Builder::Docker) {
            return Ok(Self {
                shell,
                builder: Builder::Docker,
            });
        }
        packages::take_step(
            &mut Steps::new(1),
            workspace,
            "container tools",
            packages::CONTAINERS,
        )?;
        Ok(Self {
            shell: Engine::open(workspace)?.shell,
            builder: Builder::Podman,
        })
    }

    /// Shows Amazon's registry the keys that this process has; others are taken as they are.
    pub fn log_in(&self, repository: &str) -> Result<()> {
        let Some((host, region)) = find_amazon(repository) else {
            return Ok(());
        };
        let (shell, program) = (&self.shell, self.name());
        let password = cmd!(shell, "aws ecr get-login-password --region {region}")
            .read()
            .context("Amazon's registry gives no password")?;
        cmd!(
            shell,
            "{program} login --username AWS --password-stdin {host}"
        )
        .stdin(password)
        .run()?;
        Ok(())
    }

    /// Builds and pushes `repository:tag`, and says its `NAME@sha256:...`. Where the tag is there already it names the
    /// same commit: a build that is tried again goes on with what it pushed, since tags are never overwritten.
    pub fn publish(&self, recipe: &Recipe, repository: &str, tag: &str) -> Result<String> {
        let image = format!("{repository}:{tag}");
        if let Some(digest) = self.digest(&image)? {
            println!("{image} is there already");
            return Ok(format!("{repository}@{digest}"));
        }
        self.build(recipe, &image)?;
        self.push(&image)?;
        let digest = self.digest(&image)?;
        let digest = digest.with_context(|| format!("{image} was pushed, and is not there"))?;
        Ok(format!("{repository}@{digest}"))
    }

    fn build(&self, recipe: &Recipe, image: &str) -> Result<()> {
        let (shell, program) = (&self.shell, self.name());
        let (dockerfile, context) = (&recipe.dockerfile, recipe.context);
        let mut options = Vec::new();
        if let Some(target) = recipe.target {
            options.extend(["--target", target]);
        }
        for argument in recipe.arguments {
            options.extend(["--build-arg", argument]);
        }
        if self.builder == Builder::Podman {
            // The other format has no health checks.
            options.extend(["--format", "docker"]);
        }
        cmd!(
            shell,
            "{program} build --file {dockerfile} {options...} --tag {image} {context}"
        )
        .run()
        .with_context(|| format!("{} cannot be built", dockerfile.display()))
    }

    fn push(&self, image: &str) -> Result<()> {
        let shell = &self.shell;
        match self.builder {
            // It speaks plain HTTP with this machine by itself.
            Builder::Docker => cmd!(shell, "docker push {image}").run()?,
            Builder::Podman => {
                let tls = format!("--tls-verify={}", !is_on_this_machine(image));
                cmd!(shell, "podman push --quiet {tls} {image}").run()?;
            }
        }
        Ok(())
    }

    /// What the registry has under this name, if anything. That it cannot be asked is no reason to build for half an hour.
    fn digest(&self, image: &str) -> Result<Option<String>> {
        #[derive(Deserialize)]
        struct Manifest {
            #[serde(alias = "Digest")]
            digest: String,
        }
        let shell = &self.shell;
        let tls = format!("--tls-verify={}", !is_on_this_machine(image));
        let format = "{{json .Manifest}}";
        let look = match self.builder {
            Builder::Docker => cmd!(
                shell,
                "docker buildx imagetools inspect --format {format} {image}"
            ),
            Builder::Podman => cmd!(shell, "skopeo inspect --no-tags {tls} docker://{image}"),
        };
        let answer = look.quiet().ignore_status().output()?;
        if answer.status.success() {
            let manifest: Manifest = serde_json::from_slice(&answer.stdout)?;
            return Ok(Some(manifest.digest));
        }
        let reason = String::from_utf8_lossy(&answer.stderr);
        ensure!(
            is_absence(&reason),
            "{image} cannot be looked up: {}",
            reason.trim()
        );
        Ok(None)
    }

    fn name(&self) -> &'static str {
        match self.builder {
            Builder::Docker => "docker",
            Builder::Podman => "podman",
        }
    }
}

/// Host and region of a repository that is Amazon's.
fn find_amazon(repository: &str) -> Option<(&str, &str)> {
    let (host, _) = repository.split_once('/')?;
    let (_, place) = host.split_once(".dkr.ecr.")?;
    let (region, domain) = place.split_once('.')?;
    let is_amazon = matches!(domain, "amazonaws.com" | "amazonaws.com.cn");
    is_amazon.then_some((host, region))
}

/// Whether a registry said that it has no such tag, or nothing of that name yet.
fn is_absence(reason: &str) -> bool {
    // Both codes are of the registries' protocol; docker says neither.
    let codes = ["manifest unknown", "name unknown"];
    let mut lines = reason.lines();
    lines.any(|line| codes.iter().any(|code| line.contains(code)) || line.ends_with(": not found"))
}

fn is_on_this_machine(image: &str) -> bool {
    let host = image.split(['/', ':']).next().unwrap_or_default();
    matches!(host, "localhost" | "127.0.0.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazon_is_logged_in_to_and_nobody_else() {
        let host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
        assert_eq!(
            find_amazon(&format!("{host}/ai-photobooth-backend-dev")),
            Some((host, "eu-central-1"))
        );
        for other in [
            "localhost:5000/backend",
            "docker.io/library/debian",
            "1.dkr.ecr.eu-central-1.amazonaws.com.example.org/backend",
            "backend",
        ] {
            assert_eq!(find_amazon(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_not_there_differs_from_what_cannot_be_asked() {
        for absent in [
            "time=\"...\" level=fatal msg=\"Error parsing image name: reading manifest 1 in localhost:5000/backend: manifest unknown\"",
            "reading manifest 1 in localhost:5000/backend: name unknown: repository name not known to registry",
            "ERROR: localhost:5000/backend:1: not found",
        ] {
            assert!(is_absence(absent), "{absent}");
        }
        for unclear in [
            "pinging container registry localhost:5000: connect: connection refused",
            "unauthorized: authentication required",
            "toomanyrequests: Rate exceeded",
            "exec: \"skopeo\": executable file not found in $PATH",
            "",
        ] {
            assert!(!is_absence(unclear), "{unclear}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        assert!(is_on_this_machine("localhost:5000/backend:1"));
        assert!(is_on_this_machine("127.0.0.1:5000/backend"));
        assert!(!is_on_this_machine("localhost.example.org/backend:1"));
        assert!(!is_on_this_machine("registry.example/localhost"));
    }
}
