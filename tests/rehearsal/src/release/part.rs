//! The two services of the booth, and what AWS calls what belongs to them: the names of infra/lib/names.ts.

use std::fmt;

/// One of the services, which are released one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Backend,
    Frontend,
}

/// Which of the two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    Blue,
    Green,
}

impl Part {
    /// In the order in which they are released.
    pub const ALL: [Self; 2] = [Self::Backend, Self::Frontend];

    /// As commands, containers and the load balancer's rules call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Frontend => "frontend",
        }
    }

    /// As the pipeline's actions are called.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::Backend => "Backend",
            Self::Frontend => "Frontend",
        }
    }

    /// Its ECS service, which is also the family of its task definitions.
    #[must_use]
    pub fn service(self, environment: &str) -> String {
        match self {
            Self::Backend => format!("photobooth-processing-{environment}"),
            Self::Frontend => format!("photobooth-frontend-{environment}"),
        }
    }

    #[must_use]
    pub fn deployment_group(self, environment: &str) -> String {
        match self {
            Self::Backend => format!("ai-photobooth-dg-{environment}"),
            Self::Frontend => format!("ai-photobooth-frontend-dg-{environment}"),
        }
    }

    #[must_use]
    pub fn target_group(self, colour: Colour, environment: &str) -> String {
        format!("booth-{self}-{colour}-{environment}")
    }

    /// Of its rules on the production and on the test listener.
    #[must_use]
    pub fn priorities(self) -> [(u16, Option<u32>); 2] {
        match self {
            Self::Backend => [(443, Some(10)), (8443, Some(10))],
            Self::Frontend => [(443, None), (8443, Some(20))],
        }
    }

    /// What the load balancer asks its targets.
    #[must_use]
    pub fn health_path(self) -> &'static str {
        match self {
            Self::Backend => "/api/health/ready",
            Self::Frontend => "/healthz",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Blue => "blue",
            Self::Green => "green",
        })
    }
}
