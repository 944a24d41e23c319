//! The page's image: built, measured, started, asked for what a browser asks for, and stopped.

use super::bases;
use super::cargo;
use super::container::Container;
use super::engine::{Build, Engine, megabytes};
use super::web;
use crate::steps::Steps;
use crate::tools;
use anyhow::{Context, Result, ensure};
use std::net::{Ipv4Addr, TcpListener};

pub const TAG: &str = "localhost/photobooth-frontend:latest";
const MAX_OWN_BYTES: u64 = 30_000_000;

pub fn test(engine: &Engine) -> Result<()> {
    // Compiled here once rather than in the image each time; there they are found in the cache.
    tools::take_step(&mut Steps::new(1), engine.workspace)?;
    let cache = engine.workspace.cache.join("tools");
    let tools = format!("{}:/cache/tools", cache.display());
    engine.build(&Build {
        dockerfile: engine.workspace.root.join("docker/frontend.Dockerfile"),
        tag: TAG,
        target: None,
        arguments: bases::build_arguments(),
        volumes: vec![cargo::registry()?, tools],
        context: &engine.workspace.root,
    })?;
    let own = engine.size(TAG)? - engine.size(&bases::tag("trixie"))?;
    println!("{TAG}: {} over its base", megabytes(own));
    ensure!(own < MAX_OWN_BYTES, "that is more than {MAX_OWN_BYTES}");
    check_answers(engine)
}

fn check_answers(engine: &Engine) -> Result<()> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port();
    let publish = format!("--publish=127.0.0.1:{port}:8080");
    let options = [
        publish.as_str(),
        "--env=PHOTOBOOTH_STORAGE_ORIGIN=https://storage.example",
        "--env=PHOTOBOOTH_PUBLIC_SCHEME=https",
    ];
    let server = Container::start(engine, TAG, &options)?;
    server.wait_for_health()?;
    server.check_confinement()?;
    check_page(port)?;
    let page = web::get(port, "/")?;
    let policy = page.header("content-security-policy");
    ensure!(
        policy.contains("connect-src 'self' https://storage.example;"),
        "{policy}"
    );
    let transport = page.header("strict-transport-security");
    ensure!(transport == "max-age=31536000", "{transport}");
    server.stop()?;
    let log = server.log()?;
    ensure!(
        !log.contains("secret-token"),
        "the log tells guests' addresses: {log}"
    );
    Ok(())
}

/// Caching, compression and fallback, wherever the page's server is.
pub fn check_page(port: u16) -> Result<()> {
    let page = web::get(port, "/")?;
    let script = page
        .body
        .split('"')
        .map(|part| part.trim_start_matches("./"))
        .find(|part| part.ends_with("_bg.wasm"))
        .context("the page names no program")?;
    let script = format!("/{}", script.trim_start_matches('/'));
    for (path, status, caching) in [
        ("/", 200, "no-cache"),
        ("/s/secret-token", 200, "no-cache"),
        ("/s/0123456789abcdef", 200, "no-cache"),
        (script.as_str(), 200, "public, max-age=31536000, immutable"),
        ("/gone-0123456789abcdef.js", 404, "no-cache"),
        ("/healthz", 200, "no-cache"),
    ] {
        let answer = web::get(port, path)?;
        let found = (answer.status, answer.header("cache-control"));
        ensure!(found == (status, caching), "{path}: {found:?}");
    }
    let compressed = web::get(port, &script)?;
    ensure!(
        compressed.header("content-encoding") == "br",
        "{script} is not compressed"
    );
    ensure!(
        compressed.header("content-type") == "application/wasm",
        "{script} is no WebAssembly"
    );
    Ok(())
}
