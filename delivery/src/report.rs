//! What was checked and what came of it: for people a table, for machines JSON, for pipelines an exit code.

use crate::deadline::Deadline;
use futures_util::FutureExt;
use serde::Serialize;
use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::{Instant, timeout_at};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Passed,
    /// It could not be told: AWS or the booth did not say.
    Unknown,
    /// It was seen, and is not as it should be.
    Failed,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    pub name: String,
    pub outcome: Outcome,
    /// What was seen.
    pub detail: String,
    pub seconds: f64,
}

/// Why something does not pass.
#[derive(Debug)]
pub enum Objection {
    Failed(String),
    /// Too few guests have come to tell.
    Quiet(String),
    Unknown(anyhow::Error),
}

/// What a look at something brings: what was seen, or an objection.
pub type Finding = Result<String, Objection>;

/// Something is not as it should be.
pub fn fail(reason: impl Into<String>) -> Objection {
    Objection::Failed(reason.into())
}

/// Objects where something does not hold.
///
/// # Errors
/// It does not.
pub fn demand(holds: bool, reason: impl FnOnce() -> String) -> Result<(), Objection> {
    if holds { Ok(()) } else { Err(fail(reason())) }
}

impl Objection {
    pub fn late() -> Self {
        Self::Unknown(anyhow::anyhow!("did not end in time"))
    }

    fn outcome(&self) -> Outcome {
        match self {
            Self::Failed(_) => Outcome::Failed,
            Self::Quiet(_) | Self::Unknown(_) => Outcome::Unknown,
        }
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Failed(reason) | Self::Quiet(reason) => f.write_str(reason),
            Self::Unknown(error) => write!(f, "{error:#}"),
        }
    }
}

impl From<anyhow::Error> for Objection {
    fn from(error: anyhow::Error) -> Self {
        Self::Unknown(error)
    }
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

    fn under_way(&self) -> String {
        let progress = self.progress();
        let name = progress.under_way.as_ref().map(|(name, _)| name.clone());
        name.unwrap_or("checks".to_owned())
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A check that panicked, by what it said last.
fn broken(panic: &(dyn Any + Send)) -> Objection {
    let said = panic.downcast_ref::<&str>().map(ToString::to_string);
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
    let said = said.unwrap_or_default();
    Objection::Unknown(anyhow::anyhow!("the check itself broke: {said}"))
}

/// Everything that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Of what.
    pub subject: String,
    pub outcome: Outcome,
    pub checks: Vec<Check>,
    pub seconds: f64,
}

impl Report {
    /// Lets checks look around until there is time for nothing but the report. One that hangs or panics ends as a
    /// check that could not be told. None may keep its thread busy: a clock that is not asked does not ring.
    pub async fn of(
        subject: String,
        deadline: Deadline,
        examination: &Examination,
        looking: impl Future<Output = ()>,
    ) -> Self {
        // Boxed: what all checks remember is too much for one type.
        let looking = AssertUnwindSafe(Box::pin(looking)).catch_unwind();
        let end = match timeout_at(deadline.work_ends(), looking).await {
            Ok(Ok(())) => None,
            Ok(Err(panic)) => Some(broken(panic.as_ref())),
            Err(_) => Some(Objection::late()),
        };
        if let Some(objection) = end {
            let under_way = examination.under_way();
            examination.note(&under_way, Err(objection));
        }
        let checks = std::mem::take(&mut examination.progress().over);
        // Nothing that was looked at is nothing that is well.
        let outcome = checks.iter().map(|check| check.outcome).max();
        Self {
            subject,
            outcome: outcome.unwrap_or(Outcome::Unknown),
            checks,
            seconds: deadline.elapsed().as_secs_f64(),
        }
    }

    /// Adds what came to light after everything was looked at.
    pub fn add(&mut self, name: &str, objection: &Objection) {
        let outcome = objection.outcome();
        self.outcome = self.outcome.max(outcome);
        self.checks.push(Check {
            name: name.to_owned(),
            outcome,
            detail: objection.to_string(),
            seconds: 0.0,
        });
    }

    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Passed
    }

    /// 0: passed. 1: something is not as it should be. 2: it could not be told.
    pub fn exit_code(&self) -> u8 {
        match self.outcome {
            Outcome::Passed => 0,
            Outcome::Failed => 1,
            Outcome::Unknown => 2,
        }
    }

    /// What did not pass, in a line.
    pub fn objections(&self) -> String {
        let objections = self
            .checks
            .iter()
            .filter(|it| it.outcome != Outcome::Passed);
        let objections = objections.map(|it| format!("{}: {}", it.name, it.detail));
        objections.collect::<Vec<_>>().join("; ")
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "passed",
            Self::Unknown => "unknown",
            Self::Failed => "FAILED",
        })
    }
}

/// A table, a line a check.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = |check: &Check| check.name.chars().count();
        let width = self.checks.iter().map(name).max().unwrap_or(0);
        writeln!(f, "{}", self.subject)?;
        for Check {
            name,
            outcome,
            detail,
            seconds,
        } in &self.checks
        {
            writeln!(
                f,
                "  {outcome:<7}  {name:<width$}  {seconds:>6.1} s  {detail}"
            )?;
        }
        write!(f, "  {:<7}  in {:.1} s", self.outcome, self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    async fn report(checks: impl AsyncFnOnce(&Examination)) -> Report {
        let deadline = Deadline::after(Duration::from_secs(300));
        let examination = Examination::default();
        let looking = checks(&examination);
        Report::of("a test".to_owned(), deadline, &examination, looking).await
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_seen_before_a_hang_stays_known() {
        let report = report(async |examination: &Examination| {
            examination
                .check("first", async { Ok("fine".to_owned()) })
                .await;
            examination.check("second", std::future::pending()).await;
        });
        let report = report.await;
        assert_eq!(report.exit_code(), 2);
        assert_eq!(report.objections(), "second: did not end in time");
        assert_eq!(report.checks[0].outcome, Outcome::Passed);
        assert!(
            report
                .to_string()
                .contains("  passed   first      0.0 s  fine\n")
        );
    }

    #[tokio::test]
    async fn a_panic_is_an_outcome() {
        let report = report(async |examination: &Examination| {
            let look = async { panic!("no reason") };
            examination.check("only", look).await;
        });
        assert!(
            report
                .await
                .objections()
                .starts_with("only: the check itself broke")
        );
    }

    #[tokio::test]
    async fn failures_outweigh_what_is_not_known_and_nothing_is_not_well() {
        let failed = report(async |examination: &Examination| {
            examination.check("a", async { Err(fail("bad")) }).await;
            examination
                .check("b", async { Err(Objection::late()) })
                .await;
        });
        assert_eq!(failed.await.exit_code(), 1);
        assert_eq!(report(async |_| ()).await.exit_code(), 2);
    }
}
