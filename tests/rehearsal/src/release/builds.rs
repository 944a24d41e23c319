//! CodeBuild's part: each buildspec as it is. Where no registry takes images, both services' are said to have been built
//! and pushed before.

use super::deployment::{self, Step};
use super::part::Part;
use super::stage::Stage;
use crate::buildspec::{Build, Buildspec, Event, Outcome, Project};
use anyhow::{Context, Result, ensure};
use photobooth_cloud::{ACCOUNT, REGION};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use tokio::sync::Mutex;

/// Of an image that nobody built here.
const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// The commit that is said to lie here: the files name it, and nothing asks git for it.
const COMMIT: &str = "rehearsal-green";

/// Several rehearsals share the checkout, in which a build leaves its artifacts: one after the other.
static ARTIFACTS: Mutex<()> = Mutex::const_new(());

/// Runs `buildspecs/{name}.yml`; what it prints goes to a log.
///
/// # Errors
/// It fails.
pub async fn run(stage: &Stage, name: &str) -> Result<Outcome> {
    let settings = &stage.settings;
    stage
        .timeline
        .say("build", format!("buildspecs/{name}.yml ..."));
    let text = fs::read_to_string(settings.root.join(format!("buildspecs/{name}.yml")))?;
    let spec = Buildspec::parse(&text)?;
    let project = project(stage, name);
    let (outcome, lines) = tokio::task::spawn_blocking(move || {
        let mut lines = Vec::new();
        let outcome = Build::run(&spec, &project, &mut |event| match event {
            Event::Phase(phase) => lines.push(format!("[phase {phase:?}]")),
            Event::Command(command) => lines.push(format!("$ {command}")),
            Event::Line(line) => lines.push(line.to_owned()),
        });
        (outcome, lines)
    })
    .await?;
    let log = settings.out.join(format!("build-{name}.log"));
    fs::write(&log, lines.join("\n") + "\n")?;
    let outcome = outcome?;
    let last = lines.last().map_or("", String::as_str);
    ensure!(
        outcome.succeeded,
        "buildspecs/{name}.yml failed: {last} (all of it: {})",
        log.display()
    );
    stage
        .timeline
        .good("build", format!("buildspecs/{name}.yml succeeded"));
    Ok(outcome)
}

fn project(stage: &Stage, name: &str) -> Project {
    let settings = &stage.settings;
    let mut variables = BTreeMap::new();
    let repository = if let Some(registry) = &settings.registry {
        format!("{registry}/photobooth-{name}")
    } else {
        let repository = format!("{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/photobooth-{name}");
        let image = format!("{repository}@{DIGEST}");
        variables.insert("RELEASE_IMAGE".to_owned(), image);
        repository
    };
    let own = [
        ("ENVIRONMENT", settings.environment.clone()),
        ("REPOSITORY_URI", repository),
        ("CODEBUILD_RESOLVED_SOURCE_VERSION", COMMIT.to_owned()),
        ("DELIVERY_BIN", settings.delivery.display().to_string()),
        ("ADDRESS", stage.address()),
        ("LOAD_PROFILE", settings.profile.name().to_owned()),
    ];
    for (name, value) in stage.cloud.environment().into_iter().chain(own) {
        variables.insert(name.to_owned(), value);
    }
    Project {
        source: settings.root.clone(),
        variables,
        kept: BTreeMap::new(),
    }
}

/// Builds a service's release, keeps its files, and registers its task definition as CodePipeline does. What comes of
/// it are the steps of its deployment.
///
/// # Errors
/// The build fails, or its files are not those of a deployment.
pub async fn release(stage: &Stage, part: Part) -> Result<Vec<Step>> {
    let folder = stage.settings.out.join("artifacts").join(part.name());
    fs::create_dir_all(&folder)?;
    {
        let _mine = ARTIFACTS.lock().await;
        let outcome = run(stage, part.name()).await?;
        let files = outcome.artifacts.get("").context("no artifacts")?;
        for (file, name) in files {
            fs::copy(file, folder.join(name))?;
        }
    }
    let read = |name: &str| read(folder.join(name));
    let detail: Value = serde_json::from_str(&read("imageDetail.json")?)?;
    let image = detail["ImageURI"].as_str().context("no image")?;
    let definition = read("taskdef.json")?.replace("<IMAGE1_NAME>", image);
    let mut definition: Value = serde_json::from_str(&definition)?;
    let family = part.service(&stage.settings.environment);
    ensure!(
        definition["family"] == family,
        "taskdef.json is of another family"
    );
    let arn = format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/{family}:2");
    definition["revision"] = json!(2);
    definition["taskDefinitionArn"] = json!(arn);
    stage
        .cloud
        .change(|world| world.task_definitions.push(definition));
    let appspec = read("appspec.yaml")?.replace("<TASK_DEFINITION>", &arn);
    deployment::plan(&appspec)
}

fn read(path: PathBuf) -> Result<String> {
    fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))
}
