//! Health checks: one target asked again and again, and judged by several answers in a row.

use super::settings::GroupSettings;
use super::targets::{Health, Target};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::{MissedTickBehavior, interval, timeout};

type Checker = Client<HttpConnector, Empty<Bytes>>;

/// Asks until it is cancelled; calls `tell` whenever the target's health changes.
pub async fn follow(target: &Target, settings: &GroupSettings, tell: impl Fn()) {
    // Each check finds out whether a connection can be made.
    let client: Checker = Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build_http();
    let mut ticks = interval(settings.interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut judge = Judge::default();
    loop {
        ticks.tick().await;
        let is_well = is_well(&client, target, settings).await;
        let before = target.health();
        let after = judge.hear(is_well, before, settings);
        target.set_health(after);
        if before != after {
            tell();
        }
    }
}

async fn is_well(client: &Checker, target: &Target, settings: &GroupSettings) -> bool {
    let address = format!("http://{}{}", target.address, settings.health_path);
    let Ok(request) = Request::get(address).body(Empty::new()) else {
        return false;
    };
    let answer = timeout(settings.timeout, client.request(request)).await;
    matches!(answer, Ok(Ok(answer)) if answer.status() == StatusCode::OK)
}

/// Remembers how many answers in a row were good, or bad.
#[derive(Debug, Default)]
struct Judge {
    good: u32,
    bad: u32,
}

impl Judge {
    fn hear(&mut self, is_well: bool, before: Health, settings: &GroupSettings) -> Health {
        if is_well {
            (self.good, self.bad) = (self.good + 1, 0);
        } else {
            (self.good, self.bad) = (0, self.bad + 1);
        }
        match before {
            // The first good answer of a new target is enough.
            Health::Initial if is_well => Health::Healthy,
            Health::Unhealthy if self.good >= settings.healthy_threshold => Health::Healthy,
            Health::Initial | Health::Healthy if self.bad >= settings.unhealthy_threshold => {
                Health::Unhealthy
            }
            unchanged => unchanged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// One letter an answer, `+` or `-`, and one a judgement.
    fn judge(answers: &str) -> String {
        let settings = GroupSettings::checking("/", Duration::from_secs(1));
        let (mut judge, mut health) = (Judge::default(), Health::Initial);
        let mut judgements = String::new();
        for answer in answers.chars() {
            health = judge.hear(answer == '+', health, &settings);
            judgements.push(match health {
                Health::Initial => 'i',
                Health::Healthy => 'h',
                Health::Unhealthy => 'u',
                Health::Draining => 'd',
            });
        }
        judgements
    }

    #[test]
    fn several_answers_in_a_row_judge() {
        assert_eq!(judge("+--+---++-"), "hhhhhhuuhh");
        assert_eq!(judge("--+"), "iih");
        assert_eq!(judge("---+-++"), "iiuuuuh");
    }
}
