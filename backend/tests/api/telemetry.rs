//! What operators see: metrics, health on the internal port, CloudWatch's batches, and one trace a portrait.

use super::booth::{Booth, repository};
use super::collectors::{CloudWatch, CollectedSpan, Otlp};
use api::Health;
use aws_sdk_cloudwatch::config::{Credentials, SharedCredentialsProvider};
use backend::config::Role;
use backend::telemetry::GivenBack;
use backend::telemetry::cloudwatch::{PENDING_LIMIT, Publisher};
use portrait::Device;
use reqwest::StatusCode;
use std::fs;
use std::sync::Arc;

const INTERNAL: [&str; 2] = ["--internal-listen", "127.0.0.1:0"];

/// The value of the one line that begins with this.
fn value(text: &str, series: &str) -> f64 {
    let line = text.lines().find_map(|line| {
        let value = line.strip_prefix(series)?.strip_prefix(' ')?;
        value.parse().ok()
    });
    line.unwrap_or_else(|| panic!("no {series} in\n{text}"))
}

async fn metrics(booth: &Booth) -> String {
    let address = format!("http://{}/metrics", booth.internal.unwrap());
    let answer = booth.client.get(address).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

#[tokio::test]
async fn the_internal_port_tells_operators_and_the_public_one_does_not() {
    let booth = Booth::without_workers(&INTERNAL).await;
    booth.queued("image/png", vec![1, 2, 3]).await;
    booth.get("/api/process/someone").await;
    let odd = booth
        .client
        .request("BREW".parse().unwrap(), booth.url("/api/themes"));
    odd.send().await.unwrap();

    let text = metrics(&booth).await;
    assert!((value(&text, "photobooth_queue_depth") - 1.0).abs() < 1e-9);
    assert!((value(&text, "photobooth_backlog_per_worker") - 1.0).abs() < 1e-9);
    assert!(value(&text, "photobooth_oldest_wait_seconds") >= 0.0);
    assert!(value(&text, "photobooth_resident_memory_bytes") > 1e6);
    let requests = "photobooth_http_requests_total";
    for (route, method, status) in [
        ("/api/process", "POST", 201),
        ("/api/process/{id}", "GET", 404),
        ("/api/themes", "OTHER", 405),
    ] {
        let labels = format!("{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}");
        assert!((value(&text, &format!("{requests}{labels}")) - 1.0).abs() < 1e-9);
    }
    assert!(
        !text.contains("someone") && !text.contains("BREW"),
        "{text}"
    );
    assert!(text.ends_with("# EOF\n"));

    for path in ["/api/health", "/api/health/live", "/api/health/ready"] {
        let address = format!("http://{}{path}", booth.internal.unwrap());
        let answer = booth.client.get(address).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
    let public = booth.get("/metrics").await;
    let public = public.text().await.unwrap();
    assert!(!public.contains("photobooth_"), "{public}");
    booth.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portrait_is_counted_and_timed() {
    let data = tempfile::tempdir().unwrap();
    let flags = ["--portrait-size", "300x400", "--device", "auto"];
    let booth = Booth::start(data.path(), &[&INTERNAL[..], &flags].concat()).await;
    booth.wait_for_workers().await;
    let health: Health = booth.get("/api/health").await.json().await.unwrap();
    let detail = health.models.detail.unwrap_or_default();
    // The library of the tests is the one for processors, so there is no graphics card on any machine.
    assert!(detail.contains("on the processor"), "{detail}");
    let astronaut = fs::read(repository("tests/photos/astronaut.png")).unwrap();
    let portrait = booth.queued("image/png", astronaut).await;
    booth.follow(&portrait).await;
    let failure = booth.queued("image/png", b"GIF89a".to_vec()).await;
    booth.follow(&failure).await;
    booth.expect_original_deleted(&failure).await;
    booth
        .app
        .telemetry
        .metrics
        .note_given_back(GivenBack::Silence);

    let text = metrics(&booth).await;
    for (series, expected) in [
        ("portraits_total{theme=\"greek\"}", 1.0),
        ("failures_total{code=\"NOT_AN_IMAGE\"}", 1.0),
        ("device{device=\"cpu\",asked=\"auto\"}", 1.0),
        ("portrait_seconds_count", 1.0),
        ("queue_wait_seconds_count", 2.0),
        ("step_seconds_count{step=\"paint\"}", 1.0),
        ("step_seconds_count{step=\"store\"}", 1.0),
        ("attempts_given_back_total{cause=\"silence\"}", 1.0),
    ] {
        let counted = value(&text, &format!("photobooth_{series}"));
        assert!((counted - expected).abs() < 1e-9, "{series}: {counted}");
    }
    assert!(value(&text, "photobooth_pickup_seconds_count") >= 1.0);
    assert!(value(&text, "photobooth_portrait_seconds_sum") > 0.0);
    booth.stop().await;
}

fn keys() -> Option<SharedCredentialsProvider> {
    let keys = Credentials::new("id", "secret", None, None, "test");
    Some(SharedCredentialsProvider::new(keys))
}

#[tokio::test]
async fn cloudwatch_is_told_what_happened_and_how_things_stand() {
    let cloudwatch = CloudWatch::start().await;
    let endpoint = cloudwatch.address();
    let flags = [
        "--cloudwatch",
        "--cloudwatch-endpoint",
        &endpoint,
        "--environment",
        "staging",
    ];
    let booth = Booth::without_workers(&flags).await;
    booth.queued("image/png", vec![1, 2, 3]).await;
    let telemetry = &booth.app.telemetry;
    let metrics = Arc::clone(&telemetry.metrics);
    booth.app.models.note_opened(Device::Cuda(1), false);
    metrics.note_portrait("greek", 2.0);
    metrics.note_step("paint", 0.5);
    metrics.note_step("paint", 1.5);
    metrics.note_failures(api::ErrorCode::NoFace, 1);
    let config = &booth.app.config;
    let mut publisher = Publisher::with_keys(config, Role::All, metrics.clone(), keys());
    publisher.publish(&booth.app).await;

    let batch = cloudwatch.taken();
    assert_eq!(batch.len(), 1);
    let batch = &batch[0];
    assert_eq!(batch.namespace, "AI-Photobooth");
    let own = "Environment=staging Role=all";
    for (name, further, sum) in [
        ("Portraits", "", 1.0),
        ("Portraits", " Theme=greek", 1.0),
        ("Failures", " Code=NO_FACE", 1.0),
        ("QueueDepth", "", 1.0),
        ("BacklogPerWorker", "", 1.0),
        ("UsableStudios", " Device=cuda:1", 0.0),
        ("PortraitSeconds", "", 2.0),
        ("StepSeconds", " Step=paint", 2.0),
    ] {
        let datum = batch.find(name, &format!("{own}{further}"));
        assert!((datum.sum - sum).abs() < 1e-9, "{name}{further}: {datum:?}");
    }
    let paint = batch.find("StepSeconds", &format!("{own} Step=paint"));
    assert_eq!((paint.count, paint.min, paint.max), (2.0, 0.5, 1.5));
    assert_eq!(paint.unit, "Seconds");
    assert!(batch.find("MemoryBytes", own).sum > 1e6);
    assert!(batch.find("OldestWaitSeconds", own).sum >= 0.0);

    // A minute later nothing has happened, and that is said.
    publisher.publish(&booth.app).await;
    let quiet = cloudwatch.taken();
    assert!(quiet[0].find("Failures", own).sum.abs() < 1e-9);
    assert!(
        quiet[0]
            .data
            .iter()
            .all(|datum| datum.name != "StepSeconds")
    );
    booth.stop().await;
}

#[tokio::test]
async fn what_cloudwatch_does_not_take_waits_and_what_does_not_fit_is_counted() {
    let cloudwatch = CloudWatch::start().await;
    let endpoint = cloudwatch.address();
    let flags = ["--cloudwatch", "--cloudwatch-endpoint", &endpoint];
    let booth = Booth::without_workers(&[&INTERNAL[..], &flags].concat()).await;
    let metrics = Arc::clone(&booth.app.telemetry.metrics);
    let config = &booth.app.config;
    let mut publisher = Publisher::with_keys(config, Role::All, metrics.clone(), keys());
    cloudwatch.fail(true);
    metrics.note_portrait("greek", 2.0);
    publisher.publish(&booth.app).await;
    assert!(cloudwatch.taken().is_empty());
    cloudwatch.fail(false);
    publisher.publish(&booth.app).await;
    let taken = cloudwatch.taken();
    let greek = "Environment=local Role=all Theme=greek";
    assert!((taken[0].find("Portraits", greek).sum - 1.0).abs() < 1e-9);
    let lost = "photobooth_telemetry_lost_total{exporter=\"cloudwatch\"}";
    assert!(!metrics.text().unwrap().contains(lost));

    // Far more than fits: the rest goes out in batches that CloudWatch takes.
    for number in 0..PENDING_LIMIT + 500 {
        metrics.note_step(&format!("step {number}"), 1.0);
    }
    publisher.publish(&booth.app).await;
    let taken = cloudwatch.taken();
    let sizes: Vec<_> = taken.iter().map(|batch| batch.data.len()).collect();
    assert_eq!(sizes, [1_000; PENDING_LIMIT / 1_000]);
    assert!(value(&metrics.text().unwrap(), lost) >= 500.0);
    booth.stop().await;
}

/// A span of the browser's.
pub const BROWSER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// The process that queues a photo and the one that renders it, later, have one trace.
#[tokio::test(flavor = "multi_thread")]
async fn a_portrait_is_one_trace_even_across_a_restart() {
    let collector = Otlp::start().await;
    let endpoint = collector.address();
    let data = tempfile::tempdir().unwrap();
    let flags = ["--otlp-endpoint", &endpoint, "--workers", "0"];
    let door = Booth::start(data.path(), &flags).await;
    let astronaut = fs::read(repository("tests/photos/astronaut.png")).unwrap();
    let photo = door.uploaded("image/png", astronaut).await;
    door.ask_within_trace(&photo, BROWSER).await;
    door.stop().await;

    let flags = ["--otlp-endpoint", &endpoint, "--portrait-size", "300x400"];
    let worker = Booth::start(data.path(), &flags).await;
    worker.follow(&photo).await;
    worker.expect_original_deleted(&photo).await;
    worker.stop().await;
    expect_one_trace(&collector.spans());
}

/// Checks the spans of the browser's trace: who is whose parent, and what lies within what.
pub fn expect_one_trace(spans: &[CollectedSpan]) {
    let own = || spans.iter().filter(|span| BROWSER.contains(&span.trace));
    let find = |name: &str| {
        let found = own().find(|span| span.name == name);
        found.unwrap_or_else(|| panic!("no {name} in {spans:#?}"))
    };
    let request = find("POST /api/process");
    assert_eq!(request.parent, "00f067aa0ba902b7");
    assert_eq!(find("wait in queue").parent, request.id);
    let portrait = find("make portrait");
    assert_eq!(portrait.parent, request.id);
    assert_ne!(portrait.process, request.process);
    for name in PARTS {
        let span = find(name);
        assert_eq!(span.parent, portrait.id, "{name}");
        assert!(
            portrait.began <= span.began && span.began <= span.ended,
            "{name}"
        );
        assert!(span.ended <= portrait.ended, "{name}");
    }
    let began = PARTS.map(|name| find(name).began);
    assert!(began.is_sorted(), "{began:?}");
    assert_eq!(own().count(), PARTS.len() + 3, "{spans:#?}");
}

/// What making a portrait consists of, in order.
const PARTS: [&str; 17] = [
    "fetch photo",
    "decode",
    "moderate",
    "find_faces",
    "landmarks",
    "judge",
    "matte",
    "cut_heads",
    "theme_faces",
    "dress",
    "compose",
    "paint",
    "grade",
    "check",
    "encode",
    "publish portrait",
    "delete photo",
];

#[tokio::test]
async fn a_collector_that_fails_costs_spans_and_nothing_else() {
    let collector = Otlp::start().await;
    collector.fail();
    let endpoint = collector.address();
    let booth = Booth::without_workers(&["--otlp-endpoint", &endpoint]).await;
    let app = booth.app.clone();
    booth.queued("image/png", vec![1, 2, 3]).await;
    booth.stop().await;
    let lost = "photobooth_telemetry_lost_total{exporter=\"otlp\"}";
    let lost = value(&app.telemetry.metrics.text().unwrap(), lost);
    // The ticket and the submission.
    assert!((lost - 2.0).abs() < 1e-9, "{lost}");
}
