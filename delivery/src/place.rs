//! Where a release happens, and what things are called there: the names of `infra/lib/names.ts`.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Dev,
    Staging,
    Prod,
}

/// One of the two services of the booth, which are released one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    Backend,
    Frontend,
}

/// What must be known beforehand; everything else follows from the environment's name.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// Whose booth.
    #[arg(long, env = "DELIVERY_ENVIRONMENT")]
    pub environment: Environment,

    /// Where guests reach the booth: `https://booth.example.org`. Hooks and load need it.
    #[arg(long, env = "DELIVERY_ADDRESS")]
    pub address: Option<String>,

    /// Where the test listener is: `https://booth.example.org:8443`. The pre-traffic hook needs it.
    #[arg(long, env = "DELIVERY_TEST_ADDRESS")]
    pub test_address: Option<String>,

    /// The bucket that keeps how things stood before a shift. The application-stop hook needs it.
    #[arg(long, env = "DELIVERY_BACKUP_BUCKET")]
    pub backup_bucket: Option<String>,

    /// Seconds after which a result is reported at the latest, if that is sooner than `infra/delivery.json` says.
    #[arg(long, env = "DELIVERY_LIMIT_SECONDS")]
    pub limit_seconds: Option<f64>,
}

impl Environment {
    pub fn cluster(self) -> String {
        format!("photobooth-cluster-{self}")
    }

    pub fn load_balancer(self) -> String {
        format!("photobooth-{self}")
    }

    /// The secret whose value opens the test listener.
    pub fn test_secret(self) -> String {
        format!("/ai-photobooth/{self}/test-traffic")
    }

    /// Alarms that ring when guests notice something.
    pub fn guest_alarms(self) -> [String; 5] {
        [
            "backend-errors",
            "frontend-errors",
            "no-answer",
            "latency",
            "failed-portraits",
        ]
        .map(|name| format!("photobooth-{self}-{name}"))
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Dev => "dev",
            Self::Staging => "staging",
            Self::Prod => "prod",
        })
    }
}

impl Service {
    pub const ALL: [Self; 2] = [Self::Backend, Self::Frontend];

    /// Its ECS service, which is also the family of its task definitions.
    pub fn ecs_name(self, environment: Environment) -> String {
        match self {
            Self::Backend => format!("photobooth-processing-{environment}"),
            Self::Frontend => format!("photobooth-frontend-{environment}"),
        }
    }

    /// Its CodeDeploy group.
    pub fn deployment_group(self, environment: Environment) -> String {
        match self {
            Self::Backend => format!("ai-photobooth-dg-{environment}"),
            Self::Frontend => format!("ai-photobooth-frontend-dg-{environment}"),
        }
    }

    /// Blue and green; which of them is live changes with every release.
    pub fn target_groups(self, environment: Environment) -> [String; 2] {
        ["blue", "green"].map(|colour| format!("booth-{self}-{colour}-{environment}"))
    }

    /// Whether ECS asks its container how it is; it knows nothing of those that it does not ask.
    pub fn is_asked_by_ecs(self) -> bool {
        self == Self::Backend
    }

    /// The service that a CodeDeploy group releases.
    pub fn of_group(group: &str, environment: Environment) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|service| service.deployment_group(environment) == group)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Backend => "backend",
            Self::Frontend => "frontend",
        })
    }
}
