//! Who sends a request, as far as limits care.

use crate::app::AppState;
use crate::digest::hexadecimal;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use ipnet::IpNet;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// A provider gives a household 64 bits of IPv6 addresses to choose from.
const HOUSEHOLD: u128 = !0 << 64;

/// An IPv4 address, or the first half of an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client(IpAddr);

impl Client {
    /// The client that this address belongs to.
    pub fn at(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & HOUSEHOLD).into(),
            address => address,
        })
    }

    /// What is stored of it. Whoever tries all addresses finds which one it was; but it is stored for minutes only,
    /// and nobody who happens to look reads an address.
    pub fn digest(self) -> String {
        hexadecimal(&Sha256::digest(self.0.to_string()))
    }
}

/// Notes the [`Client`] on every request.
pub async fn identify(
    State(app): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = origin_of(
        peer.ip(),
        request.headers(),
        &app.config.limits.trusted_proxies,
    );
    request.extensions_mut().insert(Client::at(address));
    next.run(request).await
}

pub(super) fn is_trusted(address: IpAddr, proxies: &[IpNet]) -> bool {
    let address = address.to_canonical();
    proxies.iter().any(|network| network.contains(&address))
}

/// The address nearest to us that no proxy of ours vouches beyond: each proxy adds on the right whom it was called by,
/// so what stands to the left of the first stranger is that stranger's own invention.
fn origin_of(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let mut hops = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.rsplit(','));
    let mut address = peer;
    while is_trusted(address, proxies) {
        let Some(hop) = hops.next().and_then(read_hop) else {
            break;
        };
        address = hop;
    }
    address
}

/// Proxies write an address, some of them with its port.
fn read_hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || Some(text.parse::<SocketAddr>().ok()?.ip());
    text.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(peer: &str, lines: &[&str]) -> String {
        let proxies = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        origin_of(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        for (peer, lines, expected) in [
            ("203.0.113.9", &[][..], "203.0.113.9"),
            ("203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
            ("10.1.2.3", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.1.2.3", &["198.51.100.1"], "198.51.100.1"),
            // What the client wrote itself stands to the left of what the proxy added.
            ("10.1.2.3", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &["10.9.9.9, 198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &["198.51.100.1, 10.4.4.4"], "198.51.100.1"),
            ("10.1.2.3", &["198.51.100.1", "10.4.4.4"], "198.51.100.1"),
            ("fd00::1", &["1.1.1.1", "2001:db8::7"], "2001:db8::7"),
            ("10.1.2.3", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.1.2.3", &["[2001:db8::7]:4711"], "2001:db8::7"),
            // Nothing to go by: the last one who is known.
            ("10.1.2.3", &[], "10.1.2.3"),
            ("10.1.2.3", &["1.1.1.1, unknown"], "10.1.2.3"),
            ("10.1.2.3", &["1.1.1.1, _x, 10.4.4.4"], "10.4.4.4"),
        ] {
            assert_eq!(origin(peer, lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn a_household_is_one_client() {
        let client = |text: &str| Client::at(text.parse().unwrap());
        assert_eq!(client("2001:db8:1:2:3::1"), client("2001:db8:1:2:ffff::"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
        assert_ne!(client("192.0.2.2"), client("192.0.2.1"));
        assert!(!client("192.0.2.1").digest().contains("192"));
    }
}
