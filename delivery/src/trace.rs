//! The trace of a pipeline's execution, from what AWS wrote down: a span a stage, an action and a hook.
//!
//! Identifiers follow from the execution's, so that a function that is called twice draws the same trace twice.

use crate::aws::{Action, Aws, Step};
use crate::finding::{Finding, fail};
use crate::hooks::Hook;
use crate::place::Environment;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A segment or subsegment as X-Ray reads it; times in seconds since 1970.
#[derive(Clone, Debug, Serialize)]
struct Span {
    name: String,
    id: String,
    /// Of the outermost alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    start_time: f64,
    end_time: f64,
    fault: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subsegments: Vec<Span>,
}

/// Draws an execution that is over.
///
/// # Errors
/// CodePipeline knows nothing of it, or X-Ray does not take it.
pub async fn draw(aws: &Aws, environment: Environment, pipeline: &str, execution: &str) -> Finding {
    let actions = aws.pipelines.actions(pipeline, execution).await?;
    let mut drawn = Vec::new();
    for action in &actions {
        let steps = match &action.deployment {
            // A trace without the steps of one deployment is better than none.
            Some(id) => aws
                .deployments
                .look(id)
                .await
                .map(|it| it.steps)
                .unwrap_or_else(|error| {
                    tracing::warn!("the steps of {id} are left out: {error:#}");
                    Vec::new()
                }),
            None => Vec::new(),
        };
        drawn.push((action, span_of_action(execution, action, &steps)));
    }
    let stages = stages(execution, drawn);
    let spans: usize = stages.iter().map(Span::count).sum();
    let root = root(environment, pipeline, execution, stages)
        .ok_or_else(|| fail("nothing of it has been done"))?;
    aws.traces.put(&root).await?;
    Ok(format!(
        "{} with {} spans",
        root.trace_id.unwrap_or_default(),
        spans + 1
    ))
}

impl Span {
    fn new(execution: &str, path: &str, name: &str, times: (f64, f64)) -> Self {
        Self {
            name: name.to_owned(),
            id: id_of(execution, path),
            trace_id: None,
            start_time: times.0,
            end_time: times.1.max(times.0),
            fault: false,
            annotations: None,
            subsegments: Vec::new(),
        }
    }

    /// A span around others, from the first beginning to the last end; `None` around nothing.
    fn around(execution: &str, path: &str, name: &str, within: Vec<Self>) -> Option<Self> {
        let began = within
            .iter()
            .map(|span| span.start_time)
            .min_by(f64::total_cmp)?;
        let ended = within
            .iter()
            .map(|span| span.end_time)
            .max_by(f64::total_cmp)?;
        let mut span = Self::new(execution, path, name, (began, ended));
        span.fault = within.iter().any(|span| span.fault);
        span.subsegments = within;
        Some(span)
    }

    fn count(&self) -> usize {
        1 + self.subsegments.iter().map(Self::count).sum::<usize>()
    }
}

fn span_of_action(execution: &str, action: &Action, steps: &[Step]) -> Span {
    // With its beginning: what was retried is there twice.
    let path = format!("{}/{}/{}", action.stage, action.name, action.began);
    let mut span = Span::new(execution, &path, &action.name, (action.began, action.ended));
    span.fault = action.has_failed;
    let steps = steps.iter().filter_map(|step| {
        let times = (step.began?, step.ended?);
        let hook = Hook::of_step(&step.name).map(|hook| format!(": {hook}"));
        let name = format!("{}{}", step.name, hook.unwrap_or_default());
        let mut span = Span::new(execution, &format!("{path}/{}", step.name), &name, times);
        span.fault = step.has_failed;
        Some(span)
    });
    span.subsegments = steps.collect();
    span
}

/// Actions of one stage together, in the order in which the stages began.
fn stages(execution: &str, drawn: Vec<(&Action, Span)>) -> Vec<Span> {
    let mut stages: Vec<(&str, Vec<Span>)> = Vec::new();
    for (action, span) in drawn {
        match stages.iter_mut().find(|(name, _)| *name == action.stage) {
            Some((_, spans)) => spans.push(span),
            None => stages.push((&action.stage, vec![span])),
        }
    }
    let stages = stages.into_iter();
    stages
        .filter_map(|(name, spans)| Span::around(execution, name, name, spans))
        .collect()
}

fn root(
    environment: Environment,
    pipeline: &str,
    execution: &str,
    stages: Vec<Span>,
) -> Option<Span> {
    let mut root = Span::around(execution, "", pipeline, stages)?;
    let random: String = digest(execution).chars().take(24).collect();
    root.trace_id = Some(format!("1-{:08x}-{random}", root.start_time as u32));
    root.annotations = Some(json!({
        "environment": environment.to_string(),
        "execution": execution,
    }));
    Some(root)
}

fn id_of(execution: &str, path: &str) -> String {
    digest(&format!("{execution}/{path}"))
        .chars()
        .take(16)
        .collect()
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
