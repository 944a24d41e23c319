//! The Lambda functions: which of the one program's each name means, what it finds in its environment, what it answers.

use super::runtime::{self, Call};
use super::stage::{BUCKET, Stage};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What came of a call of a hook.
#[derive(Clone, Debug)]
pub struct HookCall {
    pub event: String,
    pub function: String,
    /// What it reported to CodeDeploy, if it did.
    pub status: Option<String>,
    pub seconds: f64,
    pub limit_seconds: u64,
    /// What it answered Lambda: a report.
    pub report: Value,
}

/// What Lambda gives a function beyond the limit that it keeps by itself.
const GRACE: Duration = Duration::from_secs(10);

/// Calls the hook of an event as CodeDeploy does.
///
/// # Errors
/// There is no such function.
pub async fn call_hook(
    stage: &Stage,
    deployment: &str,
    event: &str,
    function: &str,
) -> Result<HookCall> {
    let (name, begun) = (name_of(function)?, Instant::now());
    let execution = stage
        .cloud
        .change(|world| world.call_hook(deployment, event));
    let call = json!({ "DeploymentId": deployment, "LifecycleEventHookExecutionId": execution });
    let answer = call_function(stage, name, call).await;
    let status = stage.cloud.read(|world| {
        let status = world.hook_status(deployment, event);
        status.map(str::to_owned)
    });
    Ok(HookCall {
        event: event.to_owned(),
        function: function.to_owned(),
        status,
        seconds: begun.elapsed().as_secs_f64(),
        limit_seconds: limit_of(stage, name),
        report: answer.unwrap_or_else(|error| json!(format!("{error:#}"))),
    })
}

impl HookCall {
    /// Whether its report has a check of this outcome: `passed`, `failed` or `unknown`.
    #[must_use]
    pub fn has_check(&self, outcome: &str) -> bool {
        let checks = self.report["checks"].as_array().into_iter().flatten();
        checks.into_iter().any(|it| it["outcome"] == outcome)
    }

    /// Fails where it did not report that all is well.
    ///
    /// # Errors
    /// What it reported, and why.
    pub fn require_success(&self) -> Result<()> {
        let (function, report) = (&self.function, &self.report);
        match self.status.as_deref() {
            Some("Succeeded") => Ok(()),
            Some(status) => bail!("{function} reported {status}: {}", objections(report)),
            None => bail!("{function} reported nothing: {report}"),
        }
    }
}

/// Which function of the one program a hook's Lambda is.
fn name_of(function: &str) -> Result<&'static str> {
    let known = [
        ("CodeDeployHook_ApplicationStart_", "application-start"),
        ("CodeDeployHook_PreTraffic_", "pre-traffic"),
        ("CodeDeployHook_ApplicationStop_", "application-stop"),
        ("CodeDeployHook_ValidateService_", "validate-service"),
    ];
    let found = known
        .iter()
        .find(|(prefix, _)| function.starts_with(prefix));
    let (_, name) = found.with_context(|| format!("there is no function {function}"))?;
    Ok(name)
}

/// Seconds within which a function has to answer.
fn limit_of(stage: &Stage, function: &str) -> u64 {
    let in_aws = stage.plan.seconds_of(function);
    in_aws.min(stage.settings.most_seconds())
}

/// Calls a function of the environment as Lambda does, and gives its answer.
///
/// # Errors
/// It does not answer, or with an error.
pub async fn call_function(stage: &Stage, function: &str, event: Value) -> Result<Value> {
    let settings = &stage.settings;
    let limit = limit_of(stage, function);
    let test = format!("http://{}", stage.balancer.test());
    let mut environment: Vec<(String, String)> = Vec::new();
    for (name, value) in stage.cloud.environment() {
        environment.push((name.to_owned(), value));
    }
    for (name, value) in [
        ("AWS_ENDPOINT_URL_S3", stage.storage.endpoint()),
        ("DELIVERY_FUNCTION", function.to_owned()),
        ("DELIVERY_ENVIRONMENT", settings.environment.clone()),
        ("DELIVERY_ADDRESS", stage.address()),
        ("DELIVERY_TEST_ADDRESS", test),
        ("DELIVERY_BACKUP_BUCKET", BUCKET.to_owned()),
        ("DELIVERY_LIMIT_SECONDS", limit.to_string()),
    ] {
        environment.push((name.to_owned(), value));
    }
    let call = Call {
        program: &settings.delivery,
        environment,
        event,
        limit: Duration::from_secs(limit) + GRACE,
    };
    let answer = runtime::invoke(call).await?;
    ensure!(!answer.is_error, "{}", answer.body);
    Ok(answer.body)
}

/// What a report objects to, in one line.
fn objections(report: &Value) -> String {
    let checks = report["checks"].as_array().map_or(&[][..], Vec::as_slice);
    let bad = checks.iter().filter(|it| it["outcome"] != "passed");
    let text = |it: &Value, field: &str| it[field].as_str().unwrap_or_default().to_owned();
    let bad = bad.map(|it| format!("{}: {}", text(it, "name"), text(it, "detail")));
    bad.collect::<Vec<_>>().join("; ")
}
