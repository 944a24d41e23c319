//! Buildspec 0.2, as far as ours use it. What is not known here is an error: CodeBuild passes over a misspelled key in
//! silence.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buildspec {
    pub version: f64,
    #[serde(default)]
    pub env: Env,
    pub phases: Phases,
    /// By the name of their group.
    #[serde(default)]
    pub reports: BTreeMap<String, Report>,
    #[serde(default)]
    pub artifacts: Option<Artifacts>,
    #[serde(default)]
    pub cache: Cache,
}

/// What commands find in their environment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Env {
    #[serde(default)]
    pub shell: Shell,
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Names of parameters.
    #[serde(default)]
    pub parameter_store: BTreeMap<String, String>,
    /// Names of secrets, with `:key` where one value of a JSON object is meant.
    #[serde(default)]
    pub secrets_manager: BTreeMap<String, String>,
    /// What later actions of the pipeline are told.
    #[serde(default)]
    pub exported_variables: Vec<String>,
}

/// Who runs the commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shell {
    #[default]
    Sh,
    Bash,
}

/// The four in which commands run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phases {
    pub install: Option<Phase>,
    pub pre_build: Option<Phase>,
    pub build: Option<Phase>,
    pub post_build: Option<Phase>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Phase {
    /// Whether a failure of the build is to keep `post_build` from running, which it otherwise does not.
    #[serde(default)]
    pub on_failure: Option<OnFailure>,
    #[serde(default)]
    pub runtime_versions: BTreeMap<String, String>,
    #[serde(default)]
    pub commands: Vec<String>,
    /// Run after the commands, even where one of them failed.
    #[serde(default)]
    pub finally: Vec<String>,
}

/// CONTINUE and the kinds of RETRY are left out: nothing of ours is to pass after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OnFailure {
    Abort,
}

/// Test results that CodeBuild draws.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Report {
    pub files: Vec<String>,
    #[serde(default)]
    pub base_directory: PathBuf,
    #[serde(default)]
    pub discard_paths: YesNo,
    pub file_format: FileFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum FileFormat {
    CucumberJson,
    JunitXml,
    NunitXml,
    Nunit3Xml,
    TestNgXml,
    VisualStudioTrx,
    /// Coverage.
    CloverXml,
    CoberturaXml,
    JacocoXml,
    SimpleCov,
}

/// What the next stages get.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Artifacts {
    #[serde(default)]
    pub files: Vec<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub base_directory: PathBuf,
    #[serde(default)]
    pub discard_paths: YesNo,
    #[serde(default)]
    pub exclude_paths: Vec<String>,
    #[serde(default)]
    pub secondary_artifacts: BTreeMap<String, Artifacts>,
}

/// What the next build of the project finds again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    #[serde(default)]
    pub key: Option<String>,
    #[serde(default, rename = "fallback-keys")]
    pub fallback_keys: Vec<String>,
    #[serde(default)]
    pub paths: Vec<String>,
}

/// To YAML of today these are words; CodeBuild's YAML takes the others, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum YesNo {
    #[serde(alias = "true")]
    Yes,
    #[default]
    #[serde(alias = "false")]
    No,
}

/// In the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhaseName {
    Install,
    PreBuild,
    Build,
    PostBuild,
}

impl PhaseName {
    pub const ALL: [Self; 4] = [Self::Install, Self::PreBuild, Self::Build, Self::PostBuild];

    /// As buildspecs and CodeBuild's console have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::PreBuild => "pre_build",
            Self::Build => "build",
            Self::PostBuild => "post_build",
        }
    }
}

impl Phases {
    #[must_use]
    pub fn get(&self, name: PhaseName) -> Option<&Phase> {
        match name {
            PhaseName::Install => self.install.as_ref(),
            PhaseName::PreBuild => self.pre_build.as_ref(),
            PhaseName::Build => self.build.as_ref(),
            PhaseName::PostBuild => self.post_build.as_ref(),
        }
    }
}

impl Buildspec {
    /// Reads a file's text.
    ///
    /// # Errors
    /// It is no buildspec of version 0.2, or asks for something that is not known here.
    pub fn parse(text: &str) -> Result<Self> {
        let spec: Self = serde_saphyr::from_str(text).context("this is no buildspec")?;
        ensure!(
            (spec.version - 0.2).abs() < f64::EPSILON,
            "the buildspec's version is {}; variables outlive a command from 0.2 on",
            spec.version
        );
        let is_empty = |name: &PhaseName| {
            let phase = spec.phases.get(*name);
            phase.is_some_and(|it| it.commands.is_empty() && it.runtime_versions.is_empty())
        };
        if let Some(name) = PhaseName::ALL.iter().find(|name| is_empty(name)) {
            anyhow::bail!("the phase {} has no commands", name.name());
        }
        Ok(spec)
    }
}
