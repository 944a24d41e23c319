//! The queue itself: one owner a photo, leases that end, attempts that are counted.

use super::database;
use api::{ErrorCode, JobStatus, OutputFormat, Stage};
use backend::db::Db;
use backend::jobs::crew;
use backend::jobs::outcome::{self, Finished};
use backend::jobs::queue::{self, Claim, Claimed, Depth, Setback, Wish};
use backend::jobs::words::word_of;
use backend::photo_id::PhotoId;
use std::collections::HashSet;
use std::time::Duration;
use tempfile::TempDir;

const LEASE_MS: i64 = 30_000;
const ATTEMPTS: u32 = 3;

struct Queue {
    db: Db,
    _data: TempDir,
}

impl Queue {
    async fn open() -> Self {
        let data = tempfile::tempdir().unwrap();
        let db = database::open(data.path()).await;
        Self { db, _data: data }
    }

    async fn enqueue(&self, now_ms: i64) -> PhotoId {
        let wish = self.wish().await;
        assert!(
            queue::enqueue(&self.db, &wish, 1_000, now_ms)
                .await
                .unwrap()
        );
        assert!(
            !queue::enqueue(&self.db, &wish, 1_000, now_ms)
                .await
                .unwrap()
        );
        wish.photo
    }

    /// A photo that has a ticket, and what its guest wants.
    async fn wish(&self) -> Wish {
        let photo = PhotoId::random();
        sqlx::query(
            "INSERT INTO photos (id, status, upload_type, upload_bytes, created_at_ms)
             VALUES ($1, 'ticketed', 'image/png', 1, 0)",
        )
        .bind(photo.to_string())
        .execute(&self.db.pool)
        .await
        .unwrap();
        Wish {
            photo,
            theme_id: "greek".to_owned(),
            variant_id: "coast".to_owned(),
            format: OutputFormat::Png,
            owner_secret_sha256: String::new(),
            idempotency_salt: None,
            traceparent: None,
        }
    }

    async fn claim(&self, now_ms: i64) -> Option<Claimed> {
        queue::claim(&self.db, &claim(), now_ms).await.unwrap()
    }

    async fn complete(&self, claimed: &Claimed, now_ms: i64) -> bool {
        let finished = Finished {
            content_type: "image/png",
            width: 2400,
            height: 3200,
            bytes: 5,
            faces: 1,
            release: "7".to_owned(),
        };
        outcome::complete(&self.db.pool, claimed, &finished, now_ms)
            .await
            .unwrap()
    }

    async fn recover(&self, now_ms: i64) -> Vec<PhotoId> {
        queue::take_from_silent(&self.db.pool, ATTEMPTS, now_ms)
            .await
            .unwrap()
    }

    async fn give_back(&self, claimed: &Claimed, setback: Setback, now_ms: i64) -> bool {
        queue::give_back(&self.db.pool, claimed, setback, ATTEMPTS, now_ms)
            .await
            .unwrap()
    }

    async fn status(&self, photo: PhotoId) -> String {
        sqlx::query_scalar("SELECT status FROM photos WHERE id = $1")
            .bind(photo.to_string())
            .fetch_one(&self.db.pool)
            .await
            .unwrap()
    }
}

