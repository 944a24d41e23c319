//! One shell for all commands of a build: what one exports or where it goes, the next finds.

use super::spec;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, PipeReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use tempfile::TempDir;

/// A shell that waits for its next command.
pub struct Shell {
    process: Child,
    input: ChildStdin,
    /// Both of its outputs, in the order in which they were written.
    output: BufReader<PipeReader>,
    /// Where commands lie while they run.
    folder: TempDir,
    /// Printed after each command, before its exit status; no command prints it.
    mark: String,
}

impl Shell {
    /// Starts it in `folder`, with `variables` besides those of this process.
    pub fn start(
        kind: spec::Shell,
        folder: &Path,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self> {
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new(match kind {
            spec::Shell::Sh => "sh",
            spec::Shell::Bash => "bash",
        });
        command
            .current_dir(folder)
            .envs(variables)
            .stdin(Stdio::piped())
            .stdout(writer.try_clone()?)
            .stderr(writer);
        let mut process = command.spawn().context("cannot start a shell")?;
        // It holds the pipe's other end, which would never be closed.
        drop(command);
        let input = process.stdin.take().context("the shell has no input")?;
        let folder = TempDir::new()?;
        let mark = format!("[ended {}]", folder.path().display());
        Ok(Self {
            process,
            input,
            output: BufReader::new(reader),
            folder,
            mark,
        })
    }

    /// Runs one command, hands its lines on as they come, and says its exit status. One that ends the shell, by `exit`
    /// or `set -e`, ends this value: no other command can follow.
    pub fn run(&mut self, command: &str, see: &mut dyn FnMut(&str)) -> Result<Ended> {
        let file = self.folder.path().join("command");
        fs::write(&file, format!("{command}\n"))?;
        // A command that reads gets nothing, rather than the commands that follow.
        let line = format!(
            ". '{}' </dev/null; printf '%s%s\\n' '{}' \"$?\"\n",
            file.display(),
            self.mark
        );
        // A shell that ended without being asked for more says so below.
        let _ = self.input.write_all(line.as_bytes());
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            if self.output.read_until(b'\n', &mut bytes)? == 0 {
                let status = self.process.wait()?;
                return Ok(Ended::WithShell(status.code().unwrap_or(-1)));
            }
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end_matches(['\n', '\r']);
            match line.split_once(&self.mark) {
                None => see(line),
                Some((before, status)) => {
                    // What it printed last had no end of line.
                    if !before.is_empty() {
                        see(before);
                    }
                    let status = status.parse().context("the shell said no exit status")?;
                    return Ok(Ended::Itself(status));
                }
            }
        }
    }

    /// A variable's value at this moment.
    pub fn read(&mut self, variable: &str) -> Result<String> {
        let mut lines = Vec::new();
        let command = format!("printf '%s' \"${{{variable}-}}\"");
        self.run(&command, &mut |line| lines.push(line.to_owned()))?;
        Ok(lines.join("\n"))
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        // One that ended by itself cannot be killed, and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How a command ended, with its exit status.
pub enum Ended {
    Itself(i32),
    WithShell(i32),
}

impl Ended {
    pub fn status(&self) -> i32 {
        match self {
            Self::Itself(status) | Self::WithShell(status) => *status,
        }
    }
}
