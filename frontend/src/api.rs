//! Every call to the backend: the only place that knows its addresses.

use crate::booth::{Arrived, Choice, Photo, Receipt};
use crate::browser::events::EventStream;
use crate::browser::http::{self, Answer};
use crate::browser::photo_file::PhotoFile;
use crate::browser::upload::send_file;
use crate::problem::Problem;
use api::{
    ErrorCode, Job, OutputFormat, ProcessRequest, Share, SharedPortrait, SubmittedJob, Theme,
    UploadRequest, UploadTicket,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The worlds to choose from.
pub async fn list_themes() -> Result<Vec<Theme>, Problem> {
    read(&http::get("/api/themes").await?)
}

/// Leave to upload this photo.
pub async fn request_ticket(photo: &Photo) -> Result<UploadTicket, Problem> {
    let request = UploadRequest {
        file_name: name_file(&photo.media_type),
        file_type: photo.media_type.clone(),
        file_size: photo.size_bytes,
    };
    post("/api/upload/presigned", &[], &request).await
}

/// Sends the photo straight to the storage; `on_progress` hears fractions from 0 to 1.
pub async fn upload(
    ticket: &UploadTicket,
    file: &PhotoFile,
    on_progress: impl FnMut(f64) + 'static,
) -> Result<(), Problem> {
    send_file(
        &ticket.method,
        &ticket.upload_url,
        &ticket.headers,
        &file.blob,
        on_progress,
    )
    .await
}

/// Asks for the portrait of a photo that has arrived. Asked again, the backend repeats its answer.
pub async fn submit(arrived: &Arrived, choice: &Choice) -> Result<Receipt, Problem> {
    let request = ProcessRequest {
        photo_id: arrived.photo_id.clone(),
        theme_id: choice.theme_id.clone(),
        variant_id: choice.variant_id.clone(),
        output_format: Some(OutputFormat::Jpeg),
    };
    let key = ("idempotency-key", arrived.idempotency_key.as_str());
    let job: SubmittedJob = post("/api/process", &[key], &request).await?;
    Ok(Receipt {
        job_id: job.id,
        owner_secret: job.owner_secret,
    })
}

/// Ends the making of a portrait and deletes it with its photo. One that is not there is deleted already.
pub async fn delete(receipt: &Receipt) -> Result<(), Problem> {
    let url = format!("/api/process/{}", receipt.job_id);
    read_deletion(&http::delete(&url, &[("authorization", &proof_of(receipt))]).await?)
}

/// A link to a finished portrait, for the guest to give away.
pub async fn share(receipt: &Receipt) -> Result<Share, Problem> {
    let url = format!("/api/process/{}/share", receipt.job_id);
    read(&http::post(&url, &[("authorization", &proof_of(receipt))]).await?)
}

/// What a link leads to that somebody shared.
pub async fn look_at_share(token: &str) -> Result<SharedPortrait, Problem> {
    read(&http::get(&format!("/api/share/{token}")).await?)
}

/// Whether the backend answers at all.
pub async fn is_reachable() -> bool {
    let answer = http::get("/api/health/live").await;
    answer.is_ok_and(|answer| is_success(&answer))
}

/// Where the portrait stands.
pub async fn look_at_job(job_id: &str) -> Result<Job, Problem> {
    read(&http::get(&format!("/api/process/{job_id}")).await?)
}

/// Hears where the portrait stands whenever that changes; each text is a [`Job`].
pub fn listen_to_job(job_id: &str) -> Option<EventStream> {
    EventStream::open(&format!("/api/process/{job_id}/events"))
}

/// The job in an event's text; nothing in a text that is none, such as a later version's.
pub fn read_event(text: &str) -> Option<Job> {
    serde_json::from_str(text).ok()
}

async fn post<T: DeserializeOwned>(
    url: &str,
    headers: &[(&str, &str)],
    request: &impl Serialize,
) -> Result<T, Problem> {
    let body = serde_json::to_string(request).map_err(|_| Problem::from(ErrorCode::Internal))?;
    read(&http::post_json(url, headers, &body).await?)
}

fn proof_of(receipt: &Receipt) -> String {
    format!("Bearer {}", receipt.owner_secret)
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Problem> {
    if !is_success(answer) {
        return Err(problem_in(answer));
    }
    serde_json::from_str(&answer.body).map_err(|_| ErrorCode::Internal.into())
}

fn read_deletion(answer: &Answer) -> Result<(), Problem> {
    if is_success(answer) {
        return Ok(());
    }
    let problem = problem_in(answer);
    if problem == ErrorCode::UnknownPhoto.into() {
        return Ok(());
    }
    Err(problem)
}

fn is_success(answer: &Answer) -> bool {
    (200..300).contains(&answer.status)
}

fn problem_in(answer: &Answer) -> Problem {
    Problem::from_answer(answer.status, answer.retry_after.as_deref(), &answer.body)
}

/// The guest's own file name stays here: the backend only compares the ending with the type.
fn name_file(media_type: &str) -> String {
    let ending = match media_type {
        "image/png" => "png",
        "image/webp" => "webp",
        _ => "jpg",
    };
    format!("photo.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            retry_after: None,
            body: body.to_owned(),
        }
    }

    #[test]
    fn a_success_is_read_and_a_failure_becomes_a_problem() {
        let themes: Result<Vec<Theme>, _> = read(&answer(200, "[]"));
        assert_eq!(themes, Ok(vec![]));
        let refused: Result<Vec<Theme>, _> = read(&answer(500, ""));
        assert_eq!(refused, Err(ErrorCode::Internal.into()));
        let garbled: Result<Vec<Theme>, _> = read(&answer(200, "<html>"));
        assert_eq!(garbled, Err(ErrorCode::Internal.into()));
    }

    #[test]
    fn deleted_is_what_the_backend_has_deleted_or_does_not_have() {
        let deletion = |status, body: &str| read_deletion(&answer(status, body));
        assert_eq!(deletion(200, r#"{"id":"p1","deleted":true}"#), Ok(()));
        let code = ErrorCode::UnknownPhoto;
        let unknown = serde_json::to_string(&api::ErrorBody::from(code)).unwrap();
        assert_eq!(deletion(404, &unknown), Ok(()));
        assert!(deletion(404, "<html>no such page").is_err());
        assert!(deletion(403, "").is_err());
        assert!(deletion(503, "").is_err());
    }

    #[test]
    fn the_sent_name_ends_as_its_type_says() {
        for media_type in api::PHOTO_TYPES {
            let ending = name_file(media_type).replace("photo.", "image/");
            assert_eq!(ending.replace("jpg", "jpeg"), media_type);
        }
    }
}
