//! One build: phase by phase, as CodeBuild goes through them.
//!
//! A phase ends at its first command that fails, then its `finally` runs. After a failed `install` or `pre_build`
//! nothing more runs; after a failed `build`, `post_build` does, with `CODEBUILD_BUILD_SUCCEEDING` 0. Reports are
//! collected of a failed build, too; artifacts only of one that succeeded. Cache and runtimes are the machine's.

use super::files;
use super::shell::{Ended, Shell};
use super::spec::{Artifacts, Buildspec, OnFailure, Phase, PhaseName, Report};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What CodeBuild knows of a project besides its buildspec.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The checkout.
    pub source: PathBuf,
    /// They outrank the buildspec's own.
    pub variables: BTreeMap<String, String>,
    /// What Parameter Store and Secrets Manager hold, by the names that buildspecs use.
    pub kept: BTreeMap<String, String>,
}

/// What happens, as it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    Phase(PhaseName),
    Command(&'a str),
    /// Of its output.
    Line(&'a str),
}

/// How a build ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub succeeded: bool,
    /// Those that ran, in their order.
    pub phases: Vec<PhaseOutcome>,
    /// The exported variables.
    pub exported: BTreeMap<String, String>,
    /// By the artifact's name, the main one's being empty: each file, and what the artifact calls it.
    pub artifacts: BTreeMap<String, Vec<(PathBuf, PathBuf)>>,
    /// The files of each group.
    pub reports: BTreeMap<String, Vec<PathBuf>>,
}

#[derive(Clone, Debug)]
pub struct PhaseOutcome {
    pub name: PhaseName,
    pub duration: Duration,
    /// The first command that failed, and its exit status.
    pub failure: Option<(String, i32)>,
}

/// A build at work.
pub struct Build<'a> {
    spec: &'a Buildspec,
    project: &'a Project,
    variables: BTreeMap<String, String>,
    shell: Shell,
    succeeding: bool,
}

impl<'a> Build<'a> {
    /// Runs `spec` to its end. A failed command is an outcome, not an error.
    ///
    /// # Errors
    /// A parameter or secret is not there, no shell can be started, or an artifact names a file that is not there.
    pub fn run(
        spec: &'a Buildspec,
        project: &'a Project,
        see: &mut dyn FnMut(Event),
    ) -> Result<Outcome> {
        let variables = environment(spec, project)?;
        let mut build = Self {
            spec,
            project,
            shell: Shell::start(spec.env.shell, &project.source, &variables)?,
            variables,
            succeeding: true,
        };
        let phases = build.run_phases(see)?;
        let names = &spec.env.exported_variables;
        let exported = names
            .iter()
            .map(|it| Ok((it.clone(), build.shell.read(it)?)));
        Ok(Outcome {
            succeeded: build.succeeding,
            exported: exported.collect::<Result<_>>()?,
            artifacts: build.collect_artifacts()?,
            reports: build.collect_reports()?,
            phases,
        })
    }

    fn run_phases(&mut self, see: &mut dyn FnMut(Event)) -> Result<Vec<PhaseOutcome>> {
        let mut outcomes = Vec::new();
        for name in PhaseName::ALL {
            let Some(phase) = self.spec.phases.get(name) else {
                continue;
            };
            see(Event::Phase(name));
            let begun = Instant::now();
            let failure = self.run_phase(phase, see)?;
            let aborts = name < PhaseName::Build || phase.on_failure == Some(OnFailure::Abort);
            let is_over = failure.is_some() && aborts;
            outcomes.push(PhaseOutcome {
                name,
                duration: begun.elapsed(),
                failure,
            });
            if is_over {
                break;
            }
        }
        Ok(outcomes)
    }

    fn run_phase(
        &mut self,
        phase: &Phase,
        see: &mut dyn FnMut(Event),
    ) -> Result<Option<(String, i32)>> {
        let first = self.run_commands(&phase.commands, see)?;
        let last = self.run_commands(&phase.finally, see)?;
        Ok(first.or(last))
    }

