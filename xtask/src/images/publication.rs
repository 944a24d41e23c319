//! A release's image in a registry on this machine: pushed once under its commit, and named by the digest that it has there.

use super::engine::Engine;
use super::pins;
use super::registry::Registry;
use crate::release::image::{self, Builder, Recipe};
use anyhow::{Result, ensure};
use std::fs;

pub fn test(engine: &Engine) -> Result<()> {
    let registry = Registry::start(&engine.folder)?;
    let repository = format!("localhost:{}/backend", registry.port);
    let publish = |content: &str, commit: &str| {
        let dockerfile = engine.folder.join("release.Dockerfile");
        let stages = format!(
            "ARG BASE=localhost/nowhere\nFROM scratch AS other\nFROM ${{BASE}} AS gpu\nCOPY {content} /\n"
        );
        fs::write(&dockerfile, stages)?;
        let recipe = Recipe {
            dockerfile,
            target: Some("gpu"),
            arguments: &["BASE=scratch".to_owned()],
            context: &engine.workspace.root,
        };
        image::Registry::open(engine.workspace, Some(Builder::Podman))?.publish(
            &recipe,
            &repository,
            commit,
        )
    };
    let first = publish("LICENSE-MIT", "c0ffee")?;
    let digest = pins::look_up(&engine.shell, &format!("{repository}:c0ffee"), true)?;
    ensure!(
        first == format!("{repository}@{digest}"),
        "{first} is not {digest}"
    );
    let again = publish("LICENSE-APACHE", "c0ffee")?;
    ensure!(again == first, "a tag was overwritten: {again}");
    let next = publish("LICENSE-APACHE", "decade")?;
    ensure!(next != first, "another commit has the same image");
    drop(registry);
    let unclear = publish("LICENSE-MIT", "facade").map_err(|error| error.to_string());
    ensure!(
        matches!(&unclear, Err(reason) if reason.contains("cannot be looked up")),
        "without a registry: {unclear:?}"
    );
    Ok(())
}
