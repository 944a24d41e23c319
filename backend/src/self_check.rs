//! `backend health`: asks a process on this machine whether it lives, for containers that hold no other program.

use crate::config::HealthConfig;
use anyhow::{Context, ensure};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Less than what container engines give a check.
const PATIENCE: Duration = Duration::from_secs(3);

/// The first line of the answer is all that is read.
const HEAD_BYTES: u64 = 256;

/// Asks for `/api/health/live` where the process answers operators, or else guests.
///
/// # Errors
/// It does not answer, not in time, or not with 200.
pub async fn check(config: &HealthConfig) -> anyhow::Result<()> {
    let address = reachable(config.internal_listen.unwrap_or(config.listen));
    let answer = timeout(PATIENCE, ask(address))
        .await
        .with_context(|| format!("{address} does not answer in {PATIENCE:?}"))?
        .with_context(|| format!("{address} does not answer"))?;
    ensure!(
        answer.starts_with("HTTP/1.1 200 "),
        "{address} answers {}",
        answer.lines().next().unwrap_or("nothing")
    );
    Ok(())
}

/// A process that listens everywhere is reached on this machine itself.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, listen.port())
}

async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream
        .write_all(b"GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await?;
    let mut head = Vec::new();
    stream.take(HEAD_BYTES).read_to_end(&mut head).await?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// What the check says of a process that answers one request so.
    async fn verdict_on(answer: &'static str) -> anyhow::Result<()> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let process = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 256];
            let length = stream.read(&mut request).await.unwrap();
            assert!(request[..length].starts_with(b"GET /api/health/live HTTP/1.1\r\n"));
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        let verdict = check(&HealthConfig {
            // Nobody is there: what operators are told comes first.
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 1)),
            internal_listen: Some(SocketAddr::from((Ipv4Addr::UNSPECIFIED, port))),
        })
        .await;
        process.await.unwrap();
        verdict
    }

    #[tokio::test]
    async fn only_a_success_is_health() {
        verdict_on("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .await
            .unwrap();
        for (answer, word) in [
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n", "503"),
            ("", "nothing"),
        ] {
            let error = verdict_on(answer).await.unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[tokio::test]
    async fn nobody_is_not_healthy() {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let listen = free.local_addr().unwrap();
        drop(free);
        let config = HealthConfig {
            listen,
            internal_listen: None,
        };
        let error = check(&config).await.unwrap_err().to_string();
        assert!(error.contains("does not answer"), "{error}");
    }
}