    /// Up to the first that fails.
    fn run_commands(
        &mut self,
        commands: &[String],
        see: &mut dyn FnMut(Event),
    ) -> Result<Option<(String, i32)>> {
        for command in commands {
            see(Event::Command(command));
            let ended = self
                .shell
                .run(command, &mut |line| see(Event::Line(line)))?;
            let status = ended.status();
            if status != 0 {
                self.succeeding = false;
            }
            if matches!(ended, Ended::WithShell(_)) {
                // The next commands get a new one, as the build began.
                self.shell =
                    Shell::start(self.spec.env.shell, &self.project.source, &self.variables)?;
            }
            self.shell.run(
                &format!(
                    "export CODEBUILD_BUILD_SUCCEEDING={}",
                    u8::from(self.succeeding)
                ),
                &mut |_| {},
            )?;
            if status != 0 {
                return Ok(Some((command.clone(), status)));
            }
        }
        Ok(None)
    }

    fn collect_artifacts(&self) -> Result<BTreeMap<String, Vec<(PathBuf, PathBuf)>>> {
        let mut found = BTreeMap::new();
        let Some(artifacts) = self.spec.artifacts.as_ref().filter(|_| self.succeeding) else {
            return Ok(found);
        };
        let source = &self.project.source;
        if !artifacts.files.is_empty() {
            found.insert(String::new(), collect(source, artifacts)?);
        }
        for (name, artifacts) in &artifacts.secondary_artifacts {
            found.insert(name.clone(), collect(source, artifacts)?);
        }
        Ok(found)
    }

    fn collect_reports(&self) -> Result<BTreeMap<String, Vec<PathBuf>>> {
        let collect = |report: &Report| {
            let base = self.project.source.join(&report.base_directory);
            let files = report
                .files
                .iter()
                .map(|pattern| files::find(&base, pattern));
            let files = files.collect::<Result<Vec<_>>>()?;
            anyhow::Ok(files.concat().iter().map(|it| base.join(it)).collect())
        };
        let reports = self.spec.reports.iter();
        reports
            .map(|(group, report)| Ok((group.clone(), collect(report)?)))
            .collect()
    }
}

/// Of the weakest first: the buildspec's variables, what it has kept for it, the project's, CodeBuild's own.
fn environment(spec: &Buildspec, project: &Project) -> Result<BTreeMap<String, String>> {
    let mut variables = spec.env.variables.clone();
    for (variable, name) in spec
        .env
        .parameter_store
        .iter()
        .chain(&spec.env.secrets_manager)
    {
        let value = project.kept.get(name);
        let value =
            value.with_context(|| format!("nobody keeps {name}, which is to be {variable}"))?;
        variables.insert(variable.clone(), value.clone());
    }
    variables.extend(project.variables.clone());
    variables.insert(
        "CODEBUILD_SRC_DIR".to_owned(),
        project.source.display().to_string(),
    );
    variables.insert("CODEBUILD_BUILD_SUCCEEDING".to_owned(), "1".to_owned());
    Ok(variables)
}

/// Each file of an artifact, and its name in there.
fn collect(source: &Path, artifacts: &Artifacts) -> Result<Vec<(PathBuf, PathBuf)>> {
    let base = source.join(&artifacts.base_directory);
    let mut excluded = Vec::new();
    for pattern in &artifacts.exclude_paths {
        excluded.extend(files::find(&base, pattern)?);
    }
    let mut found = Vec::new();
    for pattern in &artifacts.files {
        let files = files::find(&base, pattern)?;
        anyhow::ensure!(
            !files.is_empty(),
            "the artifact asks for {pattern}, and {} has no such file",
            base.display()
        );
        for file in files.into_iter().filter(|file| !excluded.contains(file)) {
            let name = match (artifacts.discard_paths, file.file_name()) {
                (super::spec::YesNo::Yes, Some(name)) => PathBuf::from(name),
                _ => file.clone(),
            };
            found.push((base.join(file), name));
        }
    }
    Ok(found)
}
