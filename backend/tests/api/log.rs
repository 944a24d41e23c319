//! The process as operators run it: what its log says, and what it sends before it ends.

use super::booth::command_line;
use super::collectors::CloudWatch;
use photobooth_tests::guest_api::ApiGuest;
use serde_json::Value;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The lines of a process's log, parsed.
struct Log(Lines<BufReader<ChildStdout>>);

impl Iterator for Log {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        let line = self.0.next()?.unwrap();
        let parsed = serde_json::from_str(&line);
        Some(parsed.unwrap_or_else(|error| panic!("{error}: {line}")))
    }
}

fn start(flags: &[String]) -> (Child, Log) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_backend"))
        .args(flags)
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let log = BufReader::new(child.stdout.take().unwrap());
    (child, Log(log.lines()))
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_name_request_and_photo_and_health_checks_write_none() {
    let cloudwatch = CloudWatch::start().await;
    let endpoint = cloudwatch.address();
    let data = tempfile::tempdir().unwrap();
    let flags = [
        ["--workers", "0"],
        ["--log-format", "json"],
        ["--log", "info,backend=debug,s3s=off,s3s_fs=off"],
        ["--cloudwatch-endpoint", &endpoint],
    ];
    let flags = [&flags.concat()[..], &["--cloudwatch"]].concat();
    let (mut child, mut log) = start(&command_line(data.path(), &flags)[1..]);
    let address = log.find_map(|line| {
        let message = line["message"].as_str()?;
        Some(message.strip_prefix("listening on ")?.to_owned())
    });
    let address = address.unwrap();
    for path in ["/api/health", "/api/health/live", "/api/health/ready"] {
        let answer = reqwest::get(format!("{address}{path}")).await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let guest = ApiGuest::at(&address);
    let visit = guest.order_portrait(vec![1, 2, 3], "greek").await.unwrap();
    let pid = child.id().to_string();
    Command::new("kill").args(["-TERM", &pid]).status().unwrap();

    let lines: Vec<_> = log.collect();
    assert!(child.wait().unwrap().success());
    let of_health = lines
        .iter()
        .find(|line| line.to_string().contains("health"));
    assert!(of_health.is_none(), "{of_health:?}");
    let queued = lines.iter().find(|line| line["photo"] == visit.id);
    let queued = queued.unwrap_or_else(|| panic!("no line of photo {} in {lines:#?}", visit.id));
    assert_eq!(queued["span"]["path"], "/api/process");
    let request = queued["span"]["request_id"].as_str().unwrap();
    let same = |line: &&Value| line["span"]["request_id"] == request && line["status"] == 201;
    assert!(lines.iter().any(|line| same(&line)), "{lines:#?}");

    // Told to stop, it sends what it has before it ends.
    let batches = cloudwatch.taken();
    let own = "Environment=local Role=all";
    assert!((batches[0].find("QueueDepth", own).sum - 1.0).abs() < 1e-9);
}
