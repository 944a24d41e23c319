//! Walks guests through the booth: the straight way, the detours and the accidents.

use super::*;
use api::{ErrorBody, ErrorCode};

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

fn after(mut booth: Booth, event: Event) -> Booth {
    booth.advance(event);
    booth
}

#[test]
fn the_straight_way_ends_at_the_portrait() {
    let mut booth = at_work();
    assert_eq!(
        booth.screen,
        Screen::Working(Phase::Sending { fraction: 0.0 })
    );
    booth.advance(Event::Sending(0.5));
    assert_eq!(
        booth.screen,
        Screen::Working(Phase::Sending { fraction: 0.5 })
    );
    booth.advance(Event::PhotoArrived("p1".into()));
    assert_eq!(booth.screen, Screen::Working(Phase::Asking));
    booth.advance(Event::JobAccepted("p1".into()));
    assert_eq!(booth.handed, Handed::Job("p1".into()));
    let done = Job {
        result: Some(result_link()),
        ..job(JobStatus::Completed)
    };
    booth.advance(Event::JobSeen(Box::new(done)));
    assert_eq!(booth.screen, Screen::Portrait(result_link()));
    assert_eq!(booth.handed, Handed::Nothing);
}

#[test]
fn the_camera_stays_closed_until_the_guest_agrees() {
    let dropped = walk([Event::PhotoTaken(photo())]);
    assert_eq!(dropped, Booth::default());
    assert_eq!(walk([Event::Retake]).screen, Screen::Welcome);
    assert_eq!(walk([Event::Started]).screen, Screen::Camera);
}

#[test]
fn a_queued_and_a_running_job_show_where_they_stand() {
    let queued = Job {
        queue_position: Some(3),
        eta_seconds: Some(9),
        ..job(JobStatus::Queued)
    };
    let booth = after(at_work(), Event::JobSeen(Box::new(queued)));
    assert_eq!(
        booth.screen,
        Screen::Working(Phase::Waiting {
            position: Some(3),
            eta_seconds: Some(9)
        })
    );
    let running = Job {
        stage: Some(Stage::Paint),
        progress: 1.5,
        ..job(JobStatus::Processing)
    };
    let booth = after(booth, Event::JobSeen(Box::new(running)));
    assert_eq!(
        booth.screen,
        Screen::Working(Phase::Making {
            stage: Some(Stage::Paint),
            progress: 1.0,
            eta_seconds: None
        })
    );
}

#[test]
fn a_failed_job_says_why_and_the_photo_stays() {
    let failed = Job {
        error: Some(ErrorBody::from(ErrorCode::NoFace)),
        ..job(JobStatus::Failed)
    };
    let booth = after(at_work(), Event::JobSeen(Box::new(failed)));
    let Screen::Trouble(problem) = &booth.screen else {
        panic!("expected trouble, got {:?}", booth.screen);
    };
    assert_eq!(problem.code(), "NO_FACE");
    assert!(booth.photo.is_some());
    assert_eq!(booth.handed, Handed::Nothing);
}

#[test]
fn a_completed_job_without_a_link_is_trouble_not_a_blank_page() {
    let booth = after(
        at_work(),
        Event::JobSeen(Box::new(job(JobStatus::Completed))),
    );
    assert_eq!(booth.place(), Place::Trouble);
}

#[test]
fn after_a_lost_connection_the_same_job_is_followed_again() {
    let mut booth = at_work();
    booth.advance(Event::JobAccepted("p1".into()));
    booth.advance(Event::Failed(Problem::Offline));
    assert_eq!(booth.handed, Handed::Job("p1".into()));
    booth.advance(Event::PortraitAsked);
    assert!(matches!(
        booth.screen,
        Screen::Working(Phase::Waiting { .. })
    ));
}

#[test]
fn a_full_queue_keeps_the_photo_that_has_already_arrived() {
    let mut booth = at_work();
    booth.advance(Event::PhotoArrived("p1".into()));
    booth.advance(Event::Failed(Problem::Answered {
        error: ErrorBody::from(ErrorCode::QueueFull),
        retry_after_seconds: Some(5),
    }));
    assert_eq!(booth.handed, Handed::Photo("p1".into()));
    booth.advance(Event::PortraitAsked);
    assert_eq!(booth.screen, Screen::Working(Phase::Asking));
}

#[test]
fn an_expired_photo_is_sent_again() {
    let mut booth = at_work();
    booth.advance(Event::PhotoArrived("p1".into()));
    booth.advance(Event::Failed(ErrorCode::UnknownPhoto.into()));
    assert_eq!(booth.handed, Handed::Nothing);
    booth.advance(Event::PortraitAsked);
    assert_eq!(
        booth.screen,
        Screen::Working(Phase::Sending { fraction: 0.0 })
    );
}

#[test]
fn another_theme_keeps_the_photo_and_a_new_photo_keeps_the_theme() {
    let mut booth = at_work();
    booth.screen = Screen::Portrait(result_link());
    booth.advance(Event::AnotherTheme);
    assert_eq!(booth.screen, Screen::Gallery);
    assert_eq!(booth.photo, Some(photo()));
    booth.advance(Event::Retake);
    assert_eq!(booth.screen, Screen::Camera);
    assert_eq!(booth.photo, None);
    assert_eq!(booth.choice, Some(choice("greek")));
}

#[test]
fn news_that_comes_too_late_changes_nothing() {
    let cancelled = after(at_work(), Event::Cancelled);
    assert_eq!(cancelled.screen, Screen::Gallery);
    let late = after(
        cancelled.clone(),
        Event::JobSeen(Box::new(job(JobStatus::Queued))),
    );
    assert_eq!(late, cancelled);
    assert_eq!(after(cancelled.clone(), Event::Sending(0.9)), cancelled);
}

#[test]
fn no_portrait_is_asked_for_without_a_theme() {
    let booth = walk([
        Event::Started,
        Event::PhotoTaken(photo()),
        Event::PhotoAccepted,
        Event::PortraitAsked,
    ]);
    assert_eq!(booth.screen, Screen::Gallery);
}