fn claim() -> Claim {
    Claim {
        owner: "a".to_owned(),
        lease: Duration::from_millis(LEASE_MS.unsigned_abs()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_photo_goes_to_one_worker() {
    let queue = Queue::open().await;
    let mut waiting = HashSet::new();
    for now_ms in 0..40 {
        waiting.insert(queue.enqueue(now_ms).await);
    }
    let workers = (0..8).map(|_| {
        let db = queue.db.clone();
        tokio::spawn(async move {
            let mut taken = Vec::new();
            while let Some(claimed) = queue::claim(&db, &claim(), 100).await.unwrap() {
                assert_eq!(claimed.attempt, 1);
                taken.push(claimed.photo);
            }
            taken
        })
    });
    let mut taken = Vec::new();
    for worker in futures_util::future::join_all(workers).await {
        taken.extend(worker.unwrap());
    }
    assert_eq!(taken.len(), 40);
    assert_eq!(taken.into_iter().collect::<HashSet<_>>(), waiting);
}

#[tokio::test]
async fn the_last_place_is_given_once() {
    let queue = Queue::open().await;
    queue.enqueue(0).await;
    let mut wishes = Vec::new();
    for _ in 0..6 {
        wishes.push(queue.wish().await);
    }
    let limit = 2;
    let places = wishes
        .iter()
        .map(|wish| queue::enqueue(&queue.db, wish, limit, 1));
    let given = futures_util::future::join_all(places).await;
    let given = given.into_iter().filter(|given| *given.as_ref().unwrap());
    assert_eq!(given.count(), 1);
    let depth = queue::depth(&queue.db.pool).await.unwrap();
    assert_eq!(depth.queued, 2);
}

#[tokio::test]
async fn who_came_first_is_served_first() {
    let queue = Queue::open().await;
    let second = queue.enqueue(20).await;
    let first = queue.enqueue(10).await;
    let claimed = queue.claim(30).await.unwrap();
    assert_eq!(claimed.photo, first);
    assert_eq!(claimed.format, OutputFormat::Png);
    assert_eq!(
        (claimed.theme_id.as_str(), claimed.variant_id.as_str()),
        ("greek", "coast")
    );
    assert_eq!(queue.claim(30).await.unwrap().photo, second);
    assert!(queue.claim(30).await.is_none());
    let depth = queue::depth(&queue.db.pool).await.unwrap();
    assert_eq!(
        depth,
        Depth {
            queued: 0,
            processing: 2
        }
    );
}

#[tokio::test]
async fn a_silent_worker_loses_its_photo() {
    let queue = Queue::open().await;
    let photo = queue.enqueue(0).await;
    let silent = queue.claim(0).await.unwrap();
    assert!(queue.recover(LEASE_MS).await.is_empty());
    assert!(queue.claim(LEASE_MS).await.is_none());

    assert_eq!(queue.recover(LEASE_MS + 1).await, [photo]);
    let next = queue.claim(LEASE_MS + 1).await.unwrap();
    assert_eq!((next.photo, next.attempt), (photo, 2));
    // Whatever the first one still writes is not taken.
    let pool = &queue.db.pool;
    let renewed = queue::renew(pool, &silent, &claim(), LEASE_MS + 2).await;
    assert!(!renewed.unwrap());
    assert!(!queue.complete(&silent, LEASE_MS + 2).await);
    for setback in [Setback::Attempt, Setback::Surroundings] {
        let given_back = queue::give_back(pool, &silent, setback, ATTEMPTS, 0);
        assert!(!given_back.await.unwrap());
    }
    let failed = outcome::fail(pool, &silent, ErrorCode::NoFace, "", 0);
    assert!(!failed.await.unwrap());
    let noted = outcome::note_stage(pool, &silent, Stage::Paint, 0.5);
    noted.await.unwrap();
    assert_eq!(queue.status(photo).await, word_of(JobStatus::Processing));

    assert!(queue.complete(&next, LEASE_MS + 3).await);
    assert!(!queue.complete(&next, LEASE_MS + 4).await);
    assert_eq!(queue.status(photo).await, word_of(JobStatus::Completed));
}

#[tokio::test]
async fn a_renewed_lease_holds() {
    let queue = Queue::open().await;
    let photo = queue.enqueue(0).await;
    let claimed = queue.claim(0).await.unwrap();
    let renewed = queue::renew(&queue.db.pool, &claimed, &claim(), 20_000).await;
    assert!(renewed.unwrap());
    assert!(queue.recover(LEASE_MS + 1).await.is_empty());
    assert_eq!(queue.recover(20_000 + LEASE_MS + 1).await, [photo]);
}

#[tokio::test]
async fn the_third_silence_is_the_last() {
    let queue = Queue::open().await;
    let photo = queue.enqueue(0).await;
    let pool = &queue.db.pool;
    let mut now_ms = 0;
    for attempt in 1..=i64::from(ATTEMPTS) {
        assert_eq!(queue.claim(now_ms).await.unwrap().attempt, attempt);
        now_ms += LEASE_MS + 1;
        let parked = outcome::park_exhausted(pool, ATTEMPTS, now_ms)
            .await
            .unwrap();
        assert_eq!(parked.is_empty(), attempt < i64::from(ATTEMPTS));
        queue.recover(now_ms).await;
    }
    assert!(queue.claim(now_ms).await.is_none());
    assert_eq!(queue.status(photo).await, word_of(JobStatus::Failed));
    let detail: String = sqlx::query_scalar("SELECT error_detail FROM photos")
        .fetch_one(pool)
        .await
        .unwrap();
    assert!(detail.contains("silent"), "{detail}");
}

#[tokio::test]
async fn a_failed_attempt_rests_longer_each_time_and_the_third_is_the_last() {
    let queue = Queue::open().await;
    let photo = queue.enqueue(0).await;
    let mut now_ms = 5;
    for (attempt, rest_ms) in [(1, 1_000), (2, 2_000)] {
        let claimed = queue.claim(now_ms).await.unwrap();
        assert_eq!((claimed.photo, claimed.attempt), (photo, attempt));
        assert!(queue.give_back(&claimed, Setback::Attempt, now_ms).await);
        assert!(queue.claim(now_ms + rest_ms - 1).await.is_none());
        now_ms += rest_ms;
    }
    let last = queue.claim(now_ms).await.unwrap();
    assert!(!queue.give_back(&last, Setback::Attempt, now_ms).await);
}

#[tokio::test]
async fn what_the_surroundings_did_costs_the_photo_no_attempt() {
    let queue = Queue::open().await;
    let photo = queue.enqueue(0).await;
    let mut now_ms = 0;
    for attempt in 1..=10 {
        let claimed = queue.claim(now_ms).await.unwrap();
        assert_eq!((claimed.photo, claimed.attempt), (photo, attempt));
        assert!(
            queue
                .give_back(&claimed, Setback::Surroundings, now_ms)
                .await
        );
        now_ms += 64_000;
    }
}

#[tokio::test]
async fn a_photo_given_back_keeps_its_place() {
    let queue = Queue::open().await;
    let photo = queue.enqueue(0).await;
    let other = queue.enqueue(1).await;
    let claimed = queue.claim(5).await.unwrap();
    assert!(queue.give_back(&claimed, Setback::Attempt, 5).await);
    // While it rests, the next one goes first; nobody waits for it.
    assert_eq!(queue.claim(6).await.unwrap().photo, other);
    queue.enqueue(7).await;
    assert_eq!(queue.claim(2_000).await.unwrap().photo, photo);
}

#[tokio::test]
async fn the_crew_is_whoever_was_heard_of_lately() {
    let queue = Queue::open().await;
    let pool = &queue.db.pool;
    assert_eq!(crew::studios(pool, 0).await.unwrap(), 0);
    crew::report(pool, "a", 2, 0).await.unwrap();
    crew::report(pool, "b", 1, 0).await.unwrap();
    crew::report(pool, "b", 3, 10_000).await.unwrap();
    assert_eq!(crew::studios(pool, 10_000).await.unwrap(), 5);
    assert_eq!(crew::studios(pool, crew::SILENCE_MS).await.unwrap(), 3);
    crew::leave(pool, "b").await.unwrap();
    assert_eq!(crew::studios(pool, 10_000).await.unwrap(), 2);
}
