//! What guests may do with their own visit, and nobody else.

use super::booth::{Booth, expect_error};
use api::{Deletion, ErrorCode, Job, JobStatus, SubmittedJob};
use reqwest::{Method, Response, StatusCode};

fn photo() -> Vec<u8> {
    b"any bytes will do to wait".to_vec()
}

async fn act(booth: &Booth, method: Method, path: &str, secret: &str) -> Response {
    let request = booth.client.request(method, booth.url(path));
    request.bearer_auth(secret).send().await.unwrap()
}

fn paths(job: &SubmittedJob) -> [(Method, String); 2] {
    let id = &job.id;
    [
        (Method::DELETE, format!("/api/process/{id}")),
        (Method::POST, format!("/api/process/{id}/cancel")),
    ]
}

#[tokio::test]
async fn only_the_owner_may_act() {
    let booth = Booth::without_workers(&[]).await;
    let job = booth.submitted("image/png", photo()).await;
    let other = booth.submitted("image/png", photo()).await;
    for (method, path) in paths(&job) {
        let request = booth.client.request(method.clone(), booth.url(&path));
        let answer = request.send().await.unwrap();
        expect_error(answer, 401, ErrorCode::MissingSecret).await;
        for secret in ["", "x", &other.owner_secret, &job.owner_secret[1..]] {
            let answer = act(&booth, method.clone(), &path, secret).await;
            let (status, code) = if secret.is_empty() {
                (401, ErrorCode::MissingSecret)
            } else {
                (403, ErrorCode::WrongSecret)
            };
            expect_error(answer, status, code).await;
        }
    }
    assert_eq!(booth.job(&job.id).await.status, JobStatus::Queued);
    assert!(booth.has_original(&job.id).await);

    // A ticket has no owner yet, and a stranger's id no row.
    let ticket = booth.ticket("image/png", 10).await;
    for id in [ticket.photo_id.as_str(), "nonsense"] {
        let path = format!("/api/process/{id}");
        let answer = act(&booth, Method::DELETE, &path, &job.owner_secret).await;
        expect_error(answer, 404, ErrorCode::UnknownPhoto).await;
    }
    booth.stop().await;
}

#[tokio::test]
async fn a_deleted_visit_leaves_nothing() {
    let booth = Booth::without_workers(&[]).await;
    let job = booth.submitted("image/png", photo()).await;
    let key = format!("results/{}.jpg", job.id);
    let portrait = b"a portrait".as_slice().into();
    booth
        .app
        .storage
        .publish(&key, "image/jpeg", portrait)
        .await
        .unwrap();

    let path = format!("/api/process/{}", job.id);
    let answer = act(&booth, Method::DELETE, &path, &job.owner_secret).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let deletion: Deletion = answer.json().await.unwrap();
    assert_eq!(
        (deletion.id.as_str(), deletion.deleted),
        (job.id.as_str(), true)
    );

    assert!(!booth.has_original(&job.id).await);
    assert!(booth.app.storage.head(&key).await.unwrap().is_none());
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM photos")
        .fetch_one(&booth.app.db.pool)
        .await
        .unwrap();
    assert_eq!(rows, 0);
    expect_error(booth.get(&path).await, 404, ErrorCode::UnknownPhoto).await;
    let again = act(&booth, Method::DELETE, &path, &job.owner_secret).await;
    expect_error(again, 404, ErrorCode::UnknownPhoto).await;
    booth.stop().await;
}

#[tokio::test]
async fn a_cancelled_job_is_over_and_its_photo_gone() {
    let booth = Booth::without_workers(&[]).await;
    let job = booth.submitted("image/png", photo()).await;
    let behind = booth.submitted("image/png", photo()).await;
    let [_, (method, path)] = paths(&job);
    let answer = act(&booth, method.clone(), &path, &job.owner_secret).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let cancelled: Job = answer.json().await.unwrap();
    assert_eq!(cancelled.status, JobStatus::Failed);
    assert_eq!(cancelled.error.unwrap().code, ErrorCode::Cancelled);
    assert!(!booth.has_original(&job.id).await);
    assert_eq!(booth.job(&behind.id).await.queue_position, Some(1));
    let again = act(&booth, method, &path, &job.owner_secret).await;
    expect_error(again, 409, ErrorCode::AlreadyFinished).await;
    booth.stop().await;
}
