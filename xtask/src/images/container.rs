//! One container, run as strictly as the compose file runs it: healthy, confined, stopped well.

use super::engine::Engine;
use anyhow::{Context, Result, bail, ensure};
use std::thread;
use std::time::{Duration, Instant};
use xshell::cmd;

/// Models are loaded and warmed up on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
const USER: &str = "10001:10001";

/// A container that may still run.
pub struct Container<'a> {
    engine: &'a Engine<'a>,
    name: String,
    /// Whether it goes with this value.
    is_ours: bool,
}

impl<'a> Container<'a> {
    /// Starts it with a read-only file system, no capabilities and no privileges to be gained.
    pub fn start(engine: &'a Engine<'a>, image: &str, options: &[&str]) -> Result<Self> {
        let shell = &engine.shell;
        let name = cmd!(
            shell,
            "podman run --detach --read-only --read-only-tmpfs=false --cap-drop=all --security-opt=no-new-privileges {options...} {image}"
        )
        .read()?;
        Ok(Self {
            engine,
            name,
            is_ours: true,
        })
    }

    /// One that the compose file started, and ends.
    pub fn composed(engine: &'a Engine<'a>, name: String) -> Self {
        Self {
            engine,
            name,
            is_ours: false,
        }
    }

    /// Waits until its own health check passes.
    pub fn wait_for_health(&self) -> Result<()> {
        let (shell, name) = (&self.engine.shell, &self.name);
        let begun = Instant::now();
        // Nothing here runs health checks by itself: podman has systemd do it.
        while cmd!(shell, "podman healthcheck run {name}")
            .quiet()
            .ignore_stdout()
            .ignore_stderr()
            .run()
            .is_err()
        {
            let is_over = begun.elapsed() > PATIENCE || self.state("{{.State.Running}}")? != "true";
            if is_over {
                cmd!(shell, "podman logs --tail 20 {name}").run()?;
                bail!("{name} does not become healthy");
            }
            thread::sleep(Duration::from_millis(500));
        }
        Ok(())
    }

    /// Whoever runs in there is nobody, and can write nowhere.
    pub fn check_confinement(&self) -> Result<()> {
        let (shell, name) = (&self.engine.shell, &self.name);
        let script =
            "echo $(id -u):$(id -g); touch /usr/written /opt/written 2>/dev/null && echo written";
        let found = cmd!(shell, "podman exec {name} /bin/sh -c {script}")
            .ignore_status()
            .read()?;
        ensure!(found.trim() == USER, "{name} runs as {found:?}, not {USER}");
        Ok(())
    }

    /// What the image says must stop it does, in time, and the process ends well.
    pub fn stop(&self) -> Result<()> {
        let (shell, name) = (&self.engine.shell, &self.name);
        let begun = Instant::now();
        cmd!(shell, "podman stop --time 60 {name}")
            .ignore_stdout()
            .ignore_stderr()
            .run()?;
        let status = self.state("{{.State.ExitCode}}")?;
        ensure!(status == "0", "{name}, told to stop, ended with {status}");
        println!("stopped in {:.1} s", begun.elapsed().as_secs_f64());
        Ok(())
    }

    /// Waits for one that ends by itself, and must end well.
    pub fn wait_for_success(&self) -> Result<()> {
        let (shell, name) = (&self.engine.shell, &self.name);
        let status = cmd!(shell, "podman wait {name}").read()?;
        if status.trim() != "0" {
            cmd!(shell, "podman logs --tail 20 {name}").run()?;
            bail!("{name} ended with {status}");
        }
        Ok(())
    }

    /// Everything that it wrote.
    pub fn log(&self) -> Result<String> {
        let (shell, name) = (&self.engine.shell, &self.name);
        Ok(cmd!(shell, "podman logs {name}").quiet().read()?)
    }

    fn state(&self, format: &str) -> Result<String> {
        let (shell, name) = (&self.engine.shell, &self.name);
        cmd!(shell, "podman inspect --format {format} {name}")
            .quiet()
            .read()
            .with_context(|| format!("{name} is gone"))
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        if !self.is_ours {
            return;
        }
        let (shell, name) = (&self.engine.shell, &self.name);
        // One that is gone already is what is wanted.
        let _ = cmd!(shell, "podman rm --force --time 0 --volumes {name}")
            .quiet()
            .ignore_stdout()
            .ignore_stderr()
            .run();
    }
}
