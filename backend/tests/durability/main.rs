//! Kills workers and the database again and again while hundreds of photos are on their way, with everything real:
//! processes, PostgreSQL, S3 protocol, models. All become portraits, none is published twice, nothing is left over.

#![allow(clippy::unwrap_used)]

mod chaos;
mod guests;
mod process;

use backend::app::{AppState, Application};
use backend::config::{Cli, Command, Role};
use backend::results::sweeper::sweep;
use chaos::Chaos;
use clap::Parser;
use guests::Guests;
use photobooth_tests::postgres::Server;
use photobooth_tests::s3::Service;
use process::Process;
use sqlx::AnyPool;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const PHOTOS: u32 = 260;
const WORKERS: usize = 4;

/// On two cores it takes a few minutes; one that lost a photo would wait for ever.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Long after anything was stored.
const MUCH_LATER_MS: i64 = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_nothing_done_twice() {
    let server = Server::start().unwrap();
    let storage = Service::start().await.unwrap();
    let flags = flags(&server, &storage);
    let door = Process::start("serve", &flags);
    let observer = observe(&flags).await;
    let workers: Vec<Process> = (0..WORKERS)
        .map(|_| Process::start("work", &flags))
        .collect();

    let guests = Guests::send(&door.address(), PHOTOS);
    let mut chaos = Chaos::over(workers, server);
    let mut finished = 0;
    let begun = Instant::now();
    while finished < i64::from(PHOTOS) {
        assert!(
            begun.elapsed() < PATIENCE,
            "only {finished} photos are finished"
        );
        if let Ok(count) = count_finished(&observer.db.pool).await {
            finished = count;
            chaos.strike(finished).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    guests.expect_all_sent().await;
    println!(
        "{} kills, {} crashes of the database",
        chaos.kills, chaos.crashes
    );
    assert!(chaos.kills >= 10 && chaos.crashes >= 2);

    expect_all_completed(&observer.db.pool).await;
    for (key, times) in storage.stored() {
        assert!(
            !key.starts_with("results/") || times == 1,
            "{key} was published {times} times"
        );
    }
    let now_ms = observer.clock.now_ms();
    sweep(&observer, now_ms + MUCH_LATER_MS, true)
        .await
        .unwrap();
    let left = list_all(&observer).await;
    assert_eq!(left.len(), usize::try_from(PHOTOS).unwrap());
    assert!(left.iter().all(|key| key.starts_with("results/")));
    guests::expect_pictures(&observer, &left[..10]).await;
}

fn flags(server: &Server, storage: &Service) -> Vec<String> {
    let themes = concat!(env!("CARGO_MANIFEST_DIR"), "/../themes");
    let database = server.create_database().unwrap();
    let own = [
        ["--database-url", &database],
        ["--themes-dir", themes],
        ["--frontend-dir", "nowhere"],
        ["--queue-limit", "1000"],
        ["--lease-seconds", "3"],
        // So many kills may strike one photo three times, and three attempts are the default.
        ["--attempts", "20"],
        ["--portrait-size", "120x160"],
        ["--render-threads", "1"],
        ["--drain-seconds", "1"],
        ["--reads-per-second", "0"],
        ["--presigned-per-second", "0"],
        ["--process-per-minute", "0"],
    ];
    let own = own.concat().into_iter().map(str::to_owned);
    own.chain(storage.flags()).collect()
}

/// A process that only looks: it has the database, the storage and the sweeper, and is never run.
async fn observe(flags: &[String]) -> AppState {
    let line = ["backend", "serve", "--listen", "127.0.0.1:0"].map(str::to_owned);
    let line = line.into_iter().chain(flags.iter().cloned());
    let Command::Serve(config) = Cli::parse_from(line).command else {
        unreachable!("the line says serve");
    };
    let application = Application::build(*config, Role::Serve).await.unwrap();
    application.state().clone()
}

async fn count_finished(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM photos WHERE status IN ('completed', 'failed')")
        .fetch_one(pool)
        .await
}

async fn expect_all_completed(pool: &AnyPool) {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT status, COALESCE(error_detail, ''), COUNT(*) FROM photos GROUP BY 1, 2",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let counts: BTreeMap<_, _> = rows
        .into_iter()
        .map(|(status, detail, count)| ((status, detail), count))
        .collect();
    let all = ("completed".to_owned(), String::new());
    assert_eq!(counts.get(&all), Some(&i64::from(PHOTOS)), "{counts:?}");
}

async fn list_all(app: &AppState) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    loop {
        let page = app.storage.list("", keys.last().map(String::as_str)).await;
        let page = page.unwrap();
        if page.is_empty() {
            return keys;
        }
        keys.extend(page.into_iter().map(|object| object.key));
    }
}
