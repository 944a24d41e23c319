//! What came of a rehearsal, and whether that is what must come of it.

use super::crowd::Round;
use super::deployment::Outcome;
use super::faults::{Fault, Watch};
use super::functions::HookCall;
use super::guests::Failure;
use super::part::Part;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How many failures are told one by one.
const TOLD: usize = 5;

/// Everything that is judged.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub fault: Option<Fault>,
    /// In their order; the one that was rolled back is the last.
    pub deployments: Vec<Deployed>,
    /// Who leads guests and tests where, when all is over.
    pub leads: Vec<Lead>,
    /// When the last deployment was over, with its rollback.
    pub over_at: Duration,
    /// Small requests and whole visits that were begun.
    pub requests: u64,
    pub visits: u64,
    pub failures: Vec<Failure>,
    /// What Artillery saw.
    pub rounds: Vec<Round>,
    /// Why the validation after the release did not pass.
    pub complaint: Option<String>,
    /// Stage and name of every action of the pipeline.
    pub actions: Vec<[String; 2]>,
    /// What the spans of its trace are called.
    pub spans: Vec<String>,
}

/// One service's deployment, when it was over.
#[derive(Clone, Debug)]
pub struct Deployed {
    pub part: Part,
    pub outcome: Outcome,
    pub hooks: Vec<HookCall>,
}

/// How many of a hundred requests of one listener come to a service's green.
#[derive(Clone, Debug)]
pub struct Lead {
    pub part: Part,
    /// The load balancer that runs here, or the cloud's record of it; and which listener.
    pub by: String,
    pub green_percent: u32,
}

impl Record {
    /// Everything that is not as it must be, for people.
    #[must_use]
    pub fn objections(&self) -> Vec<String> {
        let mut objections = self.of_deployments();
        objections.extend(self.of_hooks());
        objections.extend(self.of_leads());
        objections.extend(self.of_guests());
        objections.extend(self.complaint.clone());
        objections.extend(self.of_trace());
        objections
    }

    fn of_deployments(&self) -> Vec<String> {
        let wanted = match self.fault {
            None => Part::ALL.len(),
            Some(_) => 1,
        };
        let mut objections = Vec::new();
        if self.deployments.len() != wanted {
            let count = self.deployments.len();
            objections.push(format!("{count} of {wanted} deployments were begun"));
        }
        for deployed in &self.deployments {
            let Deployed { part, outcome, .. } = deployed;
            match self.fault {
                None if *outcome != Outcome::Succeeded => {
                    objections.push(format!("{part} {outcome}"));
                }
                Some(fault) if !fault.is_caught(deployed) => {
                    let (name, watch) = (fault.name(), fault.watch());
                    objections.push(format!(
                        "{name} was not caught by {watch}: {part} {outcome}"
                    ));
                }
                _ => {}
            }
        }
        objections
    }

    /// Every hook reports, and in time.
    fn of_hooks(&self) -> Vec<String> {
        let calls = self.deployments.iter().flat_map(|it| &it.hooks);
        let bad = calls.filter(|it| it.status.is_none() || it.seconds > it.limit_seconds as f64);
        let tell = |it: &HookCall| {
            let (function, seconds) = (&it.function, it.seconds);
            let status = it.status.as_deref().unwrap_or("nothing");
            format!("{function} reported {status} after {seconds:.0} s")
        };
        bad.map(tell).collect()
    }

    /// Both listeners show green after a release, and blue after a rollback.
    fn of_leads(&self) -> Vec<String> {
        let mut objections = Vec::new();
        for Deployed { part, outcome, .. } in &self.deployments {
            let wanted = match outcome {
                Outcome::Succeeded => 100,
                Outcome::RolledBack { .. } => 0,
            };
            let own: Vec<_> = self.leads.iter().filter(|it| it.part == *part).collect();
            if own.is_empty() {
                objections.push(format!("nobody leads guests to {part}"));
            }
            for lead in own.iter().filter(|it| it.green_percent != wanted) {
                let (by, percent) = (&lead.by, lead.green_percent);
                objections.push(format!(
                    "{by} leads {percent} of 100 to green of {part}, not {wanted}"
                ));
            }
        }
        objections
    }

    /// The trace has a span for every stage, for every action, and for every hook that was called.
    fn of_trace(&self) -> Vec<String> {
        if self.spans.is_empty() {
            return vec!["no trace was written".to_owned()];
        }
        let stages: BTreeSet<_> = self.actions.iter().map(|[stage, _]| stage).collect();
        let actions = self.actions.iter().map(|[_, action]| action);
        let calls = self.deployments.iter().flat_map(|it| &it.hooks);
        let events = calls.map(|call| &call.event);
        // A hook's span is called after its event and itself.
        let spans = self
            .spans
            .iter()
            .map(|it| it.split(": ").next().unwrap_or(it));
        let drawn = count(spans);
        let wanted = count(
            stages
                .into_iter()
                .chain(actions)
                .chain(events)
                .map(String::as_str),
        );
        let lost = wanted.into_iter().filter_map(|(name, wanted)| {
            let drawn = drawn.get(name).copied().unwrap_or_default();
            (drawn < wanted).then(|| format!("the trace has {drawn} of {wanted} spans of {name}"))
        });
        lost.collect()
    }

    /// Guests meet a bad green only where an alarm has to find it, and never after the rollback.
    fn of_guests(&self) -> Vec<String> {
        let may_fail = self.fault.map(Fault::watch) == Some(Watch::Alarm);
        let counts = |at: Duration| !may_fail || at >= self.over_at;
        let mut objections = Vec::new();
        if self.requests == 0 || self.visits == 0 || self.rounds.is_empty() {
            objections.push("guests did not come in every way".to_owned());
        }
        let failures = self.failures.iter().filter(|it| counts(it.at));
        for Failure { at, what } in failures.take(TOLD) {
            objections.push(format!("at {:.1} s {what}", at.as_secs_f64()));
        }
        let rounds = self.rounds.iter().filter(|it| counts(it.begun_at));
        for round in rounds.filter(|it| it.failed > 0).take(TOLD) {
            let (
                at,
                Round {
                    visitors, failed, ..
                },
            ) = (round.begun_at.as_secs_f64(), round);
            objections.push(format!(
                "from {at:.1} s on {failed} of Artillery's {visitors} visitors failed"
            ));
        }
        objections
    }
}

/// How often each name is there.
fn count<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    counts
}
