//! The composed booth: docker/compose.yaml with stand-ins for the images of others, one whole visit, and its end.

use super::container::Container;
use super::engine::Engine;
use super::{backend, bases, frontend, programs, web};
use anyhow::{Result, ensure};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use xshell::cmd;

const PROJECT: &str = "photobooth-test";
/// What page and API must say alike.
const SECURITY_HEADERS: [&str; 7] = [
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
];

pub fn test(engine: &Engine) -> Result<()> {
    let stack = Stack::prepare(engine)?;
    stack.start(&["database", "storage", "collector"])?;
    for name in ["database", "storage"] {
        stack.container(name).wait_for_health()?;
    }
    stack.start(&["migrate", "lifecycle"])?;
    for name in ["migrate", "lifecycle"] {
        stack.container(name).wait_for_success()?;
    }
    stack.start(&["serve", "work"])?;
    let [serve, work] = ["serve", "work"].map(|name| stack.container(name));
    for process in [&serve, &work] {
        process.wait_for_health()?;
        process.check_confinement()?;
    }
    stack.start(&["frontend"])?;
    let server = stack.container("frontend");
    server.wait_for_health()?;
    frontend::check_page(stack.port)?;
    check_headers(stack.port)?;
    stack.visit()?;
    // They send what they still have when they end.
    for process in [&server, &work, &serve] {
        process.stop()?;
    }
    let traces = stack.container("collector").log()?;
    ensure!(
        traces.contains("POST /v1/traces"),
        "no traces came to the collector"
    );
    Ok(())
}

/// The project, which ends with this value.
struct Stack<'a> {
    engine: &'a Engine<'a>,
    port: u16,
}

impl<'a> Stack<'a> {
    /// Builds the guest and the S3 service, and chooses ports and images.
    fn prepare(engine: &'a Engine<'a>) -> Result<Self> {
        let shell = &engine.shell;
        cmd!(
            shell,
            "cargo build --release --package photobooth-tests --bin visit --bin s3-service"
        )
        .run()?;
        let context = engine.folder.join("programs");
        fs::create_dir_all(&context)?;
        fs::copy(
            engine.workspace.target.join("release/s3-service"),
            context.join("s3-service"),
        )?;
        bases::add(engine, "storage", "trixie", &context)?;
        let listeners = [0, 0].map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)));
        let [port, metrics] = listeners.map(|it| Ok::<_, anyhow::Error>(it?.local_addr()?.port()));
        let (port, metrics) = (port?, metrics?);
        for (name, image) in [
            ("BACKEND_IMAGE", backend::CPU.to_owned()),
            ("FRONTEND_IMAGE", frontend::TAG.to_owned()),
            ("POSTGRES_IMAGE", bases::tag("postgres")),
            ("S3_IMAGE", bases::tag("storage")),
            ("AWS_CLI_IMAGE", bases::tag("aws-cli")),
            ("COLLECTOR_IMAGE", bases::tag("collector")),
            ("BOOTH_PORT", port.to_string()),
            ("METRICS_PORT", metrics.to_string()),
        ] {
            shell.set_var(name, image);
        }
        Ok(Self { engine, port })
    }

    /// In the order of their `depends_on`, which this podman does not wait for.
    fn start(&self, services: &[&str]) -> Result<()> {
        self.compose(&["up", "--detach", "--no-deps", "--no-build"], services)
    }

    fn compose(&self, command: &[&str], services: &[&str]) -> Result<()> {
        let shell = &self.engine.shell;
        let program = programs(self.engine.workspace)?.join("podman-compose");
        cmd!(
            shell,
            "{program} --project-name {PROJECT} --file docker/compose.yaml {command...} {services...}"
        )
        .run()?;
        Ok(())
    }

    fn container(&self, service: &str) -> Container<'a> {
        Container::composed(self.engine, format!("{PROJECT}_{service}_1"))
    }

    fn visit(&self) -> Result<()> {
        let shell = &self.engine.shell;
        let guest = self.engine.workspace.target.join("release/visit");
        let booth = format!("http://localhost:{}", self.port);
        cmd!(shell, "{guest} {booth} --storage {booth}/photobooth/").run()?;
        Ok(())
    }
}

impl Drop for Stack<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.compose(&["down", "--volumes", "--timeout", "5"], &[]) {
            eprintln!("the composed booth is not gone: {error:#}");
        }
    }
}

/// nginx says for the page what the backend says for the API.
fn check_headers(port: u16) -> Result<()> {
    let page = web::get(port, "/")?;
    let api = web::get(port, "/api/health/live")?;
    for name in SECURITY_HEADERS {
        let (page, api) = (page.header(name), api.header(name));
        ensure!(!api.is_empty(), "the API sends no {name}");
        ensure!(
            page == api,
            "{name}: {page:?} with the page, {api:?} with the API"
        );
    }
    Ok(())
}
