//! What a rehearsed release builds its images on and pushes them to: stand-ins of the bases, and a registry here.

use super::bases;
use super::engine::Engine;
use super::registry::Registry;
use crate::packages;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;

/// How many steps [`Images::prepare`] takes.
pub const STEPS: usize = 2;

/// A registry, as long as this lives.
pub struct Images {
    registry: Registry,
}

impl Images {
    pub fn prepare(steps: &mut Steps, workspace: &Workspace) -> Result<Self> {
        packages::take_step(steps, workspace, "container tools", packages::CONTAINERS)?;
        let engine = Engine::open(workspace)?;
        steps.take("base images' stand-ins", || bases::make_own(&engine))?;
        Ok(Self {
            registry: Registry::start(&engine.folder)?,
        })
    }

    /// Where it listens.
    pub fn registry(&self) -> String {
        format!("localhost:{}", self.registry.port)
    }

    /// What tells `cargo xtask release` of the stand-ins, and of who can see them.
    pub fn environment() -> [(&'static str, String); 2] {
        [
            ("RELEASE_BASES", bases::build_arguments().join(",")),
            ("RELEASE_BUILDER", "podman".to_owned()),
        ]
    }
}
