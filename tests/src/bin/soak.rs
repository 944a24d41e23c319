//! Simulates a day at an event and watches the backend's memory: `cargo xtask bench soak`.

use anyhow::{Result, ensure};
use clap::Parser;
use photobooth_tests::backend_process::{BackendProcess, describe_machine};
use photobooth_tests::camera_frame::take_photo;
use photobooth_tests::guest_api::{ApiGuest, Ask};
use photobooth_tests::memory::{PORTRAITS_A_DAY, Record, Sample, read_peak_mb};
use photobooth_tests::small_themes::copy_small;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::interval;

const THEMES: [&str; 4] = ["barbarian", "greek", "mystic", "anime"];

/// Photos of several sizes, as guests' cameras differ; small, so that a day passes in about an hour.
const PHOTOS: [(u32, u32); 3] = [(800, 600), (640, 480), (960, 540)];

/// One visit of so many ends with "Delete now"; the sweeper forgets the others.
const DELETED_EVERY: usize = 5;

/// As many sweeps, and all portraits' lives, as fit into a day must fit into a run of hours.
const SHORT_LIVES: [&str; 6] = [
    "--sweep-seconds",
    "5",
    "--original-hours",
    "1",
    "--portrait-hours",
    "1",
];

const SAMPLE_INTERVAL: Duration = Duration::from_secs(1);

/// What an hour of the day may add to the process's memory.
const ALLOWED_MB_AN_HOUR: f64 = 1.0;

/// In a quarter of a day the line is steep by what is in work at the moment, not by growth.
const JUDGED_FROM_PORTRAITS: u32 = PORTRAITS_A_DAY / 4;

#[derive(Parser)]
#[command(about)]
struct Arguments {
    /// The release build of the backend; it finds models and themes by its environment.
    #[arg(long)]
    backend: PathBuf,
    /// Folder of the themes.
    #[arg(long, env = "PHOTOBOOTH_THEMES_DIR", default_value = "themes")]
    themes_dir: PathBuf,
    /// How many visits there are; 20,000 are a day.
    #[arg(long, default_value_t = PORTRAITS_A_DAY, value_parser = clap::value_parser!(u32).range(1..))]
    portraits: u32,
    /// Portraits made at a time [default: as many as there are cores].
    #[arg(long)]
    workers: Option<usize>,
    /// Writes every look at the process into this file, as comma-separated values.
    #[arg(long)]
    samples: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers = arguments.workers.unwrap_or(cores);
    // No worker waits for a photo, and the queue stays short enough for its limit.
    let guests = 2 * workers + 2;
    println!("{}", describe_machine());
    println!("{workers} workers, {guests} guests at a time");

    let (workers, queue) = (workers.to_string(), guests.to_string());
    let mut flags = vec!["--workers", &workers, "--queue-limit", &queue];
    flags.extend(["--portrait-size", "300x400"]);
    flags.extend(SHORT_LIVES);
    let themes = TempDir::new()?;
    copy_small(&arguments.themes_dir, themes.path())?;
    let themes_dir = themes.path().to_string_lossy();
    flags.extend(["--themes-dir", &themes_dir]);
    let backend = BackendProcess::start(&arguments.backend, &flags)?;
    let visitor = Visitor::at(&backend.origin)?;
    visitor.guest.wait_for_opening().await?;

    let day = Arc::new(Day::of(arguments.portraits));
    let record = pass(&day, &Arc::new(visitor), guests, backend.id()?).await?;
    if let Some(file) = arguments.samples {
        fs::write(&file, record.to_csv())?;
        println!("every second of it: {}", file.display());
    }
    let verdict = report(&day, &record, read_peak_mb(backend.id()?)?);
    backend.stop().await?;
    verdict
}

/// How far the day is.
struct Day {
    visits: u32,
    begun: AtomicU32,
    made: AtomicU32,
    failed: AtomicU32,
}

impl Day {
    fn of(visits: u32) -> Self {
        Self {
            visits,
            begun: AtomicU32::new(0),
            made: AtomicU32::new(0),
            failed: AtomicU32::new(0),
        }
    }

    /// The next visit's number, until there are no more.
    fn next_visit(&self) -> Option<u32> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        (number < self.visits).then_some(number)
    }

    fn made(&self) -> u32 {
        self.made.load(Ordering::Relaxed)
    }
}

