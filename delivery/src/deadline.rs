//! When it must be over, and how the time until then is shared out.

use crate::finding::{Finding, Objection};
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, sleep, timeout_at};

/// Kept for reporting at most, of a limit of a minute and a half or more.
const REPORTING: Duration = Duration::from_secs(30);

/// From beginning to end; what is looked at ends earlier, so that what was seen can still be told.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    begun: Instant,
    limit: Duration,
}

impl Deadline {
    pub fn after(limit: Duration) -> Self {
        Self {
            begun: Instant::now(),
            limit,
        }
    }

    /// The same, but not later than `time`.
    #[must_use]
    pub fn not_later_than(self, time: SystemTime) -> Self {
        let left = time.duration_since(SystemTime::now()).unwrap_or_default();
        let limit = self.limit.min(self.begun.elapsed() + left);
        Self { limit, ..self }
    }

    /// When everything is told.
    pub fn ends(&self) -> Instant {
        self.begun + self.limit
    }

    /// When there is nothing more to be looked at.
    pub fn work_ends(&self) -> Instant {
        self.ends() - self.reporting()
    }

    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// How long telling may take, and any call of AWS with all its attempts.
    pub fn reporting(&self) -> Duration {
        REPORTING.min(self.limit / 3)
    }

    /// How long one attempt of a call may take: one that hangs leaves time for others.
    pub fn attempt(&self) -> Duration {
        self.reporting() / 6
    }

    /// Between two looks at something that changes: five seconds of the usual 300.
    pub fn pace(&self) -> Duration {
        self.limit / 60
    }

    /// Looks until it is well. When there is no time for another look, the last objection stands.
    ///
    /// # Errors
    /// The last objection.
    pub async fn settle(&self, mut look: impl AsyncFnMut() -> Finding) -> Finding {
        let mut last = None;
        loop {
            match timeout_at(self.work_ends(), Box::pin(look())).await {
                Ok(Ok(seen)) => return Ok(seen),
                Ok(Err(objection)) => last = Some(objection),
                Err(_) => return Err(last.unwrap_or_else(Objection::late)),
            }
            if Instant::now() + self.pace() >= self.work_ends() {
                return Err(last.unwrap_or_else(Objection::late));
            }
            sleep(self.pace()).await;
        }
    }

    /// Repeats what must succeed, until it does or everything must be over.
    ///
    /// # Errors
    /// What the last attempt met.
    pub async fn insist(
        &self,
        mut attempt: impl AsyncFnMut() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut last = anyhow::anyhow!("no time was left for it");
        while Instant::now() < self.ends() {
            match timeout_at(self.ends(), Box::pin(attempt())).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => last = error,
                Err(_) => break,
            }
            sleep(self.pace().min(self.attempt())).await;
        }
        Err(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::fail;

    #[tokio::test(start_paused = true)]
    async fn what_does_not_settle_ends_before_the_time_for_reporting() {
        let deadline = Deadline::after(Duration::from_secs(300));
        let mut looks = 0;
        let finding = deadline.settle(async || {
            looks += 1;
            Err(fail("not yet"))
        });
        assert_eq!(finding.await.unwrap_err().to_string(), "not yet");
        assert!(looks > 50, "{looks} looks");
        assert!(Instant::now() <= deadline.work_ends());
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_that_hangs_ends_too() {
        let deadline = Deadline::after(Duration::from_secs(300));
        let finding = deadline.settle(async || std::future::pending().await).await;
        assert!(finding.unwrap_err().to_string().contains("in time"));
        assert_eq!(deadline.elapsed(), Duration::from_secs(270));
    }

    #[tokio::test(start_paused = true)]
    async fn what_must_succeed_is_tried_to_the_end() {
        let deadline = Deadline::after(Duration::from_secs(3));
        let error = deadline.insist(async || anyhow::bail!("no")).await;
        assert_eq!(error.unwrap_err().to_string(), "no");
        assert!(deadline.elapsed() >= Duration::from_secs(3));
        let mut attempts = 0;
        let deadline = Deadline::after(Duration::from_secs(3));
        let success = deadline.insist(async || {
            attempts += 1;
            anyhow::ensure!(attempts == 3, "once more");
            Ok(())
        });
        success.await.unwrap();
    }
}
