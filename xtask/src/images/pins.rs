//! What docker/ is built on: every base image is one line, `name:tag` or `name:tag@sha256:...`, and this renews the
//! digests. Another tag is a decision, and written by hand.

use crate::packages;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
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
pub fn renew_folder(shell: &Shell, folder: &Path, plain_http: bool) -> Result<()> {
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
pub fn look_up(shell: &Shell, image: &str, plain_http: bool) -> Result<String> {
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
    text.lines().filter_map(find).map(name).collect()
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