/// Sends guests until the day is over, so many at a time, and looks at the process meanwhile.
async fn pass(day: &Arc<Day>, visitor: &Arc<Visitor>, guests: usize, id: u32) -> Result<Record> {
    let mut visitors = JoinSet::new();
    for _ in 0..guests {
        let (day, visitor) = (Arc::clone(day), Arc::clone(visitor));
        visitors.spawn(async move {
            while let Some(number) = day.next_visit() {
                match visitor.visit(number).await {
                    Ok(()) => day.made.fetch_add(1, Ordering::Relaxed),
                    Err(error) => {
                        eprintln!("visit {number} failed: {error:#}");
                        day.failed.fetch_add(1, Ordering::Relaxed)
                    }
                };
            }
        });
    }
    let begun = Instant::now();
    let mut record = Record::default();
    let mut looks = interval(SAMPLE_INTERVAL);
    let mut told_tenths = 0;
    loop {
        let is_over = tokio::select! {
            ended = visitors.join_next() => ended.transpose()?.is_none(),
            _ = looks.tick() => false,
        };
        let sample = Sample::take(id, day.made(), begun.elapsed())?;
        record.samples.push(sample);
        let tenths = sample.portraits * 10 / day.visits;
        if tenths > told_tenths {
            told_tenths = tenths;
            println!("  {}", describe(&sample));
        }
        if is_over {
            return Ok(record);
        }
    }
}

fn describe(sample: &Sample) -> String {
    let minutes = sample.elapsed.as_secs_f64() / 60.0;
    format!(
        "{:>6} portraits after {minutes:>6.1} minutes: {:>7.1} MB",
        sample.portraits, sample.resident_mb
    )
}

/// Prints what the day was like.
///
/// # Errors
/// A visit failed, or memory grew more than it may.
fn report(day: &Day, record: &Record, peak_mb: f64) -> Result<()> {
    let (made, failed) = (day.made(), day.failed.load(Ordering::Relaxed));
    let took = record
        .samples
        .last()
        .map_or(Duration::ZERO, |it| it.elapsed);
    println!(
        "{made} portraits, {failed} failures, {:.1} minutes, {:.2} portraits a second",
        took.as_secs_f64() / 60.0,
        f64::from(made) / took.as_secs_f64()
    );
    let [early, half, end] = [10, 50, 100].map(|percent| record.mb_at(percent));
    println!(
        "{early:.1} MB at 10 %, {half:.1} MB at 50 %, {end:.1} MB at 100 %, {peak_mb:.1} MB at most"
    );
    ensure!(failed == 0, "{failed} visits failed");
    let (simulated, real) = record.slopes()?;
    println!(
        "{simulated:+.3} MB an hour of the simulated day, {real:+.3} MB an hour by the clock, after the first 10 %"
    );
    if made < JUDGED_FROM_PORTRAITS {
        println!("not judged: that takes {JUDGED_FROM_PORTRAITS} portraits");
        return Ok(());
    }
    ensure!(
        simulated < ALLOWED_MB_AN_HOUR,
        "fail: {ALLOWED_MB_AN_HOUR} MB an hour of the simulated day are allowed"
    );
    println!("pass: less than {ALLOWED_MB_AN_HOUR} MB an hour of the simulated day");
    Ok(())
}

/// All the guests of the day, one at each call.
struct Visitor {
    guest: ApiGuest,
    photos: Vec<Vec<u8>>,
}

impl Visitor {
    fn at(booth: &str) -> Result<Self> {
        let photos = PHOTOS.map(|(width, height)| take_photo(width, height));
        Ok(Self {
            guest: ApiGuest::at(booth),
            photos: photos.into_iter().collect::<Result<_>>()?,
        })
    }

    /// One visit, as the page makes it. Themes and photos go round; a portrait's seed is its id's.
    async fn visit(&self, number: u32) -> Result<()> {
        let number = number as usize;
        let photo = self.photos[number % self.photos.len()].clone();
        let theme = THEMES[number % THEMES.len()];
        self.guest.ask(Ask::Themes, "").await?;
        let job = self.guest.order_portrait(photo, theme).await?;
        let portrait = self.guest.wait_for_portrait(&job.id).await?;
        self.guest.fetch_portrait(&portrait).await?;
        if number.is_multiple_of(DELETED_EVERY) {
            self.guest.delete_visit(&job).await?;
        }
        Ok(())
    }
}
