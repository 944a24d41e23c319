//! A registry on this machine, for what is pushed and looked up.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Debian's registry on a free port; it ends with this value.
pub struct Registry {
    process: Child,
    pub port: u16,
}

impl Registry {
    /// An empty one.
    pub fn start(folder: &Path) -> Result<Self> {
        let content = folder.join("registry");
        if content.exists() {
            fs::remove_dir_all(&content)?;
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let settings = folder.join("registry.yaml");
        fs::write(
            &settings,
            format!(
                "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: 127.0.0.1:{port}\n",
                content.display()
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
}

impl Drop for Registry {
    fn drop(&mut self) {
        // One that ended by itself cannot be killed, and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
