//! What goes wrong on the way, and what the guest keeps of it.

use super::*;

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
