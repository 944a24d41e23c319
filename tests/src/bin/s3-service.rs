//! The S3 service of the tests as a program: it stands in for SeaweedFS in the compose file, and is told what that is
//! told, by the environment. Arguments are SeaweedFS's own.

use anyhow::{Context, Result};
use photobooth_tests::s3::{Account, Service};
use std::env;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::signal::unix::{SignalKind, signal};

/// Where SeaweedFS speaks S3.
const PORT: u16 = 8333;

#[tokio::main]
async fn main() -> Result<()> {
    let account = Account {
        bucket: told("S3_BUCKET")?,
        access_key_id: told("AWS_ACCESS_KEY_ID")?,
        secret_access_key: told("AWS_SECRET_ACCESS_KEY")?,
    };
    // As the first process of a container it must ask for signals: they do nothing by default there.
    let mut end = signal(SignalKind::terminate())?;
    let address = SocketAddr::from((Ipv4Addr::UNSPECIFIED, PORT));
    let service = Service::start_at(address, account).await?;
    end.recv().await;
    println!("stored: {:?}", service.stored());
    Ok(())
}

fn told(name: &str) -> Result<String> {
    env::var(name).with_context(|| format!("{name} is not set"))
}
