//! From the photo to the portrait through the backend: send, ask, follow.

use crate::api as backend;
use crate::booth::{Choice, Event, Handed};
use crate::browser::clock::sleep;
use crate::browser::events::EventStream;
use crate::browser::photo_file::PhotoFile;
use crate::problem::Problem;
use api::{ErrorCode, Job};
use futures::StreamExt;
use futures::future::{Either, select};
use std::pin::pin;
use std::time::Duration;

/// How long events may be silent before the backend is asked: longer than any stage takes.
const EVENT_PATIENCE: Duration = Duration::from_secs(4);
/// How often it is asked when there are no events.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// So many failed questions in a row are a lost connection and no hiccup.
const MAX_MISSES: u32 = 4;

/// Everything that a portrait needs.
pub struct Order {
    pub file: PhotoFile,
    pub choice: Choice,
    /// What an earlier attempt has already done.
    pub handed: Handed,
}

/// Brings the portrait, telling each step of the way; the last event is the finished or failed job.
///
/// # Errors
/// The first thing that stands in the way.
pub async fn fetch_portrait(
    order: Order,
    tell: impl Fn(Event) + Copy + 'static,
) -> Result<(), Problem> {
    let job_id = match order.handed {
        Handed::Job(job_id) => job_id,
        Handed::Photo(photo_id) => submit(photo_id, &order.choice, tell).await?,
        Handed::Nothing => {
            let photo_id = send(&order.file, tell).await?;
            submit(photo_id, &order.choice, tell).await?
        }
    };
    follow(&job_id, tell).await
}

async fn send(file: &PhotoFile, tell: impl Fn(Event) + Copy + 'static) -> Result<String, Problem> {
    let ticket = backend::request_ticket(&file.photo).await?;
    backend::upload(&ticket, file, move |fraction| {
        tell(Event::Sending(fraction))
    })
    .await?;
    tell(Event::PhotoArrived(ticket.photo_id.clone()));
    Ok(ticket.photo_id)
}

async fn submit(
    photo_id: String,
    choice: &Choice,
    tell: impl Fn(Event),
) -> Result<String, Problem> {
    let job_id = match backend::submit(&photo_id, choice).await {
        Ok(job) => job.id,
        // The answer to an earlier attempt was lost on its way; a photo's id is its job's.
        Err(Problem::Answered { error, .. }) if error.code == ErrorCode::AlreadySubmitted => {
            photo_id
        }
        Err(problem) => return Err(problem),
    };
    tell(Event::JobAccepted(job_id.clone()));
    Ok(job_id)
}

async fn follow(job_id: &str, tell: impl Fn(Event)) -> Result<(), Problem> {
    let mut events = backend::listen_to_job(job_id);
    let mut misses = 0;
    loop {
        match hear_or_ask(&mut events, job_id).await {
            Ok(job) => {
                misses = 0;
                let is_final = job.status.is_final();
                tell(Event::JobSeen(Box::new(job)));
                if is_final {
                    return Ok(());
                }
            }
            Err(problem) if problem.keeps_what_was_handed() && misses < MAX_MISSES => misses += 1,
            Err(problem) => return Err(problem),
        }
    }
}

/// The next news of the job: an event's, or the answer to a question when events do not come.
async fn hear_or_ask(events: &mut Option<EventStream>, job_id: &str) -> Result<Job, Problem> {
    let Some(stream) = events else {
        sleep(POLL_INTERVAL).await;
        return backend::look_at_job(job_id).await;
    };
    let heard = match select(stream.next(), pin!(sleep(EVENT_PATIENCE))).await {
        Either::Left((None, _)) => {
            *events = None;
            None
        }
        Either::Left((Some(text), _)) => backend::read_event(&text),
        Either::Right(_) => None,
    };
    match heard {
        Some(job) => Ok(job),
        None => backend::look_at_job(job_id).await,
    }
}
