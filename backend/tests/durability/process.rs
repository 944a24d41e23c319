//! The backend as a process of its own, that can be killed.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A running backend; it is killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    role: &'static str,
    flags: Vec<String>,
    port: u16,
    child: Child,
}

impl Process {
    pub fn start(role: &'static str, flags: &[String]) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = port.local_addr().unwrap().port();
        Self {
            child: launch(role, flags, port),
            role,
            flags: flags.to_vec(),
            port,
        }
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends the process without a word of warning (SIGKILL) and starts another in its place.
    pub fn kill_and_replace(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = launch(self.role, &self.flags, self.port);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already is as good as killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn launch(role: &str, flags: &[String], port: u16) -> Child {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let logs = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("durability");
    fs::create_dir_all(&logs).unwrap();
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let log = File::create(logs.join(format!("{role}-{number}.log"))).unwrap();
    Command::new(env!("CARGO_BIN_EXE_backend"))
        .arg(role)
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .args(flags)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}
