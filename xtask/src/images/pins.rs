//! What docker/ is built on: every base image is one line, `name:tag` or `name:tag@sha256:...`, and this renews the
//! digests. Another tag is a decision, and written by hand.

use super::engine::{Build, Engine};
use crate::packages;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use xshell::{Shell, cmd};

/// How a line names a base image: `ARG X_IMAGE=...` in a Dockerfile, `${X_IMAGE:-...}` in the compose file.
const MARKS: [&str; 2] = ["_IMAGE=", "_IMAGE:-"];

#[derive(Args)]
pub struct Options {
    /// Ask registries over HTTP, as one on this machine speaks it.
    #[arg(long)]
    plain_http: bool,
}

/// `cargo xtask images update`.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut steps = Steps::new(2);
    packages::take_step(
        &mut steps,
        workspace,
        "container tools",
        packages::CONTAINERS,
    )?;
    let shell = workspace.shell(&[])?;
    steps.take("digests of the base images", || {
        renew_folder(&shell, &workspace.root.join("docker"), options.plain_http)
    })
}

/// Renews all files of the folder, or none where one image cannot be found.
fn renew_folder(shell: &Shell, folder: &Path, plain_http: bool) -> Result<()> {
    let mut digests = BTreeMap::new();
    let mut renewed = Vec::new();
    for path in shell.read_dir(folder)? {
        let ending = path.extension().unwrap_or_default();
        if ending != "Dockerfile" && ending != "yaml" {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        for image in images(&text) {
            if !digests.contains_key(image) {
                digests.insert(image.to_owned(), look_up(shell, image, plain_http)?);
            }
        }
        renewed.push((path, pin(&text, &digests)));
    }
    for (path, text) in renewed {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    for (image, digest) in &digests {
        println!("{image} is {digest}");
    }
    Ok(())
}

/// The digest of the list of an image's machine types, so that it is right for each of them.
fn look_up(shell: &Shell, image: &str, plain_http: bool) -> Result<String> {
    let tls = format!("--tls-verify={}", !plain_http);
    let format = "{{.Digest}}";
    let digest = cmd!(
        shell,
        "skopeo inspect --no-tags {tls} --format {format} docker://{image}"
    )
    .quiet()
    .read()
    .with_context(|| format!("{image} cannot be found"))?;
    ensure!(
        digest.starts_with("sha256:") && digest.len() == 71,
        "{image} has the digest {digest:?}"
    );
    Ok(digest)
}

/// Every base image that the text names, without its digest.
fn images(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(find)
        .map(|reference| name(reference))
        .collect()
}

/// The text with the digests that are known.
fn pin(text: &str, digests: &BTreeMap<String, String>) -> String {
    let mut pinned = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match find(line).and_then(|it| Some((it, digests.get(name(it))?))) {
            Some((reference, digest)) => {
                let fresh = format!("{}@{digest}", name(reference));
                pinned.push_str(&line.replacen(reference, &fresh, 1));
            }
            None => pinned.push_str(line),
        }
    }
    pinned
}

/// The image that a line names, unless it is one of our own: those have no registry.
fn find(line: &str) -> Option<&str> {
    let behind = MARKS
        .iter()
        .find_map(|mark| line.split_once(mark))
        .map(|(_, behind)| behind)?;
    let end = behind.find(['}', ' ', '\n']).unwrap_or(behind.len());
    let reference = &behind[..end];
    let (registry, _) = reference.split_once('/')?;
    registry.contains(['.', ':']).then_some(reference)
}

fn name(reference: &str) -> &str {
    reference
        .split_once('@')
        .map_or(reference, |(name, _)| name)
}

/// `cargo xtask test images --only update`: against a registry on this machine whose image changes.
pub fn test(engine: &Engine) -> Result<()> {
    let registry = Registry::start(&engine.folder)?;
    let image = format!("localhost:{}/library/base:1", registry.port);
    let folder = engine.folder.join("pins");
    fs::create_dir_all(&folder)?;
    let (dockerfile, compose) = (folder.join("a.Dockerfile"), folder.join("compose.yaml"));
    let own = "    image: ${OWN_IMAGE:-own:cpu}\n";
    let mut last = String::new();
    fs::write(
        &dockerfile,
        format!("ARG BASE_IMAGE={image}\nFROM ${{BASE_IMAGE}}\n"),
    )?;
    fs::write(
        &compose,
        format!("    image: ${{BASE_IMAGE:-{image}}}\n{own}"),
    )?;
    for content in ["LICENSE-MIT", "LICENSE-APACHE"] {
        registry.publish(engine, &image, content)?;
        renew_folder(&engine.shell, &folder, true)?;
        let pinned = fs::read_to_string(&dockerfile)?;
        let digest = look_up(&engine.shell, &image, true)?;
        let expected = format!("ARG BASE_IMAGE={image}@{digest}\nFROM ${{BASE_IMAGE}}\n");
        ensure!(pinned == expected, "{pinned} is not {expected}");
        let composed = fs::read_to_string(&compose)?;
        let expected = format!("    image: ${{BASE_IMAGE:-{image}@{digest}}}\n{own}");
        ensure!(composed == expected, "{composed} is not {expected}");
        ensure!(digest != last, "the image changed, its digest did not");
        last = digest;
    }
    Ok(())
}

/// Debian's registry on a free port; it ends with this value.
struct Registry {
    process: Child,
    port: u16,
}

impl Registry {
    fn start(folder: &Path) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let settings = folder.join("registry.yaml");
        fs::write(
            &settings,
            format!(
                "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: 127.0.0.1:{port}\n",
                folder.join("registry").display()
            ),
        )?;
        let mut registry = Self {
            process: Command::new("docker-registry")
                .arg("serve")
                .arg(&settings)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .context("cannot start docker-registry")?,
            port,
        };
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            ensure!(
                registry.process.try_wait()?.is_none() && begun.elapsed() < Duration::from_secs(30),
                "docker-registry does not start"
            );
            thread::sleep(Duration::from_millis(50));
        }
        Ok(registry)
    }

    /// Puts an image that holds one file of the checkout under a tag.
    fn publish(&self, engine: &Engine, image: &str, content: &str) -> Result<()> {
        let dockerfile: PathBuf = engine.folder.join("one-file.Dockerfile");
        fs::write(&dockerfile, format!("FROM scratch\nCOPY {content} /\n"))?;
        engine.build(&Build {
            dockerfile,
            tag: image,
            target: None,
            arguments: vec![],
            volumes: vec![],
            context: &engine.workspace.root,
        })?;
        let shell = &engine.shell;
        cmd!(shell, "buildah push --quiet --tls-verify=false {image}")
            .ignore_stdout()
            .run()?;
        Ok(())
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // One that ended by itself cannot be killed, and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn repository(path: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        fs::read_to_string(root.join(path)).unwrap()
    }

    #[test]
    fn a_digest_is_added_replaced_and_left_alone() {
        let digest = |number: char| format!("sha256:{}", number.to_string().repeat(64));
        let digests = BTreeMap::from([("docker.io/library/debian:13".to_owned(), digest('1'))]);
        let old = format!("docker.io/library/debian:13@{}", digest('0'));
        let new = format!("docker.io/library/debian:13@{}", digest('1'));
        for (line, expected) in [
            (
                "ARG A_IMAGE=docker.io/library/debian:13\n".to_owned(),
                format!("ARG A_IMAGE={new}\n"),
            ),
            (
                format!("  image: ${{A_IMAGE:-{old}}} # ours"),
                format!("  image: ${{A_IMAGE:-{new}}} # ours"),
            ),
        ] {
            assert_eq!(pin(&line, &digests), expected);
        }
        for line in [
            "image: ${B_IMAGE:-booth/own:cpu}\n",
            "FROM ${A_IMAGE}\n",
            "",
        ] {
            assert_eq!(images(line), [""; 0]);
            assert_eq!(pin(line, &digests), line);
        }
    }

    /// What is written twice is the same twice, and the toolchain is the repository's.
    #[test]
    fn base_images_agree() {
        let dockerfiles =
            ["backend", "frontend"].map(|name| repository(&format!("docker/{name}.Dockerfile")));
        let bases: BTreeSet<_> = dockerfiles
            .iter()
            .flat_map(|text| images(text))
            .map(|image| image.rsplit_once(':').unwrap())
            .collect();
        let names: Vec<_> = bases.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            [
                "docker.io/library/debian",
                "docker.io/library/rust",
                "docker.io/nvidia/cuda"
            ]
        );
        let toolchain: toml::Table = repository("rust-toolchain.toml").parse().unwrap();
        let channel = toolchain["toolchain"]["channel"].as_str().unwrap();
        let (_, tag) = bases
            .iter()
            .find(|(name, _)| name.ends_with("rust"))
            .unwrap();
        assert!(tag.starts_with(&format!("{channel}-")), "{tag}");
        for text in dockerfiles {
            assert!(text.contains(&format!("RUSTUP_TOOLCHAIN={channel}")));
        }
        assert_eq!(images(&repository("docker/compose.yaml")).len(), 4);
    }
}
