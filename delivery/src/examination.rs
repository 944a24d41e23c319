//! Looking at one thing after the other, so that what was seen stays known whatever becomes of the rest.

use crate::finding::{Finding, Objection, Outcome};
use serde::Serialize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    pub name: String,
    pub outcome: Outcome,
    /// What was seen.
    pub detail: String,
    pub seconds: f64,
}

/// Checks one after the other, of which those that are over stay known whatever becomes of the rest.
#[derive(Debug, Default)]
pub struct Examination(Mutex<Progress>);

#[derive(Debug, Default)]
struct Progress {
    excuses_quiet: bool,
    over: Vec<Check>,
    under_way: Option<(String, Instant)>,
}

impl Examination {
    /// One that does not mind too few guests to tell anything by.
    pub fn excusing_quiet() -> Self {
        Self(Mutex::new(Progress {
            excuses_quiet: true,
            ..Progress::default()
        }))
    }

    /// Looks at one thing. True if it passed, for what makes no sense otherwise.
    pub async fn check(
        &self,
        name: impl Into<String>,
        look: impl Future<Output = Finding>,
    ) -> bool {
        let name = name.into();
        self.progress().under_way = Some((name.clone(), Instant::now()));
        let finding = Box::pin(look).await;
        let passed = finding.is_ok();
        self.note(&name, finding);
        passed
    }

    /// Whether anything did not pass so far.
    pub fn has_objection(&self) -> bool {
        let progress = self.progress();
        progress
            .over
            .iter()
            .any(|check| check.outcome != Outcome::Passed)
    }

    /// Ends the check that is under way by an objection.
    pub(crate) fn interrupt(&self, objection: Objection) {
        let under_way = self.progress().under_way.clone();
        let name = under_way.map_or("checks".to_owned(), |(name, _)| name);
        self.note(&name, Err(objection));
    }

    /// What is over, which is then forgotten here.
    pub(crate) fn take_checks(&self) -> Vec<Check> {
        std::mem::take(&mut self.progress().over)
    }

    fn note(&self, name: &str, finding: Finding) {
        let mut progress = self.progress();
        let begun = progress.under_way.take().map(|(_, begun)| begun);
        let seconds = begun.map_or(0.0, |begun| begun.elapsed().as_secs_f64());
        let (outcome, detail) = match finding {
            Ok(seen) => (Outcome::Passed, seen),
            Err(Objection::Quiet(seen)) if progress.excuses_quiet => (Outcome::Passed, seen),
            Err(objection) => (objection.outcome(), objection.to_string()),
        };
        tracing::info!(check = name, %outcome, seconds, "{detail}");
        progress.over.push(Check {
            name: name.to_owned(),
            outcome,
            detail,
            seconds,
        });
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
