//! Links to portraits: who makes them, what is seen through them, and when they end.

use super::booth::{Booth, expect_error};
use api::{ErrorCode, Share, SharedPortrait, SubmittedJob};
use backend::intake::owner_secret::hash;
use backend::results::sweeper::{Swept, sweep};
use reqwest::{Response, StatusCode};
use std::collections::BTreeSet;

const HOUR_MS: i64 = 3_600_000;
const PORTRAIT: &[u8] = b"the portrait's bytes";

/// A portrait that is done at this moment.
pub async fn finished(booth: &Booth) -> SubmittedJob {
    let job = booth.submitted("image/png", vec![1]).await;
    let key = format!("results/{}.jpg", job.id);
    let portrait = PORTRAIT.into();
    let stored = booth.app.storage.publish(&key, "image/jpeg", portrait);
    stored.await.unwrap();
    sqlx::query(
        "UPDATE photos SET status = 'completed', finished_at_ms = $1, original_deleted_at_ms = $1,
             result_type = 'image/jpeg', result_width = 2400, result_height = 3200, result_bytes = 20, faces = 1
         WHERE id = $2",
    )
    .bind(booth.app.clock.now_ms())
    .bind(&job.id)
    .execute(&booth.app.db.pool)
    .await
    .unwrap();
    job
}

async fn ask_for_link(booth: &Booth, id: &str, secret: &str) -> Response {
    let url = booth.url(&format!("/api/process/{id}/share"));
    let request = booth.client.post(url).bearer_auth(secret);
    request.send().await.unwrap()
}

/// A link to it.
pub async fn shared(booth: &Booth, job: &SubmittedJob) -> Share {
    let answer = ask_for_link(booth, &job.id, &job.owner_secret).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.json().await.unwrap()
}

/// What the link leads to.
pub async fn follow(booth: &Booth, token: &str) -> Response {
    booth.get(&format!("/api/share/{token}")).await
}

/// Neither the link nor the portrait behind it is there.
async fn expect_unknown(booth: &Booth, token: &str) {
    for path in ["", "/portrait", "/download"] {
        let answer = booth.get(&format!("/api/share/{token}{path}")).await;
        expect_error(answer, 404, ErrorCode::UnknownShare).await;
    }
}

/// What is stored of all links: hash, photo and end.
async fn rows(booth: &Booth) -> Vec<(String, String, i64)> {
    sqlx::query_as("SELECT token_sha256, photo_id, expires_at_ms FROM shares")
        .fetch_all(&booth.app.db.pool)
        .await
        .unwrap()
}

/// Moves the end of every link.
async fn end_all_at(booth: &Booth, at_ms: i64) {
    sqlx::query("UPDATE shares SET expires_at_ms = $1")
        .bind(at_ms)
        .execute(&booth.app.db.pool)
        .await
        .unwrap();
}

#[tokio::test]
async fn whoever_has_the_link_gets_the_portrait_and_nothing_else() {
    let booth = Booth::without_workers(&[]).await;
    let job = finished(&booth).await;
    let share = shared(&booth, &job).await;
    assert_eq!(share.token.len(), 43);
    assert_eq!(share.path, format!("/s/{}", share.token));

    let answer = follow(&booth, &share.token).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let text = answer.text().await.unwrap();
    for secret in [job.id.as_str(), &job.owner_secret, &hash(&share.token)] {
        assert!(!text.contains(secret), "{text}");
    }
    let portrait: SharedPortrait = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (portrait.theme_id.as_str(), portrait.theme_name.as_str()),
        ("greek", "Greek")
    );
    assert_eq!((portrait.width, portrait.height), (2400, 3200));
    assert_eq!(portrait.expires_at, share.expires_at);

    for (url, disposition) in [
        (&portrait.url, "inline"),
        (&portrait.download_url, "attachment"),
    ] {
        let answer = booth.get(url).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let headers = answer.headers();
        assert_eq!(headers["content-type"], "image/jpeg");
        assert_eq!(headers["content-length"], "20");
        assert_eq!(headers["cache-control"], "no-store");
        let expected = format!("{disposition}; filename=\"portrait-greek.jpg\"");
        assert_eq!(headers["content-disposition"], expected.as_str());
        for value in headers.values() {
            assert!(!value.to_str().unwrap().contains(&job.id));
        }
        assert_eq!(answer.bytes().await.unwrap(), PORTRAIT);
    }
    booth.stop().await;
}

#[tokio::test]
async fn only_the_owner_shares_and_only_what_is_done() {
    let booth = Booth::without_workers(&[]).await;
    let job = finished(&booth).await;
    let waiting = booth.submitted("image/png", vec![2]).await;
    let url = booth.url(&format!("/api/process/{}/share", job.id));
    let answer = booth.client.post(url).send().await.unwrap();
    expect_error(answer, 401, ErrorCode::MissingSecret).await;
    for secret in ["x", &waiting.owner_secret, &job.owner_secret[1..]] {
        let answer = ask_for_link(&booth, &job.id, secret).await;
        expect_error(answer, 403, ErrorCode::WrongSecret).await;
    }
    let ticket = booth.ticket("image/png", 10).await;
    for id in [ticket.photo_id.as_str(), "nonsense"] {
        let answer = ask_for_link(&booth, id, &job.owner_secret).await;
        expect_error(answer, 404, ErrorCode::UnknownPhoto).await;
    }
    for status in ["queued", "processing", "failed"] {
        sqlx::query("UPDATE photos SET status = $1, error_code = 'NO_FACE' WHERE id = $2")
            .bind(status)
            .bind(&waiting.id)
            .execute(&booth.app.db.pool)
            .await
            .unwrap();
        let answer = ask_for_link(&booth, &waiting.id, &waiting.owner_secret).await;
        expect_error(answer, 409, ErrorCode::NotFinished).await;
    }
    assert_eq!(rows(&booth).await, []);
    booth.stop().await;
}

