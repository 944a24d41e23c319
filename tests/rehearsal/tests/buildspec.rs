//! Builds of small buildspecs, as CodeBuild would run them.

// Clippy allows it in tests by itself, but not in what tests call.
#![allow(clippy::unwrap_used)]

use rehearsal::buildspec::{Build, Buildspec, Event, Outcome, PhaseName, Project};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What a build came to, what it printed, and where.
struct Built {
    outcome: Outcome,
    lines: Vec<String>,
    folder: TempDir,
}

fn build(spec: &str) -> Built {
    build_with(spec, Project::default())
}

fn build_with(spec: &str, mut project: Project) -> Built {
    let folder = TempDir::new().unwrap();
    project.source = folder.path().to_owned();
    let spec = Buildspec::parse(spec).unwrap();
    let mut lines = Vec::new();
    let mut see = |event: Event| {
        if let Event::Line(line) = event {
            lines.push(line.to_owned());
        }
    };
    let outcome = Build::run(&spec, &project, &mut see).unwrap();
    Built {
        outcome,
        lines,
        folder,
    }
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn write(folder: &Path, files: &[&str]) {
    for file in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
}

#[test]
fn one_shell_runs_all_phases() {
    let built = build(
        "
version: 0.2
env:
  shell: bash
phases:
  pre_build:
    commands:
      - kept=value; mkdir below
      - cd below
  build:
    commands:
      - echo \"$kept in $(basename \"$PWD\")\"
      - |
        if [[ $kept == value ]]; then
          echo no end of line | tr -d '\\n'
        fi
      - cat; echo nothing to read >&2
",
    );
    assert!(built.outcome.succeeded);
    assert_eq!(
        built.lines,
        ["value in below", "no end of line", "nothing to read"]
    );
    let phases: Vec<_> = built.outcome.phases.iter().map(|it| it.name).collect();
    assert_eq!(phases, [PhaseName::PreBuild, PhaseName::Build]);
}

#[test]
fn after_a_failed_build_comes_post_build() {
    let built = build(
        "
version: 0.2
phases:
  build:
    commands: [\"echo $CODEBUILD_BUILD_SUCCEEDING\", \"(exit 3)\", echo never]
    finally: [echo finally]
  post_build:
    commands: [\"echo $CODEBUILD_BUILD_SUCCEEDING\"]
",
    );
    assert!(!built.outcome.succeeded);
    assert_eq!(built.lines, ["1", "finally", "0"]);
    let failure = built.outcome.phases[0].failure.clone();
    assert_eq!(failure, Some(("(exit 3)".to_owned(), 3)));
    assert_eq!(built.outcome.phases[1].failure, None);
}

#[test]
fn nothing_follows_what_was_not_prepared() {
    for phase in ["install", "pre_build"] {
        let built = build(&format!(
            "
version: 0.2
phases:
  {phase}:
    commands: [\"false\"]
    finally: [echo finally]
  build: {{commands: [echo build]}}
  post_build: {{commands: [echo post_build]}}
"
        ));
        assert!(!built.outcome.succeeded);
        assert_eq!(built.lines, ["finally"], "{phase}");
    }
}

#[test]
fn a_build_may_abort() {
    let built = build(
        "
version: 0.2
phases:
  build: {on-failure: ABORT, commands: [\"false\"]}
  post_build: {commands: [echo post_build]}
",
    );
    assert!(!built.outcome.succeeded && built.lines.is_empty());
}

#[test]
fn a_command_that_ends_the_shell_ends_its_phase_alone() {
    let built = build(
        "
version: 0.2
phases:
  build: {commands: [export LOST=1, exit 4, echo never]}
  post_build: {commands: [\"echo $CODEBUILD_BUILD_SUCCEEDING${LOST-}\"]}
",
    );
    assert!(!built.outcome.succeeded);
    assert_eq!(built.lines, ["0"]);
    let failure = built.outcome.phases[0].failure.clone();
    assert_eq!(failure, Some(("exit 4".to_owned(), 4)));
}

#[test]
fn a_failed_finally_fails_the_build() {
    let built = build(
        "
version: 0.2
phases:
  build: {commands: [echo one], finally: [\"false\", echo never]}
",
    );
    assert!(!built.outcome.succeeded);
    assert_eq!(built.lines, ["one"]);
}

#[test]
fn variables_come_from_all_sides_and_some_go_on() {
    let spec = "
version: 0.2
env:
  variables: {WEAK: buildspec, OWN: own}
  parameter-store: {DOMAIN: /booth/domain}
  secrets-manager: {TOKEN: \"booth:token\"}
  exported-variables: [DIGEST, NOTHING]
phases:
  build:
    commands:
      - echo $WEAK $OWN $DOMAIN $TOKEN
      - test \"$CODEBUILD_SRC_DIR\" = \"$PWD\"
      - export DIGEST=\"sha256:1 2\"
";
    let project = Project {
        variables: map(&[("WEAK", "project")]),
        kept: map(&[
            ("/booth/domain", "booth.example"),
            ("booth:token", "secret"),
        ]),
        ..Project::default()
    };
    let built = build_with(spec, project);
    assert!(built.outcome.succeeded);
    assert_eq!(built.lines, ["project own booth.example secret"]);
    let expected = map(&[("DIGEST", "sha256:1 2"), ("NOTHING", "")]);
    assert_eq!(built.outcome.exported, expected);

    let spec = Buildspec::parse(spec).unwrap();
    let project = Project {
        source: "/".into(),
        ..Project::default()
    };
    let error = Build::run(&spec, &project, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("nobody keeps"), "{error}");
}

const COLLECTING: &str = "
version: 0.2
phases:
  build: {commands: [mkdir -p deploy/a/b reports, touch deploy/one.json deploy/a/two.json deploy/a/b/three.txt reports/x.xml, STATUS]}
reports:
  unit-tests: {files: [\"*.xml\"], base-directory: reports, file-format: JUNITXML}
  none: {files: [\"**/*\"], base-directory: nowhere, file-format: JUNITXML}
artifacts:
  files: [\"*.json\"]
  base-directory: deploy
  secondary-artifacts:
    all: {files: [\"**/*\"], base-directory: deploy, exclude-paths: [\"a/b/**/*\"], discard-paths: yes}
";

#[test]
fn files_are_collected() {
    let built = build(&COLLECTING.replace("STATUS", "true"));
    let folder = built.folder.path();
    let pair = |file: &str, name: &str| (folder.join(file), PathBuf::from(name));
    let artifacts = &built.outcome.artifacts;
    assert_eq!(artifacts[""], [pair("deploy/one.json", "one.json")]);
    assert_eq!(
        artifacts["all"],
        [
            pair("deploy/a/two.json", "two.json"),
            pair("deploy/one.json", "one.json")
        ]
    );
    assert_eq!(
        built.outcome.reports["unit-tests"],
        [folder.join("reports/x.xml")]
    );
    assert!(built.outcome.reports["none"].is_empty());
}

#[test]
fn a_failed_build_has_reports_and_no_artifacts() {
    let built = build(&COLLECTING.replace("STATUS", "false"));
    assert!(built.outcome.artifacts.is_empty());
    assert_eq!(built.outcome.reports["unit-tests"].len(), 1);
}

#[test]
fn a_missing_artifact_is_an_error() {
    let spec = "
version: 0.2
phases: {build: {commands: [\"true\"]}}
artifacts: {files: [imageDetail.json]}
";
    let spec = Buildspec::parse(spec).unwrap();
    let folder = TempDir::new().unwrap();
    let project = Project {
        source: folder.path().to_owned(),
        ..Project::default()
    };
    let error = Build::run(&spec, &project, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("imageDetail.json"), "{error}");
}

#[test]
fn patterns_mean_what_they_mean_to_codebuild() {
    let folder = TempDir::new().unwrap();
    write(
        folder.path(),
        &["a.xml", "b.json", "one/a.xml", "one/two/a.xml"],
    );
    for (pattern, expected) in [
        ("*", "a.xml b.json"),
        ("*.xml", "a.xml"),
        ("a*l", "a.xml"),
        ("**/*", "a.xml b.json one/a.xml one/two/a.xml"),
        ("**/*.xml", "a.xml one/a.xml one/two/a.xml"),
        ("one/*", "one/a.xml"),
        ("one/**/*", "one/a.xml one/two/a.xml"),
        ("one/**", "one/a.xml one/two/a.xml"),
        ("./one/two/a.xml", "one/two/a.xml"),
        ("one", ""),
        ("c*", ""),
    ] {
        let found = rehearsal::buildspec::find(folder.path(), pattern).unwrap();
        let found: Vec<_> = found.iter().map(|path| path.to_str().unwrap()).collect();
        assert_eq!(found.join(" "), expected, "{pattern}");
    }
}

#[test]
fn what_codebuild_would_pass_over_is_an_error() {
    let good = "version: 0.2\nphases: {build: {commands: [\"true\"]}}\n";
    Buildspec::parse(good).unwrap();
    for (text, part) in [
        (
            "version: 0.1\nphases: {build: {commands: [\"true\"]}}\n",
            "0.1",
        ),
        (
            "version: 0.2\nphase: {build: {commands: [\"true\"]}}\n",
            "phase",
        ),
        (
            "version: 0.2\nphases: {postbuild: {commands: [\"true\"]}}\n",
            "postbuild",
        ),
        (
            "version: 0.2\nphases: {build: {command: [\"true\"]}}\n",
            "command",
        ),
        (
            "version: 0.2\nphases: {build: {commands: []}}\n",
            "no commands",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [\"true\"], on-failure: CONTINUE}}\n",
            "CONTINUE",
        ),
        (&format!("{good}artifacts: {{file: [a]}}\n"), "file"),
        (
            &format!("{good}reports: {{a: {{files: [a], file-format: JUNIT}}}}\n"),
            "JUNIT",
        ),
        (&format!("{good}version: 0.2\n"), "version"),
    ] {
        let error = format!("{:#}", Buildspec::parse(text).unwrap_err());
        assert!(error.contains(part), "{text}: {error}");
    }
}
