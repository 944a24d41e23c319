//! CloudWatch: values of metrics, asked for by period, and alarms.

use crate::arns::arn;
use crate::course::now;
use crate::metrics::{Question, Statistics};
use crate::pass::{Answer, Refusal, text, texts, unknown};
use crate::protocols::cbor::time;
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Before the operation's name.
pub(crate) const PATH: &str = "/service/GraniteServiceVersion20100801/operation/";

/// CloudWatch's own limit of one `PutMetricData`.
const BATCH: usize = 1_000;

pub(crate) fn answer(world: &mut World, operation: &str, input: &Value) -> Answer {
    match operation {
        "PutMetricData" => put_metric_data(world, input),
        "GetMetricData" => get_metric_data(world, input),
        "DescribeAlarms" => describe_alarms(world, input),
        _ => unknown(operation),
    }
}

fn list<'a>(input: &'a Value, field: &str) -> &'a [Value] {
    input[field].as_array().map_or(&[], Vec::as_slice)
}

fn dimensions(of: &Value) -> BTreeMap<String, String> {
    let pairs = list(of, "Dimensions").iter().filter_map(|pair| {
        let (name, value) = (pair["Name"].as_str()?, pair["Value"].as_str()?);
        Some((name.to_owned(), value.to_owned()))
    });
    pairs.collect()
}

fn put_metric_data(world: &mut World, input: &Value) -> Answer {
    let namespace = text(input, "Namespace")?;
    let data = list(input, "MetricData");
    if data.is_empty() || data.len() > BATCH {
        let message = format!("{} values in a request", data.len());
        return Err(Refusal::new("InvalidParameterValueException", message));
    }
    for datum in data {
        let name = text(datum, "MetricName")?;
        let of = &datum["StatisticValues"];
        let field = |name: &str| of[name].as_f64().unwrap_or_default();
        let statistics = match datum["Value"].as_f64() {
            Some(value) => Statistics::of(value),
            None => Statistics {
                count: field("SampleCount"),
                sum: field("Sum"),
                min: field("Minimum"),
                max: field("Maximum"),
            },
        };
        let at = datum["Timestamp"].as_f64().unwrap_or_else(now);
        world
            .metrics
            .put_statistics(namespace, name, dimensions(datum), at, statistics);
    }
    Ok(json!({}))
}

fn get_metric_data(world: &World, input: &Value) -> Answer {
    let at = |field: &str| input[field].as_f64().ok_or_else(|| Refusal::missing(field));
    let (from, to) = (at("StartTime")?, at("EndTime")?);
    let mut results = Vec::new();
    for query in list(input, "MetricDataQueries") {
        let stat = &query["MetricStat"];
        if stat.is_null() {
            // Metric math: its results would be a guess.
            return Err(Refusal::new(
                "ValidationError",
                "expressions are not understood here",
            ));
        }
        let question = Question {
            namespace: text(&stat["Metric"], "Namespace")?.to_owned(),
            name: text(&stat["Metric"], "MetricName")?.to_owned(),
            dimensions: dimensions(&stat["Metric"]),
            statistic: text(stat, "Stat")?.to_owned(),
            period: stat["Period"]
                .as_f64()
                .ok_or_else(|| Refusal::missing("Period"))?,
            from,
            to,
        };
        let Some(mut answers) = world.metrics.ask(&question) else {
            let message = format!("there is no statistic {}", question.statistic);
            return Err(Refusal::new("ValidationError", message));
        };
        // The newest first, unless it is asked for otherwise.
        answers.reverse();
        let is_read = !world.unreadable.contains(&question.name);
        if !is_read {
            answers.clear();
        }
        results.push(json!({
            "Id": text(query, "Id")?,
            "Label": question.name,
            "StatusCode": if is_read { "Complete" } else { "InternalError" },
            "Timestamps": answers.iter().map(|(at, _)| time(*at)).collect::<Vec<_>>(),
            "Values": answers.iter().map(|(_, value)| *value).collect::<Vec<_>>(),
        }));
    }
    Ok(json!({ "MetricDataResults": results, "Messages": [] }))
}

fn describe_alarms(world: &World, input: &Value) -> Answer {
    let names = texts(input, "AlarmNames");
    let prefix = input["AlarmNamePrefix"].as_str().unwrap_or_default();
    let state = |rings: bool| if rings { "ALARM" } else { "OK" };
    let found = world.alarms.iter().filter(|(name, rings)| {
        (names.is_empty() || names.contains(&name.as_str()))
            && name.starts_with(prefix)
            && input["StateValue"]
                .as_str()
                .is_none_or(|asked| asked == state(**rings))
    });
    let alarms = found.map(|(name, rings)| {
        json!({
            "AlarmName": name,
            "AlarmArn": arn("cloudwatch", &format!("alarm:{name}")),
            "StateValue": state(*rings),
        })
    });
    Ok(json!({ "MetricAlarms": alarms.collect::<Vec<_>>(), "CompositeAlarms": [] }))
}
