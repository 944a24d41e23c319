//! Elastic Load Balancing: which colour gets which requests, and how its targets are.

use super::{about, last_part};
use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{Rule as SdkRule, TargetHealthStateEnum};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct Balancers(Client);

#[derive(Clone, Debug)]
pub struct TargetGroup {
    arn: String,
    /// As its metrics call it: `targetgroup/name/id`.
    pub full_name: String,
}

#[derive(Clone, Debug)]
pub struct Target {
    /// `address:port`.
    pub place: String,
    pub is_healthy: bool,
    /// `healthy`, or its state and the reason for it.
    pub state: String,
}

/// What a listener does with requests that fit.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    pub port: i32,
    /// A number, or `default`.
    pub priority: String,
    pub paths: Vec<String>,
    /// How many shares each target group gets, by name.
    pub weights: BTreeMap<String, i32>,
}

impl Balancers {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// How metrics call the load balancer: `app/name/id`.
    ///
    /// # Errors
    /// The service does not answer, or knows no such balancer.
    pub async fn full_name(&self, load_balancer: &str) -> Result<String> {
        let arn = self.arn(load_balancer).await?;
        Ok(after(&arn, ":loadbalancer/").to_owned())
    }

    async fn arn(&self, load_balancer: &str) -> Result<String> {
        let call = self.0.describe_load_balancers().names(load_balancer).send();
        let answer = call.await.map_err(about("DescribeLoadBalancers"))?;
        let found = answer.load_balancers().first();
        let arn = found.and_then(|it| it.load_balancer_arn());
        Ok(arn
            .with_context(|| format!("no load balancer {load_balancer}"))?
            .to_owned())
    }

    /// # Errors
    /// The service does not answer, or knows no such group.
    pub async fn target_group(&self, name: &str) -> Result<TargetGroup> {
        let call = self.0.describe_target_groups().names(name).send();
        let answer = call.await.map_err(about("DescribeTargetGroups"))?;
        let arn = answer
            .target_groups()
            .first()
            .and_then(|it| it.target_group_arn());
        let arn = arn.with_context(|| format!("no target group {name}"))?;
        // The resource of the ARN is the full name.
        let full_name = arn.rsplit(':').next().unwrap_or(arn).to_owned();
        Ok(TargetGroup {
            arn: arn.to_owned(),
            full_name,
        })
    }

    /// # Errors
    /// The service does not answer.
    pub async fn targets(&self, group: &TargetGroup) -> Result<Vec<Target>> {
        let call = self
            .0
            .describe_target_health()
            .target_group_arn(&group.arn)
            .send();
        let answer = call.await.map_err(about("DescribeTargetHealth"))?;
        let targets = answer.target_health_descriptions().iter().map(|it| {
            let health = it.target_health();
            let state = health.and_then(|it| it.state());
            let reason = health
                .and_then(|it| it.reason())
                .map(|it| format!(" ({})", it.as_str()));
            let place = it
                .target()
                .map(|it| format!("{}:{}", it.id().unwrap_or("?"), it.port().unwrap_or(0)));
            Target {
                place: place.unwrap_or_default(),
                is_healthy: state == Some(&TargetHealthStateEnum::Healthy),
                state: format!(
                    "{}{}",
                    state.map_or("unknown", |it| it.as_str()),
                    reason.unwrap_or_default()
                ),
            }
        });
        Ok(targets.collect())
    }

    /// How long a target that leaves may finish what it is at.
    ///
    /// # Errors
    /// The service does not answer, or does not say.
    pub async fn drain_seconds(&self, group: &TargetGroup) -> Result<u32> {
        let call = self
            .0
            .describe_target_group_attributes()
            .target_group_arn(&group.arn);
        let answer = call
            .send()
            .await
            .map_err(about("DescribeTargetGroupAttributes"))?;
        let mut attributes = answer.attributes().iter();
        let delay = attributes.find(|it| it.key() == Some("deregistration_delay.timeout_seconds"));
        let delay = delay
            .and_then(|it| it.value())
            .context("no deregistration delay is set")?;
        delay
            .parse()
            .with_context(|| format!("a deregistration delay of {delay:?}"))
    }

    /// The rules of all listeners, those of a listener in its order.
    ///
    /// # Errors
    /// The service does not answer, or knows no such balancer.
    pub async fn rules(&self, load_balancer: &str) -> Result<Vec<Rule>> {
        let arn = self.arn(load_balancer).await?;
        let call = self.0.describe_listeners().load_balancer_arn(arn).send();
        let listeners = call.await.map_err(about("DescribeListeners"))?;
        let mut rules = Vec::new();
        for listener in listeners.listeners() {
            let call = self
                .0
                .describe_rules()
                .set_listener_arn(listener.listener_arn.clone());
            let answer = call.send().await.map_err(about("DescribeRules"))?;
            let port = listener.port().unwrap_or_default();
            rules.extend(answer.rules().iter().map(|rule| rule_of(port, rule)));
        }
        Ok(rules)
    }
}

fn rule_of(port: i32, rule: &SdkRule) -> Rule {
    let paths = rule
        .conditions()
        .iter()
        .filter_map(|it| it.path_pattern_config());
    let targets = rule.actions().iter().filter_map(|it| it.forward_config());
    let targets = targets.flat_map(|it| it.target_groups());
    let weights = targets.filter_map(|it| {
        let (front, _) = it.target_group_arn()?.rsplit_once('/')?;
        Some((last_part(front).to_owned(), it.weight().unwrap_or(1)))
    });
    Rule {
        port,
        priority: rule.priority().unwrap_or_default().to_owned(),
        paths: paths.flat_map(|it| it.values().to_vec()).collect(),
        weights: weights.collect(),
    }
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or(text, |(_, rest)| rest)
}
