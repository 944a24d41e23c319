//! The load tests in tests/load/ say what they were asked to say; Artillery itself would take less without a word.

// Clippy allows it in tests by itself, but not in what tests call.
#![allow(clippy::unwrap_used)]

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
struct Test {
    config: Config,
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
struct Config {
    plugins: Plugins,
    phases: Vec<Phase>,
    environments: BTreeMap<String, Profile>,
}

#[derive(Deserialize)]
struct Plugins {
    expect: Expect,
    ensure: Ensure,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expect {
    report_failures_as_errors: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ensure {
    thresholds: Vec<BTreeMap<String, u32>>,
    max_error_rate: u32,
}

#[derive(Deserialize)]
struct Profile {
    phases: Vec<Phase>,
}

#[derive(Deserialize)]
struct Phase {
    name: String,
    duration: u32,
}

#[derive(Deserialize)]
struct Scenario {
    name: String,
    #[serde(default)]
    weight: u32,
    flow: Vec<BTreeMap<String, Step>>,
}

/// A request, or the other things that a flow has.
#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Request(Request),
    Loop(Vec<BTreeMap<String, Request>>),
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct Request {
    url: String,
    #[serde(default)]
    expect: Vec<serde::de::IgnoredAny>,
}

fn read(file: &str) -> Test {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../load");
    let text = fs::read_to_string(folder.join(file)).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

#[test]
fn the_basic_test_has_its_phases_scenarios_and_thresholds() {
    let test = read("basic-load-test.yml");
    let phases = ["warm-up", "ramp-up", "sustained", "peak", "cool-down"];
    let profiles = test.config.environments.values().map(|it| &it.phases);
    for profile in profiles.chain([&test.config.phases]) {
        let names: Vec<_> = profile.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, phases);
    }
    let scenarios = test.scenarios.iter();
    let weights: Vec<_> = scenarios.map(|it| (it.name.as_str(), it.weight)).collect();
    let expected = [
        ("Health Check", 40),
        ("Get Themes", 30),
        ("Generate Upload URL", 20),
        ("Check Processing Status", 10),
    ];
    assert_eq!(weights, expected);
}

#[test]
fn both_tests_judge_by_the_same_thresholds() {
    for file in ["basic-load-test.yml", "journey.yml"] {
        let Test { config, scenarios } = read(file);
        assert!(config.plugins.expect.report_failures_as_errors);
        assert_eq!(config.plugins.ensure.max_error_rate, 1);
        let thresholds: BTreeMap<_, _> =
            config.plugins.ensure.thresholds.iter().flatten().collect();
        assert_eq!(thresholds[&"http.response_time.p95".to_owned()], &2000);
        assert_eq!(thresholds[&"http.response_time.p99".to_owned()], &5000);
        let seconds = |profile: &str| -> u32 {
            let phases = &config.environments[profile].phases;
            phases.iter().map(|it| it.duration).sum()
        };
        assert!(seconds("short") <= 30 && seconds("full") >= 540, "{file}");
        // A request without an expectation would take a 500 for an answer.
        for request in scenarios.iter().flat_map(|it| &it.flow).flat_map(requests) {
            assert!(!request.expect.is_empty(), "{file}: {}", request.url);
        }
    }
}

fn requests(step: &BTreeMap<String, Step>) -> Vec<&Request> {
    let requests = step.values().flat_map(|step| match step {
        Step::Request(request) => vec![request],
        Step::Loop(steps) => steps.iter().flat_map(BTreeMap::values).collect(),
        Step::Other(_) => Vec::new(),
    });
    requests.collect()
}
