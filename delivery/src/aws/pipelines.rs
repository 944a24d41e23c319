//! CodePipeline: what an execution did, and the results of its jobs.

use super::{about, seconds};
use anyhow::Result;
use aws_config::SdkConfig;
use aws_sdk_codepipeline::Client;
use aws_sdk_codepipeline::error::ProvideErrorMetadata;
use aws_sdk_codepipeline::types::{
    ActionExecutionDetail, ActionExecutionFilter, ActionExecutionStatus, FailureDetails,
    FailureType,
};

/// CodePipeline's own limit of a message.
const MESSAGE: usize = 5_000;

#[derive(Clone, Debug)]
pub struct Pipelines(Client);

/// One action of an execution; times in seconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    pub stage: String,
    pub name: String,
    pub has_failed: bool,
    pub began: f64,
    pub ended: f64,
    /// The deployment that it was, of CodeDeploy's actions.
    pub deployment: Option<String>,
}

impl Pipelines {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// All actions of an execution, the oldest first.
    ///
    /// # Errors
    /// CodePipeline does not answer, or knows no such execution.
    pub async fn actions(&self, pipeline: &str, execution: &str) -> Result<Vec<Action>> {
        let filter = ActionExecutionFilter::builder().pipeline_execution_id(execution);
        let call = self.0.list_action_executions().pipeline_name(pipeline);
        let mut pages = call.filter(filter.build()).into_paginator().send();
        let mut actions = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(about("ListActionExecutions"))?;
            actions.extend(page.action_execution_details().iter().filter_map(action_of));
        }
        actions.sort_by(|a, b| a.began.total_cmp(&b.began));
        Ok(actions)
    }

    /// A job's result. One that is there already is taken for ours, sent by an attempt whose own answer was lost.
    ///
    /// # Errors
    /// CodePipeline does not take it.
    pub async fn pass(&self, job: &str) -> Result<()> {
        match self.0.put_job_success_result().job_id(job).send().await {
            Err(error) if !is_there(&error) => Err(about("PutJobSuccessResult")(error)),
            _ => Ok(()),
        }
    }

    /// The same for a job that failed.
    ///
    /// # Errors
    /// CodePipeline does not take it.
    pub async fn fail(&self, job: &str, message: &str) -> Result<()> {
        let message: String = message.chars().take(MESSAGE).collect();
        let details = FailureDetails::builder()
            .r#type(FailureType::JobFailed)
            .message(message);
        let call = self.0.put_job_failure_result().job_id(job);
        match call.failure_details(details.build()?).send().await {
            Err(error) if !is_there(&error) => Err(about("PutJobFailureResult")(error)),
            _ => Ok(()),
        }
    }
}

/// Whether a job has its result.
fn is_there(refusal: &impl ProvideErrorMetadata) -> bool {
    refusal.code() == Some("InvalidJobStateException")
}

/// `None` for what has not begun or not ended.
fn action_of(detail: &ActionExecutionDetail) -> Option<Action> {
    let kind = detail.input().and_then(|it| it.action_type_id());
    let is_deployment = kind.is_some_and(|it| it.provider().starts_with("CodeDeploy"));
    let result = detail.output().and_then(|it| it.execution_result());
    let external = result.and_then(|it| it.external_execution_id());
    Some(Action {
        stage: detail.stage_name()?.to_owned(),
        name: detail.action_name()?.to_owned(),
        has_failed: detail.status() == Some(&ActionExecutionStatus::Failed),
        began: seconds(detail.start_time())?,
        ended: seconds(detail.last_update_time())?,
        deployment: external.filter(|_| is_deployment).map(str::to_owned),
    })
}
