//! Whether somebody is still there, as plain numbers: a visit that nobody attends to ends by itself.

/// So long a guest may look without touching anything.
const PATIENCE_SECONDS: u32 = 90;
/// So long before the end the page asks. WCAG 2.2.1 wants at least 20 seconds to answer.
pub const NOTICE_SECONDS: u32 = 20;
/// A file chooser or the phone's camera app is in front of the page, which sees nothing of what the guest does.
const ELSEWHERE_SECONDS: u32 = 300;

/// Until when a guest counts as being there, in milliseconds of the wall clock: it goes on while a tablet sleeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Presence {
    until_ms: f64,
}

/// How things stand at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    Here,
    /// Asked whether anybody is there; the visit ends in so many seconds.
    Asked {
        seconds_left: u32,
    },
    Gone,
}

impl Presence {
    /// A sign of life.
    pub fn seen(now_ms: f64) -> Self {
        Self::until(now_ms, PATIENCE_SECONDS)
    }

    /// The guest is about to be busy outside the page, with a photo to bring back.
    pub fn elsewhere(now_ms: f64) -> Self {
        Self::until(now_ms, ELSEWHERE_SECONDS)
    }

    fn until(now_ms: f64, seconds: u32) -> Self {
        Self {
            until_ms: now_ms + f64::from(seconds) * 1000.0,
        }
    }

    pub fn outlook(self, now_ms: f64) -> Outlook {
        match ((self.until_ms - now_ms) / 1000.0).ceil() as u32 {
            0 => Outlook::Gone,
            seconds_left @ 1..=NOTICE_SECONDS => Outlook::Asked { seconds_left },
            _ => Outlook::Here,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(seconds_left: u32) -> Outlook {
        Outlook::Asked { seconds_left }
    }

    #[test]
    fn the_page_asks_for_twenty_seconds_before_a_visit_ends() {
        let guest = Presence::seen(1_000.0);
        let after = |seconds: f64| guest.outlook(1_000.0 + seconds * 1000.0);
        assert_eq!(after(0.0), Outlook::Here);
        assert_eq!(after(69.9), Outlook::Here);
        assert_eq!(after(70.0), asked(20));
        assert_eq!(after(89.5), asked(1));
        assert_eq!(after(90.0), Outlook::Gone);
        assert_eq!(after(40_000.0), Outlook::Gone);
    }

    #[test]
    fn a_guest_with_a_file_chooser_open_is_not_sent_away() {
        let guest = Presence::elsewhere(0.0);
        assert_eq!(guest.outlook(200_000.0), Outlook::Here);
        assert_eq!(guest.outlook(300_000.0), Outlook::Gone);
    }
}
