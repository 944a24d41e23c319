//! What the load balancer knows: where guests are led, and what answers them there.

use super::Deployed;
use crate::aws::Target;
use crate::finding::{Finding, demand, fail};

impl Deployed<'_> {
    /// That a target group has targets and all of them answer.
    ///
    /// # Errors
    /// One does not, or it is not known.
    pub async fn targets_answer(&self, group: &str) -> Finding {
        let targets = self.targets(group).await?;
        demand(!targets.is_empty(), || format!("{group} has no targets"))?;
        let ill = targets.iter().find(|target| !target.is_healthy);
        match ill {
            Some(target) => Err(fail(format!(
                "{group}: {} is {}",
                target.place, target.state
            ))),
            None => Ok(format!("{group}: {} healthy", targets.len())),
        }
    }

    /// # Errors
    /// The load balancer does not answer.
    pub async fn targets(&self, group: &str) -> anyhow::Result<Vec<Target>> {
        let group = self.aws.balancers.target_group(group).await?;
        self.aws.balancers.targets(&group).await
    }

    /// That a listener leads the service's requests to one target group and nowhere else.
    ///
    /// # Errors
    /// It does not, or it is not known.
    pub async fn listener_leads_to(&self, port: i32, group: &str) -> Finding {
        let own = self.service.target_groups(self.environment);
        let rules = self
            .aws
            .balancers
            .rules(&self.environment.load_balancer())
            .await?;
        let of_service = rules.iter().filter(|rule| rule.port == port);
        let mut weights = of_service.map(|rule| &rule.weights);
        let weights = weights.find(|weights| own.iter().any(|name| weights.contains_key(name)));
        let weights =
            weights.ok_or_else(|| fail(format!("port {port} leads to no {}", self.service)))?;
        let elsewhere = weights
            .iter()
            .find(|(name, weight)| *name != group && **weight > 0);
        if let Some((name, weight)) = elsewhere {
            return Err(fail(format!(
                "port {port} still leads to {name} (weight {weight})"
            )));
        }
        demand(weights.get(group).is_some_and(|weight| *weight > 0), || {
            format!("port {port} does not lead to {group}")
        })?;
        Ok(format!("port {port} leads to {group} alone"))
    }
}
