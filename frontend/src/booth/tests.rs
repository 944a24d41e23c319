//! Guests on their way through the booth; the tests have them take the straight way, detours and accidents.

mod accidents;
mod endings;
mod way;

use super::*;
use api::{ErrorBody, ErrorCode, Stage};

fn photo() -> Photo {
    Photo {
        preview_url: "blob:photo".into(),
        media_type: "image/jpeg".into(),
        size_bytes: 1_000,
    }
}

fn choice(theme_id: &str) -> Choice {
    Choice {
        theme_id: theme_id.into(),
        theme_name: theme_id.to_uppercase(),
        thumbnail_url: format!("/thumbnails/{theme_id}.jpg"),
        variant_id: None,
    }
}

fn arrived() -> Arrived {
    Arrived {
        photo_id: "p1".into(),
        idempotency_key: "key1".into(),
    }
}

fn receipt(job_id: &str) -> Receipt {
    Receipt {
        job_id: job_id.into(),
        owner_secret: format!("secret of {job_id}"),
    }
}

fn job(status: JobStatus) -> Job {
    Job {
        id: "p1".into(),
        status,
        theme_id: "greek".into(),
        variant_id: "temple".into(),
        stage: None,
        progress: 0.0,
        queue_position: None,
        eta_seconds: None,
        result: None,
        error: None,
        release: None,
    }
}

fn result_link() -> ResultLink {
    ResultLink {
        url: "/portraits/1".into(),
        download_url: "/portraits/1?save".into(),
        expires_in: 900,
        content_type: "image/jpeg".into(),
        width: 2400,
        height: 3200,
        bytes: 2_000_000,
        faces: 1,
    }
}

fn walk(events: impl IntoIterator<Item = Event>) -> Booth {
    let mut booth = Booth::default();
    for event in events {
        booth.advance(event);
    }
    booth
}

fn at_work() -> Booth {
    walk([
        Event::Started,
        Event::PhotoTaken(photo()),
        Event::PhotoAccepted,
        Event::ThemeChosen(choice("greek")),
        Event::PortraitAsked,
    ])
}

/// In the queue, with a receipt.
fn in_queue() -> Booth {
    after(at_work(), Event::JobAccepted(receipt("p1")))
}

fn completed() -> Event {
    Event::JobSeen(Box::new(Job {
        result: Some(result_link()),
        ..job(JobStatus::Completed)
    }))
}

fn at_portrait() -> Booth {
    after(in_queue(), completed())
}

fn print(job_id: &str, url: &str) -> Print {
    Print {
        job_id: job_id.into(),
        link: ResultLink {
            url: url.into(),
            ..result_link()
        },
    }
}

fn after(mut booth: Booth, event: Event) -> Booth {
    booth.advance(event);
    booth
}
