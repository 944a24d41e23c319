//! What was checked and what came of it: for people a table, for machines JSON, for pipelines an exit code.

use crate::deadline::Deadline;
use crate::examination::{Check, Examination};
use crate::finding::{Objection, Outcome};
use futures_util::FutureExt;
use serde::Serialize;
use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;
use tokio::time::timeout_at;

/// The check that is added where whoever asked did not take the answer.
const ANSWER: &str = "answer";

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
            examination.interrupt(objection);
        }
        let checks = examination.take_checks();
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

    /// Adds that whoever asked could not be told.
    pub fn add_unheard(&mut self, error: anyhow::Error) {
        self.add(ANSWER, &Objection::Unknown(error));
    }

    /// Why whoever asked could not be told, if so.
    pub fn unheard(&self) -> Option<&str> {
        let answer = self.checks.iter().find(|it| it.name == ANSWER)?;
        Some(&answer.detail)
    }

    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Passed
    }

    /// Whether there is a check of this name, and it passed.
    pub fn has_passed(&self, name: &str) -> bool {
        let mut checks = self.checks.iter();
        checks.any(|it| it.name == name && it.outcome == Outcome::Passed)
    }

    /// Whether something of it could not be told or done, whatever the rest brought.
    pub fn left_something_undone(&self) -> bool {
        let mut checks = self.checks.iter();
        self.outcome == Outcome::Unknown || checks.any(|it| it.outcome == Outcome::Unknown)
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

/// A check that panicked, by what it said last.
fn broken(panic: &(dyn Any + Send)) -> Objection {
    let said = panic.downcast_ref::<&str>().map(ToString::to_string);
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
    let said = said.unwrap_or_default();
    Objection::Unknown(anyhow::anyhow!("the check itself broke: {said}"))
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
    use crate::finding::fail;
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
