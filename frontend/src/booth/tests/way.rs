//! From the first screen to the portrait, and the detours that guests take.

use super::*;

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
fn no_portrait_is_asked_for_without_a_theme() {
    let booth = walk([
        Event::Started,
        Event::PhotoTaken(photo()),
        Event::PhotoAccepted,
        Event::PortraitAsked,
    ]);
    assert_eq!(booth.screen, Screen::Gallery);
}
