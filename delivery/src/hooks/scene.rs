//! What a hook looks at: a deployment, the services of AWS, the booth, and the time that is left.

use super::{Call, Hook};
use crate::aws::{Aws, Colour, Deployment};
use crate::booth::Booth;
use crate::checks::Deployed;
use crate::deadline::Deadline;
use crate::examination::Examination;
use crate::finding::{Finding, fail};
use crate::place::{Place, Service};
use crate::settings::{Settings, Thresholds};
use anyhow::{Context, Result};
use std::sync::OnceLock;

/// What a hook looks at.
#[derive(Debug)]
pub struct Scene {
    pub aws: Aws,
    pub place: Place,
    pub deadline: Deadline,
    pub call: Call,
    pub examination: Examination,
    /// Known as soon as the deployment is.
    pub service: OnceLock<Service>,
}

/// A deployment whose green is installed.
#[derive(Clone, Debug)]
pub struct Release {
    pub service: Service,
    pub green: Colour,
    pub deployment: Deployment,
}

impl Scene {
    /// A check that has one answer. The first objection ends a hook: what is left undone after it says nothing.
    pub async fn check(&self, name: &str, look: impl Future<Output = Finding>) {
        if !self.examination.has_objection() {
            self.examination.check(name, look).await;
        }
    }

    /// A check of something that may take its time to become well.
    pub async fn settle(&self, name: &str, look: impl AsyncFnMut() -> Finding) {
        self.check(name, self.deadline.settle(look)).await;
    }

    /// Finds out which service is released, and what its green is.
    pub async fn release(&self) -> Option<Release> {
        let mut found = None;
        let look = async || {
            let deployment = self.aws.deployments.look(&self.call.deployment_id).await?;
            let service = Service::of_group(&deployment.group, self.place.environment);
            let service =
                service.ok_or_else(|| fail(format!("{} is no group of ours", deployment.group)))?;
            let _ = self.service.set(service);
            let green = deployment.green.clone();
            let green = green.ok_or_else(|| fail("green is not installed"))?;
            let seen = format!(
                "{service}: {} behind {}",
                green.task_set, green.target_group
            );
            found = Some(Release {
                service,
                green,
                deployment,
            });
            Ok(seen)
        };
        self.settle("deployment", look).await;
        found
    }

    /// What AWS has of the service that is released.
    pub fn deployed(&self, release: &Release) -> Deployed<'_> {
        Deployed {
            aws: &self.aws,
            environment: self.place.environment,
            service: release.service,
        }
    }

    /// The booth as guests reach it.
    ///
    /// # Errors
    /// Its address is not known.
    pub fn booth(&self) -> Result<Booth> {
        let address = self.place.address.as_deref();
        Booth::at(
            address.context("DELIVERY_ADDRESS is not set")?,
            &self.deadline,
        )
    }

    /// The booth behind the test listener.
    ///
    /// # Errors
    /// Its address is not known, or what opens it.
    pub async fn test_booth(&self) -> Result<Booth> {
        let address = self.place.test_address.as_deref();
        let booth = Booth::at(
            address.context("DELIVERY_TEST_ADDRESS is not set")?,
            &self.deadline,
        )?;
        let secret = self
            .aws
            .secrets
            .read(&self.place.environment.test_secret())
            .await?;
        Ok(booth.opened_by(secret))
    }

    /// # Errors
    /// The settings that were compiled in are not as they should be.
    pub fn thresholds(&self) -> Result<Thresholds> {
        let settings = Settings::load()?;
        Ok(settings.of(self.place.environment)?.validation.clone())
    }

    /// Answers the deployment, if it called.
    ///
    /// # Errors
    /// CodeDeploy does not take it until the deadline.
    pub async fn answer(&self, passed: bool) -> Result<()> {
        let Call {
            deployment_id,
            execution_id,
        } = &self.call;
        let Some(execution) = execution_id else {
            return Ok(());
        };
        let deployments = &self.aws.deployments;
        let answer = async || deployments.answer(deployment_id, execution, passed).await;
        self.deadline.insist(answer).await
    }

    /// Writes a called hook's metric: 1 or 0. A deployment does not fail for a metric that is not taken.
    pub async fn note(&self, hook: Hook, passed: bool) {
        if self.call.execution_id.is_none() {
            return;
        }
        let part = self
            .service
            .get()
            .map_or("unknown".to_owned(), Service::to_string);
        let (metric, environment) = (hook.metric(), self.place.environment);
        let value = f64::from(u8::from(passed));
        let note = async || {
            self.aws
                .metrics
                .note(metric, environment, &part, value)
                .await
        };
        if let Err(error) = self.deadline.insist(note).await {
            tracing::error!("{metric} was not noted: {error:#}");
        }
    }
}
