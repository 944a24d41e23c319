//! A PostgreSQL server of the tests' own: made in a temporary folder, gone with the process that started it.

use anyhow::{Context, Result, ensure};
use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// A server that does not answer by then has failed.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// The server that all tests of a process share; each gets a database of its own.
static SHARED: LazyLock<Result<Server>> = LazyLock::new(|| match env::var("TEST_DATABASE_URL") {
    Ok(address) => Server::at(&address),
    Err(_) => Server::start(),
});

/// A running server.
#[derive(Clone, Debug)]
pub struct Server {
    programs: PathBuf,
    /// Everything of an address but the database's name: `postgres://user@host:port`.
    base: String,
    /// Its files; `None` for a server that somebody else started.
    folder: Option<PathBuf>,
}

/// The address of a new, empty database on the server that `TEST_DATABASE_URL` names, or on one that this process
/// starts for itself.
///
/// # Errors
/// PostgreSQL is not installed, or does not start.
pub fn create_database() -> Result<String> {
    match &*SHARED {
        Ok(server) => server.create_database(),
        Err(error) => anyhow::bail!("{error:#}"),
    }
}

impl Server {
    /// Makes a cluster in a temporary folder and starts it on a free port of this machine alone.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn start() -> Result<Self> {
        let programs = find_programs()?;
        let folder = env::temp_dir().join(format!("photobooth-postgres-{}", std::process::id()));
        let folder = unused(folder);
        fs::create_dir(&folder)?;
        if is_root()? {
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let mut initdb = as_postgres(&programs.join("initdb"))?;
        // Nothing in it is worth surviving a power cut.
        run(initdb.arg("--pgdata").arg(folder.join("data")).args([
            "--username=postgres",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        ]))?;
        let port = free_port()?;
        let server = Self {
            programs,
            base: format!("postgres://postgres@127.0.0.1:{port}"),
            folder: Some(folder),
        };
        server.launch()?;
        Ok(server)
    }

    fn at(address: &str) -> Result<Self> {
        let (base, _) = address
            .rsplit_once('/')
            .context("TEST_DATABASE_URL does not end in /database")?;
        Ok(Self {
            programs: find_programs()?,
            base: base.to_owned(),
            folder: None,
        })
    }

    /// The address of a new, empty database.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn create_database(&self) -> Result<String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        run(Command::new(self.programs.join("psql"))
            .args(["--quiet", "--dbname", &format!("{}/postgres", self.base)])
            .args(["--command", &format!("CREATE DATABASE {name}")]))?;
        Ok(format!("{}/{name}", self.base))
    }

    /// Stops the server as a crash does, without a good-bye to anybody, and starts it again.
    ///
    /// # Errors
    /// It does not start any more.
    pub fn crash_and_restart(&self) -> Result<()> {
        let folder = self.folder.as_ref().context("this server is not ours")?;
        let mut stop = as_postgres(&self.programs.join("pg_ctl"))?;
        run(stop.arg("--pgdata").arg(folder.join("data")).args([
            "stop",
            "--mode=immediate",
            "--wait",
        ]))?;
        self.launch()
    }

    /// Starts the server; it ends when this process does, whatever ends it, and takes its folder with it.
    fn launch(&self) -> Result<()> {
        let folder = self.folder.clone().context("this server is not ours")?;
        let port = self.base.rsplit(':').next().unwrap_or_default().to_owned();
        let watch = r#"
            "$1" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$2" \
                -c fsync=off -c max_connections=200 >>"$2/log" 2>&1 &
            trap 'kill -INT $!; wait; rm -rf "$2"' TERM
            wait"#;
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM"]);
        if is_root()? {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        }
        command
            .args(["sh", "-c", watch, "sh"])
            .arg(self.programs.join("postgres"))
            .arg(&folder)
            .arg(port)
            .stdin(Stdio::null());
        let (started, is_started) = mpsc::channel();
        // The signal comes when the thread that started a process ends, so that thread waits as long as there is
        // something to wait for.
        thread::spawn(move || {
            let child = command.spawn();
            let (child, outcome) = match child {
                Ok(child) => (Some(child), Ok(())),
                Err(error) => (None, Err(error)),
            };
            let _ = started.send(outcome);
            if let Some(mut child) = child {
                let _ = child.wait();
            }
        });
        is_started.recv()??;
        self.wait_until_ready(&folder)
    }

    fn wait_until_ready(&self, folder: &Path) -> Result<()> {
        let begun = Instant::now();
        let ask = || {
            Command::new(self.programs.join("pg_isready"))
                .args(["--quiet", "--dbname", &format!("{}/postgres", self.base)])
                .status()
        };
        while !ask()?.success() {
            ensure!(
                begun.elapsed() < START_PATIENCE,
                "PostgreSQL does not start: {}",
                fs::read_to_string(folder.join("log")).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

/// Where initdb and its relatives lie: Debian keeps them off the PATH, one folder a version.
fn find_programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .max();
    let path = env::var_os("PATH").unwrap_or_default();
    debian
        .into_iter()
        .chain(env::split_paths(&path))
        .find(|folder| folder.join("initdb").is_file())
        .context("PostgreSQL is not installed; `cargo xtask test` brings it")
}

/// PostgreSQL refuses to run as root, so root runs it as the user that Debian's package makes.
fn as_postgres(program: &Path) -> Result<Command> {
    if !is_root()? {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
        .arg(program);
    Ok(command)
}

fn is_root() -> Result<bool> {
    let output = Command::new("id").arg("-u").output()?;
    Ok(output.stdout.trim_ascii() == b"0")
}

fn run(command: &mut Command) -> Result<()> {
    let output = command
        .current_dir("/")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("running {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

fn unused(folder: PathBuf) -> PathBuf {
    let others = (1..).map(|number| folder.with_extension(number.to_string()));
    std::iter::once(folder.clone())
        .chain(others)
        .find(|folder| !folder.exists())
        .unwrap_or(folder)
}
