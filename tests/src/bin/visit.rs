//! One whole visit to a booth that runs somewhere: photo, portrait, download, deletion.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use photobooth_tests::camera_frame::take_photo;
use photobooth_tests::guest_api::ApiGuest;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// A portrait on a busy machine without a graphics card.
const PATIENCE: Duration = Duration::from_secs(180);

#[derive(Parser)]
#[command(about)]
struct Arguments {
    /// Where guests reach the booth.
    #[arg(default_value = "http://localhost:8080")]
    booth: String,
    /// The theme they ask for.
    #[arg(long, default_value = "greek")]
    theme: String,
    /// What the portrait's address must begin with, where that is known.
    #[arg(long)]
    storage: Option<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let guest = ApiGuest::at(&arguments.booth);
    guest.wait_for_opening().await?;
    let begun = Instant::now();
    let visit = guest
        .order_portrait(take_photo(1920, 1080)?, &arguments.theme)
        .await?;
    let portrait = timeout(PATIENCE, guest.wait_for_portrait(&visit.id))
        .await
        .with_context(|| format!("no portrait in {PATIENCE:?}"))??;
    if let Some(storage) = &arguments.storage {
        ensure!(
            portrait.url.starts_with(storage.as_str()),
            "the portrait lies elsewhere than at {storage}"
        );
    }
    guest.fetch_portrait(&portrait).await?;
    guest.delete_visit(&visit).await?;
    println!(
        "one visit to {}: {} bytes of portrait after {:.1} s, deleted",
        arguments.booth,
        portrait.bytes,
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}
