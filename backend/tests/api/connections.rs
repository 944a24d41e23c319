//! Connections that only sit there, and more of them than there may be.

use super::booth::Booth;
use reqwest::StatusCode;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

/// Few connections, so that a test can take them all.
fn few(connections: &'static str, seconds: [&'static str; 2]) -> Vec<&'static str> {
    let all = ["--max-connections", connections];
    let each = ["--connections-per-client", connections];
    let streams = ["--event-streams", "1", "--event-streams-per-client", "1"];
    [&all[..], &each, &streams, &seconds].concat()
}

async fn connect(booth: &Booth) -> TcpStream {
    TcpStream::connect(booth.address).await.unwrap()
}

async fn expect_an_answer(booth: &Booth) {
    let answer = timeout(PATIENCE, booth.get("/api/health/live")).await;
    assert_eq!(answer.unwrap().status(), StatusCode::OK);
}

/// Asks over a connection that stays open; gives what came back, nothing where it was closed.
async fn ask(line: &mut TcpStream) -> String {
    let request = b"GET /api/health/live HTTP/1.1\r\nhost: booth\r\n\r\n";
    let mut answer = vec![0; 4096];
    let exchange = async {
        line.write_all(request).await?;
        line.read(&mut answer).await
    };
    let bytes = timeout(PATIENCE, exchange).await.unwrap().unwrap_or(0);
    String::from_utf8_lossy(&answer[..bytes]).into_owned()
}

/// A head that comes byte by byte is never idle and never complete.
#[tokio::test]
async fn a_request_that_dribbles_in_is_cut_off() {
    let booth = Booth::without_workers(&["--header-seconds", "1"]).await;
    let mut line = connect(&booth).await;
    line.write_all(b"GET /api/health/live HTTP/1.1\r\nx-dribble: ")
        .await
        .unwrap();
    let dribble = async {
        let mut answer = [0; 64];
        loop {
            // Meanwhile others are served.
            expect_an_answer(&booth).await;
            if line.write_all(b"x").await.is_err() {
                return 0;
            }
            match line.try_read(&mut answer) {
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                outcome => return outcome.unwrap_or(0),
            }
        }
    };
    let answered = timeout(PATIENCE, dribble).await.unwrap();
    assert_eq!(answered, 0, "it was answered");
    booth.stop().await;
}

#[tokio::test]
async fn more_connections_than_there_may_be_do_not_take_the_booth_down() {
    let booth = Booth::without_workers(&few("4", ["--header-seconds", "1"])).await;
    let mut idle = Vec::new();
    for _ in 0..12 {
        idle.push(connect(&booth).await);
    }
    expect_an_answer(&booth).await;
    booth.stop().await;
}

/// A client that takes in nothing of a large answer holds its connection only for a while.
#[tokio::test]
async fn an_answer_that_nobody_takes_in_is_cut_off() {
    let booth = Booth::without_workers(&few("2", ["--stall-seconds", "1"])).await;
    let key = "results/0b5f3a52-6a27-4c7e-9a57-7f0a6f0c1d2e.png";
    // More than the kernel takes off our hands.
    let large = vec![7; 48 << 20];
    let bytes = large.len();
    let storage = &booth.app.storage;
    storage
        .publish(key, "image/png", large.into())
        .await
        .unwrap();
    let host = booth.address.to_string().parse().unwrap();
    let minute = Duration::from_secs(60);
    let address = storage.presign_download(key, None, minute, &host).await;
    let address = address.unwrap();
    let (_, path) = address.split_once(&booth.address.to_string()).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");

    let mut lines = [connect(&booth).await, connect(&booth).await];
    for line in &mut lines {
        line.write_all(request.as_bytes()).await.unwrap();
    }
    expect_an_answer(&booth).await;
    let mut least = bytes;
    for mut line in lines {
        let mut taken = Vec::new();
        // Ends in an error where the connection was reset.
        let _ = timeout(PATIENCE, line.read_to_end(&mut taken)).await;
        assert!(taken.starts_with(b"HTTP/1.1 200 OK"));
        least = least.min(taken.len());
    }
    assert!(least < bytes);
    booth.stop().await;
}

#[tokio::test]
async fn a_client_holds_no_more_than_its_share() {
    let flags = ["--connections-per-client", "2"];
    let booth = Booth::without_workers(&flags).await;
    let mut lines = [connect(&booth).await, connect(&booth).await];
    for line in &mut lines {
        assert!(ask(line).await.starts_with("HTTP/1.1 200 OK"));
    }
    let mut third = connect(&booth).await;
    assert_eq!(ask(&mut third).await, "");
    for line in &mut lines {
        assert!(ask(line).await.starts_with("HTTP/1.1 200 OK"));
    }
    drop(lines);
    expect_room(&booth).await;
    booth.stop().await;

    // A proxy brings many clients.
    let flags = [&flags[..], &["--trusted-proxies", "127.0.0.1"]].concat();
    let booth = Booth::without_workers(&flags).await;
    let mut lines = Vec::new();
    for _ in 0..4 {
        let mut line = connect(&booth).await;
        assert!(ask(&mut line).await.starts_with("HTTP/1.1 200 OK"));
        lines.push(line);
    }
    booth.stop().await;
}

/// A closed connection makes room for the next one.
async fn expect_room(booth: &Booth) {
    let room = async { while ask(&mut connect(booth).await).await.is_empty() {} };
    timeout(PATIENCE, room).await.unwrap();
}
