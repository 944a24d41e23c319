//! What was counted in the last minutes: requests by the load balancer, portraits by the backend.

use super::Deployed;
use crate::aws::Query;
use crate::finding::{Finding, Objection, demand};
use crate::settings::Thresholds;
use anyhow::Context;
use std::time::Duration;

impl Deployed<'_> {
    /// What the load balancer counted of requests to these target groups.
    ///
    /// # Errors
    /// There were too few to tell, or too many errors, or they took too long.
    pub async fn requests_are_answered(
        &self,
        groups: &[String],
        thresholds: &Thresholds,
    ) -> Finding {
        let balancer = self
            .aws
            .balancers
            .full_name(&self.environment.load_balancer())
            .await?;
        let mut queries = Vec::new();
        for group in groups {
            let group = self.aws.balancers.target_group(group).await?.full_name;
            for (name, statistic) in [
                ("RequestCount", "Sum"),
                ("HTTPCode_Target_5XX_Count", "Sum"),
                ("TargetResponseTime", "p95"),
            ] {
                queries.push(Query {
                    namespace: "AWS/ApplicationELB",
                    name,
                    dimensions: vec![
                        ("LoadBalancer", balancer.clone()),
                        ("TargetGroup", group.clone()),
                    ],
                    statistic,
                });
            }
        }
        let answers = self.ask(&queries, thresholds).await?;
        let of = |place: usize| answers.iter().skip(place).step_by(3).flatten();
        let (requests, errors) = (total(of(0)), total(of(1)));
        if requests < f64::from(thresholds.min_requests) {
            let least = thresholds.min_requests;
            return Err(Objection::Quiet(format!(
                "{requests} requests were counted, of fewer than {least} nothing can be told"
            )));
        }
        let percent = 100.0 * errors / requests;
        demand(percent <= thresholds.max_error_percent, || {
            format!(
                "{percent:.1} % of {requests} requests failed, {} are allowed",
                thresholds.max_error_percent
            )
        })?;
        let p95_ms = 1_000.0 * of(2).copied().fold(0.0, f64::max);
        demand(p95_ms <= thresholds.max_p95_ms, || {
            format!(
                "95 of 100 requests within {p95_ms:.0} ms, {:.0} are allowed",
                thresholds.max_p95_ms
            )
        })?;
        Ok(format!(
            "{requests} requests, {percent:.1} % failed, 95 of 100 within {p95_ms:.0} ms"
        ))
    }

    /// What the backend says of its portraits, once a minute, even when there were none.
    ///
    /// # Errors
    /// It says nothing, or too many fail, or they wait too long.
    pub async fn portraits_are_made(&self, thresholds: &Thresholds) -> Finding {
        let environment = self.environment.to_string();
        let query = |name, statistic| Query {
            namespace: "AI-Photobooth",
            name,
            dimensions: vec![
                ("Environment", environment.clone()),
                ("Role", "all".to_owned()),
            ],
            statistic,
        };
        let queries = [
            query("Portraits", "Sum"),
            query("Failures", "Sum"),
            query("OldestWaitSeconds", "Maximum"),
        ];
        let answers = self.ask(&queries, thresholds).await?;
        answers[0]
            .first()
            .context("the backend has published no metrics")?;
        let (made, failed) = (total(&answers[0]), total(&answers[1]));
        let percent = 100.0 * failed / (made + failed).max(1.0);
        demand(percent <= thresholds.max_failed_portrait_percent, || {
            format!("{failed} of {} portraits failed", made + failed)
        })?;
        let oldest = answers[2].iter().copied().fold(0.0, f64::max);
        demand(oldest <= thresholds.max_oldest_wait_seconds, || {
            format!(
                "a guest waited {oldest:.0} s, {} are allowed",
                thresholds.max_oldest_wait_seconds
            )
        })?;
        Ok(format!(
            "{made} portraits, {failed} failed, the longest wait {oldest:.0} s"
        ))
    }

    async fn ask(
        &self,
        queries: &[Query],
        thresholds: &Thresholds,
    ) -> anyhow::Result<Vec<Vec<f64>>> {
        let window = Duration::from_secs(60 * u64::from(thresholds.window_minutes));
        self.aws.metrics.ask(queries, window).await
    }
}

/// What nobody counted is nothing; the sum of no numbers would be -0, and a report would say so.
fn total<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    values.into_iter().fold(0.0, |sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_not_less_than_nothing() {
        assert_eq!(format!("{:.1}", total(&[])), "0.0");
        assert_eq!(total(&[1.0, 2.0]), 3.0);
    }
}
