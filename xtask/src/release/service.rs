//! The two services that releases swap, and what a release's files call them: what infra/lib/names.ts and
//! infra/lib/containers.ts say, as the test below holds them to.

use crate::infra::Environment;
use crate::workspace::Workspace;
use clap::ValueEnum;
use std::path::PathBuf;

/// A service behind the load balancer, with a deployment group of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// API and workers, on machines with a graphics card.
    Backend,
    /// The page's files.
    Frontend,
}

impl Service {
    /// As commands name it; its container is called so, too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Frontend => "frontend",
        }
    }

    /// Where its container listens.
    pub fn port(self) -> u16 {
        match self {
            Self::Backend => 3000,
            Self::Frontend => 8080,
        }
    }

    pub fn dockerfile(self, workspace: &Workspace) -> PathBuf {
        let name = format!("docker/{}.Dockerfile", self.name());
        workspace.root.join(name)
    }

    /// Its stage of that file.
    pub fn image_target(self) -> &'static str {
        match self {
            Self::Backend => "gpu",
            Self::Frontend => "frontend",
        }
    }

    /// The family of its task definitions.
    pub fn task_family(self, environment: Environment) -> String {
        let environment = environment.name();
        match self {
            Self::Backend => format!("photobooth-processing-{environment}"),
            Self::Frontend => format!("photobooth-frontend-{environment}"),
        }
    }

    /// What every placeholder of appspec.yaml stands for.
    pub fn placeholders(self, environment: Environment) -> Vec<(&'static str, String)> {
        let hook = |event: &str| format!("CodeDeployHook_{event}_{}", environment.name());
        vec![
            ("CONTAINER_NAME", self.name().to_owned()),
            ("CONTAINER_PORT", self.port().to_string()),
            ("CAPACITY_PROVIDER", self.capacity_provider(environment)),
            ("APPLICATION_START_HOOK", hook("ApplicationStart")),
            ("PRE_TRAFFIC_HOOK", hook("PreTraffic")),
            ("APPLICATION_STOP_HOOK", hook("ApplicationStop")),
            ("VALIDATE_SERVICE_HOOK", hook("ValidateService")),
        ]
    }

    fn capacity_provider(self, environment: Environment) -> String {
        match self {
            Self::Backend => format!("photobooth-gpu-{}", environment.name()),
            Self::Frontend => "FARGATE".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn names_are_those_of_the_templates() {
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/lib");
        let names = fs::read_to_string(library.join("names.ts")).unwrap();
        let containers = fs::read_to_string(library.join("containers.ts")).unwrap();
        for service in [Service::Backend, Service::Frontend] {
            let family = service.task_family(Environment::Prod);
            let family = family.replace("prod", "${environment}");
            assert!(
                names.contains(&format!("taskFamily: `{family}`")),
                "{family}"
            );
            let name = service.name();
            let of_container = containers
                .split_once(&format!("{name}Container = {{"))
                .unwrap()
                .1;
            let of_container = of_container.split_once("} as const").unwrap().0;
            assert!(of_container.contains(&format!("name: '{name}'")), "{name}");
            assert!(
                of_container.contains(&format!("port: {},", service.port())),
                "{name}"
            );
        }
        let provider = Service::Backend.capacity_provider(Environment::Prod);
        let provider = provider.replace("prod", "${environment}");
        assert!(
            names.contains(&format!("capacityProvider: `{provider}`")),
            "{provider}"
        );
    }
}
