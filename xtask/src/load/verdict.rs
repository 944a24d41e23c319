//! What Artillery found, as test cases: its thresholds as it judges them in what it prints, and the requests of its
//! guests by what it counted.

use crate::junit::{Case, Outcome, Suite};
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Before the name of a request, what became of it, and a kind of that: an expected status, or no answer.
const REQUESTS: &str = "plugins.metrics-by-endpoint.";

/// Before the name of a request whose answer was not as expected; such answers are counted nowhere else by request.
const UNEXPECTED: &str = "errors.Failed expectations for request ";

/// The thresholds that were judged so far.
#[derive(Default)]
pub struct Verdict {
    cases: Vec<Case>,
}

/// What Artillery writes down, as far as it matters.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Measured {
    aggregate: Aggregate,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Aggregate {
    counters: BTreeMap<String, Value>,
}

impl Verdict {
    /// Takes the next line that is printed; few are judgements.
    pub fn read(&mut self, line: &str) {
        let case = |name: &str, outcome| Case {
            name: name.to_owned(),
            outcome,
        };
        if let Some(threshold) = line.strip_prefix("ok: ") {
            self.cases.push(case(threshold, Outcome::Passed));
        } else if let Some(threshold) = line.strip_prefix("fail: ") {
            let reason = "the summary has what was measured".to_owned();
            self.cases.push(case(threshold, Outcome::Failed(reason)));
        }
    }

    /// The thresholds, and behind them the requests that `measured`, Artillery's JSON, counts.
    pub fn into_suite(self, measured: &str) -> Result<Suite> {
        let measured: Measured =
            serde_json::from_str(measured).context("no report of Artillery")?;
        // What went wrong with each, which may be nothing.
        let mut requests = BTreeMap::<&str, Vec<String>>::new();
        for (counter, number) in &measured.aggregate.counters {
            if let Some(name) = counter.strip_prefix(UNEXPECTED) {
                let wrong = requests.entry(name).or_default();
                wrong.push(format!("{number} x another answer than expected"));
            } else if let Some(counter) = counter.strip_prefix(REQUESTS) {
                if let Some((name, _)) = counter.split_once(".codes.") {
                    requests.entry(name).or_default();
                } else if let Some((name, error)) = counter.split_once(".errors.") {
                    let wrong = requests.entry(name).or_default();
                    wrong.push(format!("{number} x {error}"));
                }
            }
        }
        let requests = requests.into_iter().map(|(name, wrong)| Case {
            name: name.to_owned(),
            outcome: match wrong.is_empty() {
                true => Outcome::Passed,
                false => Outcome::Failed(wrong.join(", ")),
            },
        });
        Ok(Suite {
            cases: self.cases.into_iter().chain(requests).collect(),
            ..Suite::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_and_requests_become_test_cases() {
        let mut verdict = Verdict::default();
        let printed = "http.codes.200: ... 12\n\nChecks:\nok: maxErrorRate < 1\nfail: http.response_time.p95 < 2000";
        printed.lines().for_each(|line| verdict.read(line));
        let measured = r#"{ "intermediate": [], "aggregate": { "summaries": {}, "counters": {
            "http.codes.200": 12,
            "plugins.metrics-by-endpoint.health.codes.200": 8,
            "plugins.metrics-by-endpoint.upload address.codes.200": 4,
            "plugins.metrics-by-endpoint.upload address.errors.ETIMEDOUT": 2,
            "errors.ETIMEDOUT": 2,
            "errors.Failed expectations for request upload address": 1
        } } }"#;
        let cases = verdict.into_suite(measured).unwrap().cases;
        let outcomes: Vec<_> = cases
            .into_iter()
            .map(|case| match case.outcome {
                Outcome::Failed(text) => (case.name, text),
                outcome => (case.name, format!("{outcome:?}")),
            })
            .collect();
        let expected = [
            ("maxErrorRate < 1", "Passed"),
            (
                "http.response_time.p95 < 2000",
                "the summary has what was measured",
            ),
            ("health", "Passed"),
            (
                "upload address",
                "1 x another answer than expected, 2 x ETIMEDOUT",
            ),
        ];
        assert_eq!(
            outcomes,
            expected.map(|(name, text)| (name.to_owned(), text.to_owned()))
        );
    }

    #[test]
    fn artillery_that_measured_nothing_has_no_cases() {
        assert!(
            Verdict::default()
                .into_suite("{}")
                .unwrap()
                .cases
                .is_empty()
        );
    }
}
