//! From the photo to the portrait through the backend: send, ask, follow; and taking it back.

use crate::api as backend;
use crate::backoff;
use crate::booth::{Arrived, Choice, Event, Handed, Order, Receipt};
use crate::browser::clock::sleep;
use crate::browser::events::EventStream;
use crate::browser::photo_file::PhotoFile;
use crate::browser::random::random_uuid;
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
/// How often an unreachable backend is asked to take a portrait back: for about a minute.
const MAX_WITHDRAWALS: u32 = 6;

/// Brings the portrait, telling each step of the way; the last event is the finished or failed job.
///
/// # Errors
/// The first thing that stands in the way.
pub async fn fetch_portrait(
    order: Order,
    file: PhotoFile,
    tell: impl Fn(Event) + Copy + 'static,
) -> Result<(), Problem> {
    let receipt = match order.handed {
        Handed::Job(receipt) => receipt,
        Handed::Photo(arrived) => submit(&arrived, &order.choice, tell).await?,
        Handed::Nothing => {
            let arrived = send(&file, tell).await?;
            submit(&arrived, &order.choice, tell).await?
        }
    };
    follow(&receipt.job_id, tell).await
}

/// Takes back what nobody waits for any more: the photo and, if it is being made, the portrait.
///
/// Nobody waits for this either. What cannot be taken back now goes when its time is over.
pub async fn withdraw(order: Order) {
    for failures in 1..=MAX_WITHDRAWALS {
        if !matches!(try_withdraw(&order).await, Err(Problem::Offline)) {
            return;
        }
        sleep(backoff::wait_after(failures)).await;
    }
}

async fn try_withdraw(order: &Order) -> Result<(), Problem> {
    match &order.handed {
        Handed::Nothing => Ok(()),
        // The answer that was on its way may have been a job's. Asked again the backend repeats it, and only
        // with the secret in it can the photo be deleted.
        Handed::Photo(arrived) => {
            backend::delete(&backend::submit(arrived, &order.choice).await?).await
        }
        Handed::Job(receipt) => backend::delete(receipt).await,
    }
}

async fn send(file: &PhotoFile, tell: impl Fn(Event) + Copy + 'static) -> Result<Arrived, Problem> {
    let ticket = backend::request_ticket(&file.photo).await?;
    backend::upload(&ticket, file, move |fraction| {
        tell(Event::Sending(fraction))
    })
    .await?;
    let arrived = Arrived {
        photo_id: ticket.photo_id,
        idempotency_key: random_uuid().map_err(|_| Problem::from(ErrorCode::Internal))?,
    };
    tell(Event::PhotoArrived(arrived.clone()));
    Ok(arrived)
}

async fn submit(
    arrived: &Arrived,
    choice: &Choice,
    tell: impl Fn(Event),
) -> Result<Receipt, Problem> {
    let receipt = backend::submit(arrived, choice).await?;
    tell(Event::JobAccepted(receipt.clone()));
    Ok(receipt)
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
