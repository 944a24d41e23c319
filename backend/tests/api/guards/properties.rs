//! API3, object property level authorization: what is written and what is shown of an object.

use super::{STRANGER, internals};
use crate::api::booth::Booth;
use api::UploadTicket;
use reqwest::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn api3_property_level_authorization_extra_fields_do_nothing() {
    let booth = Booth::without_workers(&[]).await;
    let extra = json!({
        "id": STRANGER, "photoId": STRANGER, "key": "results/x.png", "status": "completed",
        "expiresIn": 604_800, "createdAtMs": 0, "ownerSecret": "mine", "bucket": "other",
    });
    let mut body = json!({ "fileName": "me", "fileType": "image/png", "fileSize": 5 });
    merge(&mut body, &extra);
    let answer = booth.post("/api/upload/presigned", &body).await;
    let ticket: UploadTicket = answer.json().await.unwrap();
    assert_ne!(ticket.photo_id, STRANGER);
    assert!(ticket.expires_in <= 900);
    assert!(ticket.upload_url.contains("/photobooth/uploads/"));
    let (status, _, _) = internals(&booth, &ticket.photo_id).await;
    assert_eq!(status, "ticketed");
    let upload = booth.upload(&ticket).body(b"photo".as_slice());
    assert!(upload.send().await.unwrap().status().is_success());

    let mut body = json!({
        "status": "completed", "progress": 1, "attempts": -9, "queuedAtMs": 0, "ownerSecret": "mine",
        "owner_secret_sha256": "0".repeat(64), "leaseOwner": "me", "resultType": "text/html",
    });
    merge(
        &mut body,
        &json!({ "photoId": ticket.photo_id, "themeId": "greek" }),
    );
    let answer = booth.post("/api/process", &body).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let answer: Value = answer.json().await.unwrap();
    assert_ne!(answer["ownerSecret"], "mine");
    let (status, attempts, hash) = internals(&booth, &ticket.photo_id).await;
    assert_eq!((status.as_str(), attempts), ("queued", 0));
    assert_ne!(hash.unwrap(), "0".repeat(64));
    booth.stop().await;
}

fn merge(body: &mut Value, extra: &Value) {
    let body = body.as_object_mut().unwrap();
    for (name, value) in extra.as_object().unwrap() {
        body.insert(name.clone(), value.clone());
    }
}

#[tokio::test]
async fn api3_property_level_authorization_internal_fields_are_never_shown() {
    const KNOWN: [&str; 10] = [
        "id",
        "status",
        "themeId",
        "variantId",
        "stage",
        "progress",
        "queuePosition",
        "etaSeconds",
        "result",
        "error",
    ];
    let booth = Booth::without_workers(&[]).await;
    let job = booth.submitted("image/png", b"photo".to_vec()).await;
    for status in ["queued", "processing", "failed"] {
        sqlx::query(
            "UPDATE photos SET status = $1, error_detail = 'INTERNAL-1', lease_owner = 'INTERNAL-2', attempts = 987654321,
                 idempotency_salt = 'INTERNAL-3', error_code = 'RENDER_FAILED', finished_at_ms = 1 WHERE id = $2",
        )
        .bind(status)
        .bind(&job.id)
        .execute(&booth.app.db.pool)
        .await
        .unwrap();
        let (_, _, hash) = internals(&booth, &job.id).await;
        let path = format!("/api/process/{}", job.id);
        let mut texts = vec![booth.get(&path).await.text().await.unwrap()];
        let seen: Value = serde_json::from_str(&texts[0]).unwrap();
        for name in seen.as_object().unwrap().keys() {
            assert!(KNOWN.contains(&name.as_str()), "{name}");
        }
        if status == "failed" {
            let events = booth.get(&format!("{path}/events")).await;
            texts.push(events.text().await.unwrap());
            let cancel = booth.client.post(booth.url(&format!("{path}/cancel")));
            let cancel = cancel.bearer_auth(&job.owner_secret).send().await.unwrap();
            texts.push(cancel.text().await.unwrap());
        }
        for text in texts {
            for internal in ["INTERNAL-", "987654321", &hash.clone().unwrap(), "photos"] {
                assert!(!text.contains(internal), "{text}");
            }
        }
    }
    booth.stop().await;
}
