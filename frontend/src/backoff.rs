//! How long to wait before something is tried again.

use std::time::Duration;

/// Quick at first, for a hiccup; then often enough that nobody walks away.
const WAITS_SECONDS: [u32; 4] = [2, 4, 8, 15];

/// Seconds to wait after so many failures in a row.
pub fn wait_seconds(failures: u32) -> u32 {
    let last = WAITS_SECONDS.len() - 1;
    WAITS_SECONDS[last.min(failures.saturating_sub(1) as usize)]
}

/// The same as a duration.
pub fn wait_after(failures: u32) -> Duration {
    Duration::from_secs(wait_seconds(failures).into())
}

#[cfg(test)]
mod tests {
    use super::wait_seconds;

    #[test]
    fn waits_grow_and_stay_short_enough_for_a_guest() {
        let waits: Vec<u32> = (1..=6).map(wait_seconds).collect();
        assert_eq!(waits, [2, 4, 8, 15, 15, 15]);
        assert_eq!(wait_seconds(0), 2);
    }
}
