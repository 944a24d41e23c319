//! What the sweeper forgets, and when; the clock is the test's.

use super::booth::Booth;
use backend::results::sweeper::{Swept, sweep};

const HOUR_MS: i64 = 3_600_000;

async fn count(booth: &Booth, table: &'static str) -> i64 {
    let statement = format!("SELECT COUNT(*) FROM {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
        .fetch_one(&booth.app.db.pool)
        .await
        .unwrap()
}

/// What lies in the storage, by key.
async fn objects(booth: &Booth) -> Vec<String> {
    let listed = booth.app.storage.list("", None).await.unwrap();
    listed.into_iter().map(|object| object.key).collect()
}

/// Notes a portrait as done at this moment.
async fn complete(booth: &Booth, id: &str) {
    let portrait = b"a portrait".as_slice().into();
    let key = format!("results/{id}.jpg");
    booth
        .app
        .storage
        .publish(&key, "image/jpeg", portrait)
        .await
        .unwrap();
    sqlx::query("UPDATE photos SET status = 'completed', finished_at_ms = $1 WHERE id = $2")
        .bind(booth.app.clock.now_ms())
        .bind(id)
        .execute(&booth.app.db.pool)
        .await
        .unwrap();
}

#[tokio::test]
async fn everything_is_forgotten_in_its_time_and_nothing_before() {
    let booth = Booth::without_workers(&[]).await;
    let begun_ms = booth.app.clock.now_ms();
    let after = async |hours: i64, minutes: i64| {
        let now_ms = begun_ms + hours * HOUR_MS + minutes * HOUR_MS / 60;
        sweep(&booth.app, now_ms, true).await.unwrap()
    };
    let ticketed = booth.uploaded("image/png", vec![1]).await;
    let queued = booth.queued("image/png", vec![2]).await;
    let done = booth.queued("image/png", vec![3]).await;
    complete(&booth, &done).await;

    // The worker was cut off before it deleted the photo of a portrait that is done.
    assert_eq!(
        after(0, 0).await,
        Swept {
            originals: 1,
            ..Swept::default()
        }
    );
    assert_eq!(after(0, 59).await, Swept::default());
    assert!(booth.has_original(&ticketed).await);

    assert_eq!(
        after(1, 1).await,
        Swept {
            visits: 1,
            ..Swept::default()
        }
    );
    assert!(!booth.has_original(&ticketed).await);
    assert!(booth.has_original(&queued).await);

    // A photo that nobody got to in a day.
    assert_eq!(
        after(24, 1).await,
        Swept {
            originals: 1,
            ..Swept::default()
        }
    );
    assert_eq!(objects(&booth).await, [format!("results/{done}.jpg")]);
    assert_eq!(booth.job(&queued).await.status, api::JobStatus::Failed);

    assert_eq!(after(7 * 24, -1).await, Swept::default());
    assert_eq!(
        after(8 * 24 + 1, 0).await,
        Swept {
            visits: 2,
            ..Swept::default()
        }
    );
    assert_eq!(objects(&booth).await, Vec::<String>::new());
    assert_eq!(count(&booth, "photos").await, 0);
    booth.stop().await;
}

/// An upload address that is used once more after its photo was deleted, a worker that dies between storing a
/// portrait and saying so, and a row that is gone.
#[tokio::test]
async fn objects_that_no_row_needs_are_found_and_deleted() {
    let booth = Booth::without_workers(&[]).await;
    let ticket = booth.ticket("image/png", 1).await;
    let put = async || booth.upload(&ticket).body(vec![1]).send().await.unwrap();
    assert!(put().await.status().is_success());
    assert_eq!(
        booth
            .ask_for_portrait(&ticket.photo_id, "greek")
            .await
            .status(),
        201
    );
    complete(&booth, &ticket.photo_id).await;
    let now_ms = booth.app.clock.now_ms();
    sweep(&booth.app, now_ms, false).await.unwrap();
    assert!(!booth.has_original(&ticket.photo_id).await);
    assert!(put().await.status().is_success());

    let waiting = booth.queued("image/png", vec![2]).await;
    let lost = "results/0b5f3a52-6a27-4c7e-9a57-7f0a6f0c1d2e.png";
    for key in [lost, "results/not-ours.txt"] {
        let bytes = b"whatever".as_slice().into();
        booth
            .app
            .storage
            .publish(key, "image/png", bytes)
            .await
            .unwrap();
    }
    // Whoever stored something a moment ago may be about to say so.
    assert_eq!(
        sweep(&booth.app, now_ms, true).await.unwrap(),
        Swept::default()
    );
    let later = sweep(&booth.app, now_ms + HOUR_MS / 2, true).await.unwrap();
    assert_eq!(
        later,
        Swept {
            orphans: 2,
            ..Swept::default()
        }
    );
    let expected = [
        "results/not-ours.txt".to_owned(),
        format!("results/{}.jpg", ticket.photo_id),
        format!("uploads/{waiting}"),
    ];
    let mut left = objects(&booth).await;
    left.sort();
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(left, expected);
    booth.stop().await;
}
