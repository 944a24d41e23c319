//! What the backend says of itself: its health report.

use crate::booth::Booth;
use crate::finding::{Finding, demand, fail};
use api::{ComponentState, HealthStatus};

/// That a backend and everything that it needs is well.
///
/// # Errors
/// Something is not, or it does not answer.
pub async fn health_is_good(booth: &Booth) -> Finding {
    let health = booth.health().await?;
    let parts = [
        ("database", &health.database),
        ("storage", &health.storage),
        ("models", &health.models),
    ];
    let ill = parts
        .iter()
        .find(|(_, part)| part.state != ComponentState::Up);
    if let Some((name, part)) = ill {
        let detail = part.detail.as_deref().unwrap_or("no reason is given");
        return Err(fail(format!("{name} is {:?}: {detail}", part.state)));
    }
    demand(health.status == HealthStatus::Healthy, || {
        format!("{:?}", health.status)
    })?;
    Ok(format!(
        "database, storage and models are up ({})",
        health.release
    ))
}
