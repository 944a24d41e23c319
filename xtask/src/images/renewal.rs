//! `cargo xtask images update` against a registry on this machine, whose image changes.

use super::engine::{Build, Engine};
use super::pins;
use super::registry::Registry;
use anyhow::{Result, ensure};
use std::fs;
use std::path::PathBuf;
use xshell::cmd;

/// What is pinned is what the registry has, before and after the change, and our own images are left alone.
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
        publish(engine, &image, content)?;
        pins::renew_folder(&engine.shell, &folder, true)?;
        let pinned = fs::read_to_string(&dockerfile)?;
        let digest = pins::look_up(&engine.shell, &image, true)?;
        let expected = format!("ARG BASE_IMAGE={image}@{digest}\nFROM ${{BASE_IMAGE}}\n");
        ensure!(pinned == expected, "{pinned} is not {expected}");
        let composed = fs::read_to_string(&compose)?;
        let expected = format!("    image: ${{BASE_IMAGE:-{image}@{digest}}}\n{own}");
        ensure!(composed == expected, "{composed} is not {expected}");
        ensure!(digest != last, "the image changed, its digest did not");
        last = digest;
    }
    let shell = &engine.shell;
    cmd!(shell, "podman rmi {image}").ignore_stdout().run()?;
    Ok(())
}

/// Puts an image that holds one file of the checkout under a tag.
fn publish(engine: &Engine, image: &str, content: &str) -> Result<()> {
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
