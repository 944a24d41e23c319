//! podman and buildah, set up so that they work inside other containers and virtual machines, and leave the machine's own
//! images alone.

use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// No systemd, no journal, no change of limits: what a container has in which this runs.
const CONTAINERS_CONF: &str = r#"[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
"#;

/// Both programs, and the folder in which they keep everything.
pub struct Engine<'a> {
    pub workspace: &'a Workspace,
    pub shell: Shell,
    /// `target/images`.
    pub folder: PathBuf,
}

/// One image to be built.
pub struct Build<'a> {
    pub dockerfile: PathBuf,
    pub tag: &'a str,
    pub target: Option<&'a str>,
    /// `NAME=value`.
    pub arguments: Vec<String>,
    /// `here:there`, mounted in every step.
    pub volumes: Vec<String>,
    pub context: &'a Path,
}

impl<'a> Engine<'a> {
    pub fn open(workspace: &'a Workspace) -> Result<Self> {
        let folder = workspace.target.join("images");
        fs::create_dir_all(&folder)?;
        let storage = format!(
            // `STORAGE_DRIVER=vfs` where the folder lies on an overlay itself; it takes far more room.
            "[storage]\ndriver = \"overlay\"\ngraphroot = \"{0}/storage\"\nrunroot = \"{0}/run\"\n",
            folder.display()
        );
        fs::write(folder.join("containers.conf"), CONTAINERS_CONF)?;
        fs::write(folder.join("storage.conf"), storage)?;
        let shell = workspace.shell(&[])?;
        shell.set_var("CONTAINERS_CONF", folder.join("containers.conf"));
        shell.set_var("CONTAINERS_STORAGE_CONF", folder.join("storage.conf"));
        shell.set_var("BUILDAH_ISOLATION", "chroot");
        Ok(Self {
            workspace,
            shell,
            folder,
        })
    }

    pub fn has(&self, image: &str) -> bool {
        let shell = &self.shell;
        cmd!(shell, "podman image exists {image}")
            .quiet()
            .run()
            .is_ok()
    }

    /// Builds from what is on this machine. Health checks and the like need Docker's own format.
    pub fn build(&self, build: &Build) -> Result<()> {
        let shell = &self.shell;
        let mut options = vec!["--tag".to_owned(), build.tag.to_owned()];
        if let Some(target) = build.target {
            options.extend(["--target".to_owned(), target.to_owned()]);
        }
        for argument in &build.arguments {
            options.extend(["--build-arg".to_owned(), argument.clone()]);
        }
        for volume in &build.volumes {
            options.extend(["--volume".to_owned(), volume.clone()]);
        }
        let (dockerfile, context) = (&build.dockerfile, build.context);
        cmd!(
            shell,
            "buildah build --format docker --layers --pull-never --file {dockerfile} {options...} {context}"
        )
        .run()
        .with_context(|| format!("{} cannot be built", build.dockerfile.display()))
    }

    /// All its layers, in bytes.
    pub fn size(&self, image: &str) -> Result<u64> {
        Ok(self.inspect(image, "{{.Size}}")?.parse()?)
    }

    pub fn inspect(&self, image: &str, format: &str) -> Result<String> {
        let shell = &self.shell;
        Ok(
            cmd!(shell, "podman image inspect --format {format} {image}")
                .quiet()
                .read()?,
        )
    }
}

/// As a person reads it; a megabyte is a million bytes, as registries count.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
