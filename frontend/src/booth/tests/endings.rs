//! How visits end, and that nothing of them is left for the next guest.

use super::*;

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
