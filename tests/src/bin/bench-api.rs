//! Measures what the API still does while portraits render: `cargo xtask bench api`.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use photobooth_tests::backend_process::{BackendProcess, describe_machine};
use photobooth_tests::camera_frame::take_photo;
use photobooth_tests::guest_api::ApiGuest;
use photobooth_tests::latency::Latencies;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
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
    let workers = WORKERS.to_string();
    let backend = BackendProcess::start(&arguments.backend, &["--workers", &workers])?;
    let guest = ApiGuest::at(&backend.origin);
    guest.wait_for_opening().await?;

    println!("{}", describe_machine());
    println!(
        "health 40 %, themes 30 %, presigned 20 %, status 10 % from {CONNECTIONS} connections, {duration:?} each"
    );
    let job = guest
        .order_portrait(take_photo(1920, 1080)?, THEMES[0])
        .await?;
    guest.wait_for_portrait(&job.id).await?;
    let idle = Latencies::measure(&backend.origin, &job.id, CONNECTIONS, duration).await?;
    println!("  idle:                    {idle}");

    let portraits = Arc::new(AtomicUsize::new(0));
    let mut guests = keep_rendering(&guest, &portraits)?;
    wait_until_all_render(&guest).await?;
    let before = portraits.load(Ordering::Relaxed);
    let rendering = Latencies::measure(&backend.origin, &job.id, CONNECTIONS, duration).await?;
    println!("  two portraits rendering: {rendering}");
    let made = portraits.load(Ordering::Relaxed) - before;
    println!("  portraits made meanwhile: {made}");
    ensure!(made > 0, "no portrait was made while measuring");
    // A guest who gave up would have left the workers idle.
    ensure!(guests.try_join_next().is_none(), "a guest was turned away");
    drop(guests);
    backend.stop().await
}

/// One guest more than there are workers, so that a worker never waits for the next photo.
fn keep_rendering(guest: &ApiGuest, portraits: &Arc<AtomicUsize>) -> Result<JoinSet<Result<()>>> {
    let photo = take_photo(1920, 1080)?;
    let mut guests = JoinSet::new();
    for _ in 0..=WORKERS {
        let (guest, photo, portraits) = (guest.clone(), photo.clone(), Arc::clone(portraits));
        guests.spawn(async move {
            for theme in THEMES.iter().cycle() {
                let job = guest.order_portrait(photo.clone(), theme).await?;
                guest.wait_for_portrait(&job.id).await?;
                portraits.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
    }
    Ok(guests)
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
