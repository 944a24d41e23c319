//! `cargo xtask up`: from a fresh checkout to an open booth, with one command.

use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{frontend, models, tools};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::env;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::process::{CommandExt, parent_id};
use std::process::{self, Command};
use std::thread;
use std::time::{Duration, Instant};
use xshell::cmd;

#[derive(Args)]
pub struct Options {
    /// Where the booth listens, on every network of this machine.
    #[arg(long, default_value_t = 3000)]
    port: u16,
}

#[derive(Args)]
pub struct Announcement {
    #[arg(long)]
    port: u16,
}

/// Sets up, builds, and then becomes the backend: signals reach it directly, so Ctrl-C stops it cleanly.
///
/// # Errors
/// A step's; otherwise it never returns.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let begun = Instant::now();
    TcpListener::bind((Ipv4Addr::UNSPECIFIED, options.port)).with_context(|| {
        format!(
            "port {} cannot be used; choose another with --port",
            options.port
        )
    })?;
    build(workspace)?;
    println!(
        "Everything is built after {:.1} s; the models are waking up ...",
        begun.elapsed().as_secs_f64()
    );
    let port = options.port.to_string();
    Command::new(env::current_exe()?)
        .args(["announce", "--port", &port])
        .spawn()
        .context("cannot start the announcement")?;
    let error = Command::new(workspace.target.join("release/backend"))
        .args(["all", "--listen", &format!("0.0.0.0:{port}")])
        .current_dir(&workspace.root)
        .envs(models::environment(workspace))
        .exec();
    Err(error).context("cannot start the backend")
}

fn build(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(5);
    models::take_steps(&mut steps, workspace, models::Scope::Themes)?;
    tools::take_step(&mut steps, workspace)?;
    frontend::take_step(&mut steps, workspace)?;
    steps.take("the backend", || build_backend(workspace))
}

/// Builds the backend as guests meet it.
pub fn build_backend(workspace: &Workspace) -> Result<()> {
    let shell = workspace.shell(&[])?;
    cmd!(shell, "cargo build --release --package photobooth-backend").run()?;
    Ok(())
}

/// Says where the booth is once it is ready; ends quietly when the backend, its parent, ends first.
pub fn announce(announcement: &Announcement) -> Result<()> {
    let backend = parent_id();
    let port = announcement.port;
    let started = Instant::now();
    while !is_ready(port) {
        if parent_id() != backend {
            process::exit(1);
        }
        if started.elapsed() > Duration::from_secs(300) {
            bail!("the backend is not ready after 300 s; its log says why");
        }
        thread::sleep(Duration::from_millis(100));
    }
    println!("\nThe booth is open: http://localhost:{port}");
    if let Some(address) = network_address() {
        println!("On this network:   http://{address}:{port}");
        println!(
            "(Browsers give the camera to localhost and to https only; elsewhere guests choose a photo.)"
        );
    }
    println!("Ctrl-C closes it.\n");
    Ok(())
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let patience = Duration::from_secs(2);
        let mut stream = TcpStream::connect_timeout(&address, patience)?;
        stream.set_read_timeout(Some(patience))?;
        stream.write_all(
            b"GET /api/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut answer = String::new();
        stream.take(64 * 1024).read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// This machine's address on its network: the one it would send from. Nothing is sent.
fn network_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // TEST-NET-1: an address for documentation that belongs to nobody.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback()).then_some(address)
}
