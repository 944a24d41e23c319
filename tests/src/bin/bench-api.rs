//! Measures what the API still does while portraits render: `cargo xtask bench api`.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use image::codecs::jpeg::JpegEncoder;
use photobooth_tests::camera_frame::draw_camera_frame;
use photobooth_tests::guest_api::ApiGuest;
use photobooth_tests::latency::Latencies;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};

const THEMES: [&str; 4] = ["barbarian", "greek", "mystic", "anime"];
const WORKERS: u64 = 2;
const CONNECTIONS: usize = 4;

#[derive(Parser)]
#[command(about)]
struct Arguments {
    /// The release build of the backend; it finds models and themes by its environment.
    #[arg(long)]
    backend: PathBuf,
    /// Seconds of each of the two measurements.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=120))]
    seconds: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let duration = Duration::from_secs(arguments.seconds);
    let data = TempDir::new()?;
    let (mut backend, booth) = start_backend(&arguments.backend, data.path())?;
    let guest = ApiGuest::at(&booth);
    guest.wait_for_opening().await?;

    println!("{}", describe_machine());
    println!(
        "health 40 %, themes 30 %, presigned 20 %, status 10 % from {CONNECTIONS} connections, {duration:?} each"
    );
    let job = guest.order_portrait(photo()?, THEMES[0]).await?;
    guest.wait_for_portrait(&job).await?;
    let idle = Latencies::measure(&booth, &job, CONNECTIONS, duration).await?;
    println!("  idle:                    {idle}");

    let portraits = Arc::new(AtomicUsize::new(0));
    let mut guests = keep_rendering(&guest, &portraits)?;
    wait_until_all_render(&guest).await?;
    let before = portraits.load(Ordering::Relaxed);
    let rendering = Latencies::measure(&booth, &job, CONNECTIONS, duration).await?;
    println!("  two portraits rendering: {rendering}");
    let made = portraits.load(Ordering::Relaxed) - before;
    println!("  portraits made meanwhile: {made}");
    ensure!(made > 0, "no portrait was made while measuring");
    // A guest who gave up would have left the workers idle.
    ensure!(guests.try_join_next().is_none(), "a guest was turned away");
    drop(guests);
    backend.kill().await?;
    Ok(())
}

/// Starts the backend on a free port of this machine alone; it ends with this process.
fn start_backend(program: &Path, data: &Path) -> Result<(Child, String)> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port();
    let address = format!("127.0.0.1:{port}");
    let backend = Command::new(program)
        .args([
            "all",
            "--listen",
            &address,
            "--workers",
            &WORKERS.to_string(),
        ])
        .arg("--data-dir")
        .arg(data)
        // One address asks for what a thousand guests would.
        .args(["--reads-per-second", "0", "--process-per-minute", "0"])
        .args(["--log", "warn,s3s=off,s3s_fs=off"])
        // One machine is all the clients here.
        .args([
            "--reads-per-second",
            "0",
            "--presigned-per-second",
            "0",
            "--process-per-minute",
            "0",
        ])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    Ok((backend, format!("http://{address}")))
}

/// One guest more than there are workers, so that a worker never waits for the next photo.
fn keep_rendering(guest: &ApiGuest, portraits: &Arc<AtomicUsize>) -> Result<JoinSet<Result<()>>> {
    let photo = photo()?;
    let mut guests = JoinSet::new();
    for _ in 0..=WORKERS {
        let (guest, photo, portraits) = (guest.clone(), photo.clone(), Arc::clone(portraits));
        guests.spawn(async move {
            for theme in THEMES.iter().cycle() {
                let job = guest.order_portrait(photo.clone(), theme).await?;
                guest.wait_for_portrait(&job).await?;
                portraits.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
    }
    Ok(guests)
}

fn photo() -> Result<Vec<u8>> {
    let mut photo = Vec::new();
    let frame = draw_camera_frame(1920, 1080)?;
    JpegEncoder::new_with_quality(&mut photo, 92).encode_image(&frame)?;
    Ok(photo)
}

async fn wait_until_all_render(guest: &ApiGuest) -> Result<()> {
    let mut looks = interval(Duration::from_millis(100));
    let see_all = async {
        while guest.count_renders().await? < WORKERS {
            looks.tick().await;
        }
        Ok(())
    };
    timeout(Duration::from_secs(30), see_all)
        .await
        .context("the workers do not take the photos")?
}

fn describe_machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown processor", |it| {
        it.trim_start_matches([' ', '\t', ':'])
    });
    format!("{cores} cores, {model}")
}