#[tokio::test]
async fn of_a_token_only_its_hash_is_stored() {
    let booth = Booth::without_workers(&[]).await;
    let job = finished(&booth).await;
    let share = shared(&booth, &job).await;
    let stored = rows(&booth).await;
    let [(token_sha256, photo_id, _)] = stored.as_slice() else {
        panic!("{stored:?}");
    };
    assert_eq!(*token_sha256, hash(&share.token));
    assert_eq!(*photo_id, job.id);
    // What somebody has who reads the database, and what nobody ever made.
    let strange = "A".repeat(43);
    for token in [token_sha256, &job.id, &job.owner_secret, &strange, "%ff"] {
        expect_unknown(&booth, token).await;
    }
    assert_eq!(follow(&booth, &share.token).await.status(), StatusCode::OK);
    booth.stop().await;
}

#[tokio::test]
async fn links_end_by_the_clock_and_the_sweeper_forgets_them() {
    let booth = Booth::without_workers(&[]).await;
    let job = finished(&booth).await;
    let before_ms = booth.app.clock.now_ms();
    let share = shared(&booth, &job).await;
    let after_ms = booth.app.clock.now_ms();
    let end_ms = rows(&booth).await[0].2;
    assert!((before_ms + 24 * HOUR_MS..=after_ms + 24 * HOUR_MS).contains(&end_ms));
    assert_eq!(share.expires_at, backend::clock::rfc3339(end_ms).unwrap());

    let swept = async |now_ms| sweep(&booth.app, now_ms, false).await.unwrap();
    assert_eq!(swept(end_ms - 1).await, Swept::default());
    let one = Swept {
        shares: 1,
        ..Swept::default()
    };
    assert_eq!(swept(end_ms).await, one);
    expect_unknown(&booth, &share.token).await;
    assert_eq!(booth.job(&job.id).await.status, api::JobStatus::Completed);

    // One that has ended before a sweeper came by.
    let share = shared(&booth, &job).await;
    end_all_at(&booth, booth.app.clock.now_ms()).await;
    expect_unknown(&booth, &share.token).await;
    assert_eq!(rows(&booth).await.len(), 1);
    booth.stop().await;
}

#[tokio::test]
async fn no_link_outlives_its_portrait() {
    let booth = Booth::without_workers(&["--share-hours", "168"]).await;
    let job = finished(&booth).await;
    let finished_at_ms = booth.app.clock.now_ms() - 100 * HOUR_MS;
    sqlx::query("UPDATE photos SET finished_at_ms = $1")
        .bind(finished_at_ms)
        .execute(&booth.app.db.pool)
        .await
        .unwrap();
    shared(&booth, &job).await;
    assert_eq!(rows(&booth).await[0].2, finished_at_ms + 168 * HOUR_MS);
    booth.stop().await;
}

#[tokio::test]
async fn a_deleted_portrait_takes_its_links_along_and_no_others() {
    let booth = Booth::without_workers(&[]).await;
    let (job, other) = (finished(&booth).await, finished(&booth).await);
    let (share, again) = (shared(&booth, &job).await, shared(&booth, &job).await);
    let others = shared(&booth, &other).await;
    // Marked, and not yet removed: nobody sees it from this moment on.
    let mark = "UPDATE photos SET status = $1 WHERE id = $2";
    for status in ["expiring", "completed"] {
        sqlx::query(mark)
            .bind(status)
            .bind(&job.id)
            .execute(&booth.app.db.pool)
            .await
            .unwrap();
        if status == "expiring" {
            expect_unknown(&booth, &share.token).await;
        }
    }
    let url = booth.url(&format!("/api/process/{}", job.id));
    let request = booth.client.delete(url).bearer_auth(&job.owner_secret);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    for token in [&share.token, &again.token] {
        expect_unknown(&booth, token).await;
    }
    let left = rows(&booth).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].0, hash(&others.token));
    let answer = follow(&booth, &others.token).await;
    assert_eq!(answer.status(), StatusCode::OK);
    booth.stop().await;
}

#[tokio::test]
async fn a_sixth_link_ends_the_oldest_also_when_many_are_made_at_once() {
    let booth = Booth::without_workers(&[]).await;
    let (job, other) = (finished(&booth).await, finished(&booth).await);
    let others = shared(&booth, &other).await;
    let oldest = shared(&booth, &job).await;
    // Made long before the others.
    end_all_at(&booth, booth.app.clock.now_ms() + HOUR_MS).await;
    for _ in 0..4 {
        shared(&booth, &job).await;
    }
    assert_eq!(follow(&booth, &oldest.token).await.status(), StatusCode::OK);
    shared(&booth, &job).await;
    expect_unknown(&booth, &oldest.token).await;

    let many = (0..12).map(|_| ask_for_link(&booth, &job.id, &job.owner_secret));
    let mut tokens = BTreeSet::new();
    for answer in futures_util::future::join_all(many).await {
        assert_eq!(answer.status(), StatusCode::CREATED);
        tokens.insert(answer.json::<Share>().await.unwrap().token);
    }
    assert_eq!(tokens.len(), 12);
    let last = shared(&booth, &job).await;
    let kept: Vec<_> = rows(&booth).await;
    let own = kept.iter().filter(|(_, photo, _)| *photo == job.id);
    assert_eq!(own.count(), 5);
    for token in [&last.token, &others.token] {
        assert_eq!(follow(&booth, token).await.status(), StatusCode::OK);
    }
    booth.stop().await;
}
