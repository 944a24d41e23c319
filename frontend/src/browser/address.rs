//! Where the page was opened, and who could open the same address.

use wasm_bindgen::prelude::*;
use web_sys::Location;

/// Who reaches the booth by the address that this page was opened at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nobody but this device.
    ThisDevice,
    /// Whoever is in the same network.
    Network,
    /// As far as the address tells, everybody.
    Everybody,
}

/// The path of the page's address, such as `/s/abc`.
pub fn path() -> String {
    read(Location::pathname)
}

/// What every address of this booth begins with, such as `https://booth.example`.
pub fn origin() -> String {
    read(Location::origin)
}

/// The host in the page's address, without its port.
pub fn host() -> String {
    read(Location::hostname)
}

fn read(part: impl FnOnce(&Location) -> Result<String, JsValue>) -> String {
    let location = web_sys::window().map(|window| window.location());
    location
        .and_then(|location| part(&location).ok())
        .unwrap_or_default()
}

/// Who reaches a host, by its name alone.
pub fn reach_of(host: &str) -> Reach {
    use std::net::IpAddr;
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    match plain.parse() {
        Ok(IpAddr::V4(address)) if address.is_loopback() || address.is_unspecified() => {
            Reach::ThisDevice
        }
        Ok(IpAddr::V4(address)) if address.is_private() || address.is_link_local() => {
            Reach::Network
        }
        Ok(IpAddr::V6(address)) if address.is_loopback() || address.is_unspecified() => {
            Reach::ThisDevice
        }
        Ok(IpAddr::V6(address)) if address.is_unique_local() || address.is_unicast_link_local() => {
            Reach::Network
        }
        Ok(_) => Reach::Everybody,
        Err(_) if plain == "localhost" || plain.ends_with(".localhost") => Reach::ThisDevice,
        // Names that a venue's own router or the devices themselves give.
        Err(_) if !plain.contains('.') || plain.ends_with(".local") => Reach::Network,
        Err(_) => Reach::Everybody,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_tells_who_reaches_it() {
        for host in [
            "localhost",
            "booth.localhost",
            "127.0.0.1",
            "127.1.2.3",
            "0.0.0.0",
            "[::1]",
        ] {
            assert_eq!(reach_of(host), Reach::ThisDevice, "{host}");
        }
        for host in [
            "192.168.1.20",
            "10.0.0.7",
            "172.16.3.4",
            "169.254.0.9",
            "[fd00::7]",
            "booth",
            "booth.local",
        ] {
            assert_eq!(reach_of(host), Reach::Network, "{host}");
        }
        for host in [
            "booth.example.org",
            "203.0.113.9",
            "172.32.0.1",
            "[2001:db8::1]",
            "localhost.example.org",
        ] {
            assert_eq!(reach_of(host), Reach::Everybody, "{host}");
        }
    }
}
