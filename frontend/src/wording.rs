//! The words a guest reads while waiting, from what the booth truly does at that moment.

use crate::booth::Phase;
use api::Stage;

/// The line under the photo: what happens now.
pub fn describe_phase(phase: &Phase, theme_name: &str) -> String {
    match phase {
        Phase::Sending { fraction } => format!("Sending your photo, {} %", percent(*fraction)),
        Phase::Asking => "Handing it over".into(),
        Phase::Waiting { position, .. } => describe_queue(*position),
        Phase::Making { stage, .. } => {
            stage.map_or_else(|| "Getting started".into(), |it| name_stage(it, theme_name))
        }
    }
}

/// When it is likely done; empty where nobody knows.
pub fn describe_eta(phase: &Phase) -> String {
    let (Phase::Waiting { eta_seconds, .. } | Phase::Making { eta_seconds, .. }) = phase else {
        return String::new();
    };
    match eta_seconds {
        None => String::new(),
        Some(0..=1) => "Almost there".into(),
        Some(seconds @ 2..=90) => format!("About {seconds} seconds"),
        Some(seconds) => format!("About {} minutes", seconds.div_ceil(60)),
    }
}

/// How far the bar is, 0 to 1; nothing while there is nothing to measure.
pub fn bar_fraction(phase: &Phase) -> Option<f64> {
    match phase {
        Phase::Sending { fraction } => Some(*fraction),
        Phase::Making { progress, .. } => Some(*progress),
        Phase::Asking | Phase::Waiting { .. } => None,
    }
}

/// 0 to 1 as a whole percentage; 100 only when everything is there.
pub fn percent(fraction: f64) -> u32 {
    (fraction.clamp(0.0, 1.0) * 100.0).floor() as u32
}

fn describe_queue(position: Option<u32>) -> String {
    match position {
        None => "In the queue".into(),
        Some(0..=1) => "You are next".into(),
        Some(2) => "One guest before you".into(),
        Some(position) => format!("{} guests before you", position - 1),
    }
}

fn name_stage(stage: Stage, theme_name: &str) -> String {
    match stage {
        Stage::Decode => "Opening your photo".into(),
        Stage::Moderate => "A quick look at the photo".into(),
        Stage::FindFaces => "Finding every face".into(),
        Stage::Landmarks => "Tracing your features".into(),
        Stage::Judge => "Judging the light".into(),
        Stage::Matte => "Lifting you out of the room".into(),
        Stage::CutHeads => "Following every strand of hair".into(),
        Stage::ThemeFaces => "In front of the make-up mirror".into(),
        Stage::Dress => "Getting you dressed".into(),
        Stage::Compose if theme_name.is_empty() => "Stepping into another world".into(),
        Stage::Compose => format!("Stepping into {theme_name}"),
        Stage::Paint => "Painting".into(),
        Stage::Grade => "Setting the colours".into(),
        Stage::Check => "One last look".into(),
        Stage::Encode => "Developing the print".into(),
        Stage::Store => "Bringing it to you".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(position: u32, eta_seconds: u32) -> Phase {
        Phase::Waiting {
            position: Some(position),
            eta_seconds: Some(eta_seconds),
        }
    }

    #[test]
    fn the_queue_counts_the_guests_before_this_one() {
        let words = |position| describe_phase(&waiting(position, 3), "Greek");
        assert_eq!(words(1), "You are next");
        assert_eq!(words(2), "One guest before you");
        assert_eq!(words(7), "6 guests before you");
    }

    #[test]
    fn long_waits_are_told_in_minutes_and_unknown_ones_not_at_all() {
        let eta = |seconds| describe_eta(&waiting(1, seconds));
        assert_eq!(eta(1), "Almost there");
        assert_eq!(eta(8), "About 8 seconds");
        assert_eq!(eta(121), "About 3 minutes");
        assert_eq!(describe_eta(&Phase::Asking), "");
        assert_eq!(describe_eta(&Phase::Sending { fraction: 0.4 }), "");
    }

    #[test]
    fn the_bar_never_claims_to_be_full_before_it_is() {
        assert_eq!(percent(0.999), 99);
        assert_eq!(percent(1.0), 100);
        assert_eq!(percent(-1.0), 0);
        assert_eq!(bar_fraction(&Phase::Asking), None);
        let sending = Phase::Sending { fraction: 0.425 };
        assert_eq!(bar_fraction(&sending), Some(0.425));
        assert_eq!(describe_phase(&sending, ""), "Sending your photo, 42 %");
    }

    #[test]
    fn stages_name_the_theme_that_the_guest_enters() {
        let composing = Phase::Making {
            stage: Some(Stage::Compose),
            progress: 0.6,
            eta_seconds: None,
        };
        assert_eq!(describe_phase(&composing, "Greek"), "Stepping into Greek");
        assert_eq!(
            describe_phase(&composing, ""),
            "Stepping into another world"
        );
    }
}
