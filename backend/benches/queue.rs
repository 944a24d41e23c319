//! What the queue costs: claims beside a hundred thousand finished photos, the time from a wish to its pick-up in
//! another process, and the memory of a thousand photos that wait. `cargo xtask bench queue`.

#![allow(clippy::unwrap_used)]

use api::OutputFormat;
use backend::config::{Cli, Command, DatabaseConfig};
use backend::db::{Db, Dialect};
use backend::jobs::queue::{self, Claim, Wish};
use backend::jobs::{Changes, News};
use backend::photo_id::PhotoId;
use clap::Parser;
use photobooth_tests::backend_process::BackendProcess;
use photobooth_tests::guest_api::ApiGuest;
use photobooth_tests::postgres;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

const FINISHED: i64 = 100_000;
const WAITING: usize = 1_000;
const PICK_UPS: usize = 200;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let address = postgres::create_database().unwrap();
    let sqlite = Db::open(&settings(&[]), folder.path()).await.unwrap();
    let postgres = settings(&["--database-url", &address]);
    let postgres = Db::open(&postgres, folder.path()).await.unwrap();
    println!("claims beside {FINISHED} finished photos, {WAITING} waiting:");
    for db in [&sqlite, &postgres] {
        fill(db).await;
        println!(
            "  {:?}: {}",
            db.dialect,
            Percentiles::of(claim_all(db).await)
        );
    }
    println!("from the wish to the claim by an idle worker of another process, {PICK_UPS} times:");
    println!(
        "  Postgres: {}",
        Percentiles::of(pick_up_all(&postgres, &address).await)
    );
    println!("memory of the API for photos that wait:");
    weigh().await;
}

fn settings(flags: &[&str]) -> DatabaseConfig {
    let line = ["backend", "all"].iter().chain(flags);
    let Command::All(config) = Cli::parse_from(line).command else {
        unreachable!("the line says all");
    };
    config.data.database
}

async fn fill(db: &Db) {
    let numbers = match db.dialect {
        Dialect::Sqlite => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
        }
        Dialect::Postgres => "WITH n(i) AS (SELECT generate_series(1, $1))",
    };
    let statement = format!(
        "{numbers} INSERT INTO photos (id, status, upload_type, upload_bytes, created_at_ms, queued_at_ms,
             finished_at_ms, duration_ms, original_deleted_at_ms)
         SELECT 'finished-' || i, 'completed', 'image/jpeg', 1, i, i, i, 2000, i FROM n"
    );
    let statement = sqlx::AssertSqlSafe(statement);
    sqlx::query(statement)
        .bind(FINISHED)
        .execute(&db.pool)
        .await
        .unwrap();
    sqlx::query("ANALYZE").execute(&db.pool).await.unwrap();
    for _ in 0..WAITING {
        enqueue(db).await;
    }
}

async fn enqueue(db: &Db) -> PhotoId {
    let photo = PhotoId::random();
    sqlx::query(
        "INSERT INTO photos (id, status, upload_type, upload_bytes, created_at_ms)
         VALUES ($1, 'ticketed', 'image/jpeg', 1, 0)",
    )
    .bind(photo.to_string())
    .execute(&db.pool)
    .await
    .unwrap();
    let wish = Wish {
        photo,
        theme_id: "greek".to_owned(),
        variant_id: "sunset-terrace".to_owned(),
        format: OutputFormat::Jpeg,
        owner_secret_sha256: String::new(),
        idempotency_salt: None,
        traceparent: None,
    };
    assert!(queue::enqueue(db, &wish, u32::MAX, 1).await.unwrap());
    photo
}

fn claim() -> Claim {
    Claim {
        owner: "bench".to_owned(),
        lease: Duration::from_secs(3_600),
    }
}

async fn claim_all(db: &Db) -> Vec<Duration> {
    let mut durations = Vec::new();
    for _ in 0..WAITING {
        let begun = Instant::now();
        assert!(queue::claim(db, &claim(), 2).await.unwrap().is_some());
        durations.push(begun.elapsed());
    }
    durations
}

/// An idle worker as worker.rs has it, with connections of its own.
async fn pick_up_all(db: &Db, address: &str) -> Vec<Duration> {
    let elsewhere = settings(&["--database-url", address]);
    let elsewhere = Db::open(&elsewhere, Path::new("")).await.unwrap();
    let heard = Changes::new(elsewhere.clone());
    let closing = CancellationToken::new();
    tokio::spawn(
        heard
            .clone()
            .listen(address.to_owned().into(), closing.clone()),
    );
    // The listener's first news is that it listens.
    heard.wait_for_work().await;

    let told = Changes::new(db.clone());
    let mut durations = Vec::new();
    for _ in 0..PICK_UPS {
        let photo = enqueue(db).await;
        let begun = Instant::now();
        told.announce(News::Queued(photo)).await;
        heard.wait_for_work().await;
        let claimed = queue::claim(&elsewhere, &claim(), 2).await.unwrap();
        assert_eq!(claimed.unwrap().photo, photo);
        durations.push(begun.elapsed());
    }
    closing.cancel();
    durations
}

/// Resident memory of a process that queues, before and after a thousand photos.
async fn weigh() {
    let themes = concat!(env!("CARGO_MANIFEST_DIR"), "/../themes");
    let flags = [
        "--workers",
        "0",
        "--queue-limit",
        "2000",
        "--themes-dir",
        themes,
    ];
    let program = Path::new(env!("CARGO_BIN_EXE_backend"));
    let backend = BackendProcess::start(program, &flags).unwrap();
    let process = backend.id().unwrap();
    let guest = ApiGuest::at(&backend.origin);
    guest.wait_for_opening().await.unwrap();
    let photo = vec![7; 200_000];
    // What the first requests leave in caches and pools is no photo's.
    for _ in 0..50 {
        guest.order_portrait(photo.clone(), "greek").await.unwrap();
    }
    let before = resident_kib(process);
    for _ in 0..WAITING {
        guest.order_portrait(photo.clone(), "greek").await.unwrap();
    }
    let after = resident_kib(process);
    println!(
        "  {WAITING} photos of 200 kB: {:.1} MiB before, {:.1} MiB after",
        before as f64 / 1024.0,
        after as f64 / 1024.0
    );
    backend.stop().await.unwrap();
}

fn resident_kib(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.unwrap().split_whitespace().nth(1);
    number.unwrap().parse().unwrap()
}

struct Percentiles(Vec<Duration>);

impl Percentiles {
    fn of(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        Self(durations)
    }

    fn at(&self, share: f64) -> f64 {
        let index = (share * (self.0.len() - 1) as f64).round() as usize;
        self.0[index].as_secs_f64() * 1_000.0
    }
}

impl std::fmt::Display for Percentiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
            self.at(0.5),
            self.at(0.99),
            self.at(1.0)
        )
    }
}
