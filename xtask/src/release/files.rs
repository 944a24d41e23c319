//! The three files that CodePipeline's deployment to ECS takes: appspec.yaml, taskdef.json and imageDetail.json.

use super::appspec;
use super::service::Service;
use super::task_definition;
use crate::infra::Environment;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Options {
    /// Where the release goes.
    #[arg(long)]
    environment: Environment,

    /// What is released.
    #[arg(long)]
    service: Service,

    /// The service's newest task definition, as `delivery task-definition` or `aws ecs describe-task-definition` print it.
    #[arg(long)]
    task_definition: PathBuf,

    /// The new image, by its digest: NAME@sha256:...
    #[arg(long)]
    image: String,

    /// The commit that it was made from.
    #[arg(long)]
    release: String,

    /// The folder to write to.
    #[arg(long)]
    out: PathBuf,
}

/// `cargo xtask render-deploy`.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let path = &options.task_definition;
    let description =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    write(
        workspace,
        &Release {
            environment: options.environment,
            service: options.service,
            task_definition: &description,
            image: &options.image,
            commit: &options.release,
        },
        &options.out,
    )
}

/// One service's release to one environment.
pub struct Release<'a> {
    pub environment: Environment,
    pub service: Service,
    /// As AWS describes it.
    pub task_definition: &'a str,
    /// `NAME@sha256:...`.
    pub image: &'a str,
    pub commit: &'a str,
}

/// Writes all three, or none where one cannot be rendered.
pub fn write(workspace: &Workspace, release: &Release, folder: &Path) -> Result<()> {
    let template = fs::read_to_string(workspace.root.join("appspec.yaml"))
        .context("cannot read the template appspec.yaml")?;
    let rendered = render(&template, release)?;
    fs::create_dir_all(folder)?;
    for (name, text) in rendered {
        let path = folder.join(name);
        fs::write(&path, text + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}", path.display());
    }
    Ok(())
}

fn render(template: &str, release: &Release) -> Result<[(&'static str, String); 3]> {
    let &Release {
        environment,
        service,
        task_definition,
        image,
        commit,
    } = release;
    check_image(image)?;
    check_commit(commit)?;
    let appspec = appspec::render(template, &service.placeholders(environment))
        .context("appspec.yaml cannot be rendered")?;
    let definition = task_definition::render(task_definition, service, environment, commit)?;
    let detail = json!({ "ImageURI": image });
    Ok([
        ("appspec.yaml", appspec.trim_end().to_owned()),
        ("taskdef.json", serde_json::to_string_pretty(&definition)?),
        ("imageDetail.json", serde_json::to_string_pretty(&detail)?),
    ])
}

/// A tag can come to name something else between two of a service's tasks; a digest cannot.
fn check_image(image: &str) -> Result<()> {
    let is_digest = |it: &str| it.len() == 64 && it.chars().all(|c| c.is_ascii_hexdigit());
    let parts = image.split_once("@sha256:");
    ensure!(
        parts.is_some_and(|(name, digest)| !name.is_empty() && is_digest(digest)),
        "the image {image:?} is not named by its digest, as in NAME@sha256:..."
    );
    Ok(())
}

fn check_commit(commit: &str) -> Result<()> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    ensure!(
        (1..=64).contains(&commit.len()) && commit.chars().all(is_letter),
        "{commit:?} is no commit: its id has letters and digits alone"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn template() -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        fs::read_to_string(root.join("appspec.yaml")).unwrap()
    }

    fn task_definition(service: Service, environment: Environment) -> String {
        let (name, port) = (service.name(), service.port());
        let container = json!({ "name": name, "portMappings": [{ "containerPort": port }] });
        let family = service.task_family(environment);
        json!({ "family": family, "containerDefinitions": [container] }).to_string()
    }

    fn rendered(image: &str, commit: &str) -> Result<[(&'static str, String); 3]> {
        let (service, environment) = (Service::Frontend, Environment::Prod);
        let task_definition = task_definition(service, environment);
        let task_definition = task_definition.as_str();
        render(
            &template(),
            &Release {
                environment,
                service,
                task_definition,
                image,
                commit,
            },
        )
    }

    #[test]
    fn the_template_names_each_service_and_environment() {
        for (service, environment, expected) in [
            (
                Service::Backend,
                Environment::Staging,
                [
                    "\"backend\"",
                    "3000",
                    "\"photobooth-gpu-staging\"",
                    "\"CodeDeployHook_PreTraffic_staging\"",
                ],
            ),
            (
                Service::Frontend,
                Environment::Prod,
                [
                    "\"frontend\"",
                    "8080",
                    "\"FARGATE\"",
                    "\"CodeDeployHook_ValidateService_prod\"",
                ],
            ),
        ] {
            let appspec = appspec::render(&template(), &service.placeholders(environment)).unwrap();
            for value in expected {
                let value = value.trim_matches('"');
                assert!(appspec.contains(value), "{value} is not in\n{appspec}");
            }
        }
    }

    #[test]
    fn three_files_come_of_it() {
        let image = format!("registry.example/frontend@{DIGEST}");
        let [appspec, definition, detail] = rendered(&image, "c0ffee").unwrap();
        let names = [appspec.0, definition.0, detail.0];
        assert_eq!(names, ["appspec.yaml", "taskdef.json", "imageDetail.json"]);
        let definition: Value = serde_json::from_str(&definition.1).unwrap();
        assert_eq!(
            definition["containerDefinitions"][0]["image"],
            "<IMAGE1_NAME>"
        );
        let detail: Value = serde_json::from_str(&detail.1).unwrap();
        assert_eq!(detail, json!({ "ImageURI": image }));
    }

    #[test]
    fn an_image_needs_a_digest() {
        for image in [
            "frontend:c0ffee",
            "frontend@sha256:12",
            &format!("@{DIGEST}"),
            "",
        ] {
            let error = rendered(image, "c0ffee").unwrap_err().to_string();
            assert!(error.contains("not named by its digest"), "{error}");
        }
    }

    #[test]
    fn a_commit_is_one_word() {
        let image = format!("registry.example/frontend@{DIGEST}");
        for commit in ["", "two words", "a\"b"] {
            let error = rendered(&image, commit).unwrap_err().to_string();
            assert!(error.contains("is no commit"), "{error}");
        }
    }
}
