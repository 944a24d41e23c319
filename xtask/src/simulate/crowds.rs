//! When guests press the shutter: Poisson arrivals whose rate changes over the day.

use fastrand::Rng;

const HOUR: f64 = 3_600.0;
const MINUTE: f64 = 60.0;

/// The share of each hour of an event in which everybody comes at once: ten minutes after each show.
const BURST_SHARE: f64 = 1.0 / 6.0;
/// How many times the usual rate that is.
const BURST: f64 = 5.0;

/// A day of guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowd {
    /// 10,000 portraits in ten hours, five times the usual rate in ten minutes of each hour.
    Event,
    /// A million portraits in a day and night, most of them in the evening.
    Million,
    /// A quiet hour, then twenty guests a second within a minute, for a quarter of an hour, then half every ten minutes.
    Flash,
}

impl Crowd {
    pub const ALL: [Self; 3] = [Self::Event, Self::Million, Self::Flash];

    pub fn name(self) -> &'static str {
        match self {
            Self::Event => "10,000 in ten hours, with bursts of 5x",
            Self::Million => "1,000,000 in a day",
            Self::Flash => "a flash crowd of 20 a second",
        }
    }

    /// Seconds from the first guest's moment to the last one's.
    pub fn length(self) -> f64 {
        match self {
            Self::Event => 10.0 * HOUR,
            Self::Million => 24.0 * HOUR,
            Self::Flash => 3.0 * HOUR,
        }
    }

    /// Guests a second at this second.
    fn rate(self, second: f64) -> f64 {
        match self {
            Self::Event => {
                let usual = 10_000.0 / self.length() / (1.0 + (BURST - 1.0) * BURST_SHARE);
                let is_burst = second % HOUR < BURST_SHARE * HOUR;
                if is_burst { BURST * usual } else { usual }
            }
            Self::Million => {
                let mean = 1_000_000.0 / self.length();
                let evening = (second / self.length() * std::f64::consts::TAU - 2.0).sin();
                mean * (1.0 + 0.8 * evening)
            }
            Self::Flash => {
                let since = second - HOUR;
                let (quiet, peak) = (0.05, 20.0);
                let plateau = 16.0 * MINUTE;
                if since < 0.0 {
                    quiet
                } else if since < MINUTE {
                    quiet + (peak - quiet) * since / MINUTE
                } else if since < plateau {
                    peak
                } else {
                    quiet + peak * 0.5_f64.powf((since - plateau) / (10.0 * MINUTE))
                }
            }
        }
    }

    fn highest_rate(self) -> f64 {
        let seconds = self.length() as u32;
        (0..=seconds)
            .step_by(30)
            .map(|second| self.rate(f64::from(second)))
            .fold(0.0, f64::max)
    }

    /// The moments at which guests come, in seconds, earliest first. By thinning: moments at the highest rate, each
    /// kept with the chance that its own rate gives it.
    pub fn arrivals(self, seed: u64) -> impl Iterator<Item = f64> {
        let mut random = Rng::with_seed(seed);
        let highest = self.highest_rate();
        let mut second = 0.0;
        std::iter::from_fn(move || {
            loop {
                second -= (1.0 - random.f64()).ln() / highest;
                if second >= self.length() {
                    return None;
                }
                if random.f64() * highest < self.rate(second) {
                    return Some(second);
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_come_as_are_named() {
        for (crowd, expected) in [(Crowd::Event, 10_000.0), (Crowd::Million, 1_000_000.0)] {
            let came = crowd.arrivals(3).count() as f64;
            // Three standard deviations of a Poisson count.
            assert!(
                (came - expected).abs() < 3.0 * expected.sqrt(),
                "{crowd:?}: {came}"
            );
        }
    }

    #[test]
    fn a_burst_is_five_times_the_rest_of_the_hour() {
        let arrivals: Vec<f64> = Crowd::Event.arrivals(3).collect();
        assert!(arrivals.is_sorted());
        let in_bursts = arrivals
            .iter()
            .filter(|&&second| second % HOUR < 10.0 * MINUTE);
        let share = in_bursts.count() as f64 / arrivals.len() as f64;
        assert!((share - 0.5).abs() < 0.02, "{share}");
    }

    #[test]
    fn the_flash_is_where_it_is_said_to_be() {
        let within = |from: f64, until: f64| {
            let arrivals = Crowd::Flash.arrivals(3);
            arrivals
                .filter(|&second| second >= from && second < until)
                .count()
        };
        assert!(within(0.0, HOUR) < 250);
        assert!((17_000..19_000).contains(&within(HOUR + MINUTE, HOUR + 16.0 * MINUTE)));
    }
}
