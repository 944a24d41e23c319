//! `cargo xtask images update` against a registry on this machine, whose image changes.

use super::engine::{Build, Engine};
use super::pins;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
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
        registry.publish(engine, &image, content)?;
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
