//! Walks guests through the booth: the straight way, the detours and the accidents.

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
    booth.advance(Event::PhotoArrived(arrived()));
    assert_eq!(booth.screen, Screen::Working(Phase::Asking));
    booth.advance(Event::JobAccepted(receipt("p1")));
    assert_eq!(booth.handed, Handed::Job(receipt("p1")));
    booth.advance(completed());
    assert_eq!(booth.screen, Screen::Portrait(print("p1", "/portraits/1")));
    assert_eq!(booth.handed, Handed::Nothing);
    assert_eq!(booth.finished, [receipt("p1")]);
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
    let booth = after(in_queue(), Event::JobSeen(Box::new(queued)));
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
    let booth = after(in_queue(), Event::JobSeen(Box::new(failed)));
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
        in_queue(),
        Event::JobSeen(Box::new(job(JobStatus::Completed))),
    );
    assert_eq!(booth.place(), Place::Trouble);
}

#[test]
fn after_a_lost_connection_the_same_job_is_followed_again() {
    let mut booth = in_queue();
    booth.advance(Event::Failed(Problem::Offline));
    assert_eq!(booth.handed, Handed::Job(receipt("p1")));
    booth.advance(Event::PortraitAsked);
    assert!(matches!(
        booth.screen,
        Screen::Working(Phase::Waiting { .. })
    ));
}

#[test]
fn a_full_queue_keeps_the_photo_that_has_already_arrived() {
    let mut booth = at_work();
    booth.advance(Event::PhotoArrived(arrived()));
    booth.advance(Event::Failed(Problem::Answered {
        error: ErrorBody::from(ErrorCode::QueueFull),
        retry_after_seconds: Some(5),
    }));
    assert_eq!(booth.handed, Handed::Photo(arrived()));
    booth.advance(Event::PortraitAsked);
    assert_eq!(booth.screen, Screen::Working(Phase::Asking));
}

#[test]
fn an_expired_photo_is_sent_again() {
    let mut booth = at_work();
    booth.advance(Event::PhotoArrived(arrived()));
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
    let mut booth = at_portrait();
    assert_eq!(booth.advance(Event::AnotherTheme), None);
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
    let other = Job {
        id: "p0".into(),
        ..job(JobStatus::Failed)
    };
    let waiting = in_queue();
    assert_eq!(
        after(waiting.clone(), Event::JobSeen(Box::new(other))),
        waiting
    );
}

#[test]
fn whoever_goes_while_a_portrait_is_made_takes_it_back() {
    let order = |handed| {
        Some(Order {
            choice: choice("greek"),
            handed,
        })
    };
    let queued = || order(Handed::Job(receipt("p1")));
    assert_eq!(in_queue().advance(Event::Cancelled), queued());
    assert_eq!(in_queue().advance(Event::Left), queued());
    let lost = || after(in_queue(), Event::Failed(Problem::Offline));
    for way_out in [
        Event::Retake,
        Event::Cancelled,
        Event::Left,
        Event::PhotoTaken(photo()),
    ] {
        let mut booth = lost();
        assert_eq!(booth.advance(way_out.clone()), queued(), "{way_out:?}");
        assert_eq!(booth.handed, Handed::Nothing);
    }
    let mut asking = after(at_work(), Event::PhotoArrived(arrived()));
    let photo_alone = order(Handed::Photo(arrived()));
    assert_eq!(asking.advance(Event::Cancelled), photo_alone);
}

#[test]
fn nothing_is_taken_back_that_is_finished_or_was_never_given() {
    assert_eq!(at_work().advance(Event::Cancelled), None);
    for way_on in [Event::AnotherTheme, Event::Retake, Event::Left] {
        let abandoned = at_portrait().advance(way_on.clone());
        assert_eq!(abandoned, None, "{way_on:?}");
    }
    let failed = Event::JobSeen(Box::new(job(JobStatus::Failed)));
    assert_eq!(after(in_queue(), failed).advance(Event::Retake), None);
}

#[test]
fn the_next_guest_finds_nothing_of_the_last_one() {
    for booth in [
        walk([Event::Started]),
        in_queue(),
        at_portrait(),
        after(in_queue(), Event::Failed(Problem::Offline)),
    ] {
        assert_eq!(after(booth, Event::Left), Booth::default());
    }
}

#[test]
fn only_a_guest_who_waits_for_the_booth_may_stay_away() {
    assert!(!Booth::default().ends_unattended());
    assert!(!at_work().ends_unattended());
    assert!(walk([Event::Started]).ends_unattended());
    assert!(at_portrait().ends_unattended());
    assert!(after(at_work(), Event::Failed(Problem::Offline)).ends_unattended());
}

#[test]
fn attempts_that_fail_in_a_row_are_counted_until_one_gets_through() {
    let mut booth = at_work();
    for misses in 1..=3 {
        booth.advance(Event::Failed(Problem::Offline));
        assert_eq!(booth.misses, misses);
        booth.advance(Event::PortraitAsked);
    }
    booth.advance(Event::PhotoArrived(arrived()));
    assert_eq!(booth.misses, 0);
    booth.advance(Event::Failed(ErrorCode::Internal.into()));
    assert_eq!(booth.misses, 0);
}

#[test]
fn a_renewed_link_takes_the_place_of_the_one_that_ended() {
    let mut booth = at_portrait();
    booth.advance(Event::LinkRenewed(print("p1", "/portraits/1?fresh")));
    assert_eq!(
        booth.screen,
        Screen::Portrait(print("p1", "/portraits/1?fresh"))
    );
    let before = booth.clone();
    booth.advance(Event::LinkRenewed(print("p0", "/portraits/0")));
    booth.advance(Event::PortraitGone("p0".into()));
    booth.advance(Event::Deleted("p0".into()));
    assert_eq!(booth, before);
}

#[test]
fn a_portrait_that_is_gone_can_be_made_once_more() {
    let mut booth = after(at_portrait(), Event::PortraitGone("p1".into()));
    assert_eq!(booth.screen, Screen::Trouble(Problem::PortraitGone));
    assert_eq!(booth.finished, []);
    booth.advance(Event::PortraitAsked);
    assert_eq!(
        booth.screen,
        Screen::Working(Phase::Sending { fraction: 0.0 })
    );
}

#[test]
fn deleting_ends_the_visit_and_the_first_screen_says_so_until_the_next() {
    let mut booth = at_portrait();
    booth.advance(Event::AnotherTheme);
    booth.advance(Event::PortraitAsked);
    booth.advance(Event::JobAccepted(receipt("p2")));
    booth.advance(Event::JobSeen(Box::new(Job {
        id: "p2".into(),
        result: Some(result_link()),
        ..job(JobStatus::Completed)
    })));
    assert_eq!(booth.finished, [receipt("p1"), receipt("p2")]);
    booth.advance(Event::Deleted("p2".into()));
    assert!(booth.says_deleted);
    booth.advance(Event::Started);
    assert_eq!(booth, walk([Event::Started]));
}

#[test]
fn the_secret_is_in_no_message() {
    let told = format!("{:?} {:?}", in_queue(), arrived());
    assert!(!told.contains("secret") && !told.contains("key1"));
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
