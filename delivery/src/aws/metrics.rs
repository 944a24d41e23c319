//! CloudWatch: values of the last minutes, what rings, and what a deployment notes of itself.

use super::about;
use crate::place::Environment;
use anyhow::{Context, Result, ensure};
use aws_config::SdkConfig;
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    Dimension, Metric, MetricDataQuery, MetricDatum, MetricStat, StandardUnit, StateValue,
    StatusCode,
};
use std::time::{Duration, SystemTime};

/// Where everything that is noted about releases lies.
const NAMESPACE: &str = "AI-Photobooth/Deployment";

const MINUTE: i32 = 60;

#[derive(Clone, Debug)]
pub struct Metrics(Client);

/// One statistic of one metric, by the minute.
#[derive(Clone, Debug)]
pub struct Query {
    pub namespace: &'static str,
    pub name: &'static str,
    pub dimensions: Vec<(&'static str, String)>,
    /// `Sum`, `Maximum`, `p95`.
    pub statistic: &'static str,
}

impl Metrics {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// The values of each query within the window, a value a minute; none for minutes without data.
    ///
    /// # Errors
    /// CloudWatch does not answer, or not to all of it.
    pub async fn ask(&self, queries: &[Query], window: Duration) -> Result<Vec<Vec<f64>>> {
        let now = SystemTime::now();
        // The end is not part of what is asked for; a value may be of this very second.
        let end = now + Duration::from_secs(1);
        let asked = queries.iter().enumerate().map(|(index, query)| {
            let statistic = MetricStat::builder()
                .metric(query.metric())
                .period(MINUTE)
                .stat(query.statistic);
            let query = MetricDataQuery::builder().id(format!("q{index}"));
            query.metric_stat(statistic.build()).build()
        });
        let call = self.0.get_metric_data();
        let call = call.set_metric_data_queries(Some(asked.collect()));
        let call = call
            .start_time(DateTime::from(now - window))
            .end_time(DateTime::from(end));
        let answer = call.send().await.map_err(about("GetMetricData"))?;
        let of = |(index, query): (usize, &Query)| {
            let id = format!("q{index}");
            let mut results = answer.metric_data_results().iter();
            let result = results.find(|result| result.id() == Some(&id));
            let status = result.and_then(|it| it.status_code());
            // No values are a zero only where nothing is kept back.
            ensure!(
                status == Some(&StatusCode::Complete),
                "GetMetricData: {} is {}",
                query.name,
                status.map_or("left out", StatusCode::as_str)
            );
            Ok(result.map_or(&[][..], |it| it.values()).to_vec())
        };
        queries.iter().enumerate().map(of).collect()
    }

    /// Which of these alarms ring.
    ///
    /// # Errors
    /// CloudWatch does not answer, or one of them is not there to ring.
    pub async fn ringing(&self, alarms: &[String]) -> Result<Vec<String>> {
        let call = self
            .0
            .describe_alarms()
            .set_alarm_names(Some(alarms.to_vec()));
        let answer = call.send().await.map_err(about("DescribeAlarms"))?;
        let mut ringing = Vec::new();
        for name in alarms {
            let mut found = answer.metric_alarms().iter();
            let alarm = found.find(|alarm| alarm.alarm_name() == Some(name));
            let alarm = alarm.with_context(|| format!("there is no alarm {name}"))?;
            if alarm.state_value() == Some(&StateValue::Alarm) {
                ringing.push(name.clone());
            }
        }
        Ok(ringing)
    }

    /// Notes a value; `part` is `backend`, `frontend`, or what else it is about.
    ///
    /// # Errors
    /// CloudWatch does not take it.
    pub async fn note(
        &self,
        name: &str,
        environment: Environment,
        part: &str,
        value: f64,
    ) -> Result<()> {
        let datum = MetricDatum::builder()
            .metric_name(name)
            .dimensions(dimension("Environment", &environment.to_string()))
            .dimensions(dimension("Service", part))
            .timestamp(DateTime::from(SystemTime::now()))
            .unit(StandardUnit::None)
            .value(value);
        let call = self.0.put_metric_data().namespace(NAMESPACE);
        let call = call.metric_data(datum.build()).send();
        call.await.map_err(about("PutMetricData"))?;
        Ok(())
    }
}

impl Query {
    fn metric(&self) -> Metric {
        let dimensions = self
            .dimensions
            .iter()
            .map(|(name, value)| dimension(name, value));
        Metric::builder()
            .namespace(self.namespace)
            .metric_name(self.name)
            .set_dimensions(Some(dimensions.collect()))
            .build()
    }
}

fn dimension(name: &str, value: &str) -> Dimension {
    Dimension::builder().name(name).value(value).build()
}
