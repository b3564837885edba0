//! Which addresses may be reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use reqwest::Url;

use crate::EgressError;

/// What the operator allows besides the public internet.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    pub allow: Vec<IpNet>,
}

impl Rules {
    /// Reads an address and checks what can be checked before its name is resolved.
    pub fn url(&self, text: &str) -> Result<Url, EgressError> {
        let url = Url::parse(text).map_err(|error| EgressError::Unreadable(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(EgressError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressError::Credentials);
        }
        match url.port_or_known_default() {
            Some(port) if !(matches!(port, 80 | 443) || port >= 1024) => return Err(EgressError::Port(port)),
            _ => {}
        }
        // What is an address in another spelling (decimal, octal, hexadecimal) has become one here.
        let host = url.host_str().unwrap_or_default();
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        if let Ok(literal) = literal {
            self.address(literal)?;
        }
        Ok(url)
    }

    /// Checks an address that is about to be connected to.
    pub fn address(&self, address: IpAddr) -> Result<(), EgressError> {
        let plain = address.to_canonical();
        let is_allowed = |net: &IpNet| net.contains(&plain) || net.contains(&address);
        if is_public(address) || self.allow.iter().any(is_allowed) {
            return Ok(());
        }
        Err(EgressError::Forbidden(address))
    }
}

/// Whether an address belongs to the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match inner(address) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (b & 0xfe) == 18);
    !is_special
}

/// Only `2000::/3` has been given out; some of it is not for hosts.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let is_given_out = (a & 0xe000) == 0x2000;
    let is_special = (a == 0x2001 && b < 0x0200) || (a, b) == (0x2001, 0x0db8) || (a == 0x3fff && b < 0x1000);
    is_given_out && !is_special
}

/// The older address that a newer one stands for: mapped, compatible, translated, 6to4.
fn inner(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let last = |high: u16, low: u16| {
        let ([w, x], [y, z]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(w, x, y, z)
    };
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0 | 0xffff] | [0, 0, 0, 0, 0xffff, 0] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(last(g, h)),
        [0x64, 0xff9b, 1, ..] => Some(Ipv4Addr::UNSPECIFIED),
        [0x2002, ..] => Some(last(b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loopback, private, link-local, metadata, carrier, and whatever stands for them.
    const FORBIDDEN: &[&str] = &[
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "127.255.255.254",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "0x7f.0x0.0x0.0x1",
        "0",
        "0.0.0.0",
        "0x0",
        "00",
        "10.0.0.1",
        "10.255.255.255",
        "167772161",
        "0xa000001",
        "012.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.168.255.255",
        "3232235521",
        "0xc0a80001",
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "169.254.1.1",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.1",
        "192.0.0.170",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "198.18.0.1",
        "198.19.255.255",
        "192.88.99.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[::127.0.0.1]",
        "[::10.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2002:a00:1::1]",
        "[2002:a9fe:a9fe::]",
        "[2001::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[2001:db8::1]",
        "[2001:10::1]",
        "[2001:20::1]",
        "[3fff::1]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[fdff::1]",
        "[fe80::1]",
        "[febf::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[ff0e::1]",
        "[100::1]",
        "[5f00::1]",
        "[4000::1]",
        "[8000::1]",
        "[::2]",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
    ];
    const PUBLIC: &[&str] = &[
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.169.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "[2606:4700:4700::1111]",
        "[2a00:1450:4001::1]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::808:808]",
        "[2002:808:808::1]",
        "[2001:4860::1]",
    ];

    #[test]
    fn no_spelling_of_an_inner_address_passes() {
        assert!(FORBIDDEN.len() >= 80, "{}", FORBIDDEN.len());
        for host in FORBIDDEN {
            let outcome = Rules::default().url(&format!("http://{host}/"));
            assert!(matches!(outcome, Err(EgressError::Forbidden(_))), "{host}: {outcome:?}");
        }
        for host in PUBLIC {
            assert!(Rules::default().url(&format!("https://{host}/")).is_ok(), "{host}");
        }
    }

    #[test]
    fn what_is_no_address_of_the_web_is_refused_with_its_reason() {
        for (text, why) in [
            ("ftp://example.com/", EgressError::Scheme),
            ("file:///etc/passwd", EgressError::Scheme),
            ("gopher://example.com/", EgressError::Scheme),
            ("javascript:alert(1)", EgressError::Scheme),
            ("http://user:secret@example.com/", EgressError::Credentials),
            ("http://user@example.com/", EgressError::Credentials),
            ("http://example.com:25/", EgressError::Port(25)),
            ("http://example.com:22/", EgressError::Port(22)),
        ] {
            assert_eq!(Rules::default().url(text), Err(why), "{text}");
        }
        for text in [
            "",
            "example.com",
            "http://",
            "http://exa mple.com",
            "https://[::1",
            "http://256.1.1.1",
        ] {
            let outcome = Rules::default().url(text);
            assert!(
                matches!(outcome, Err(EgressError::Unreadable(_))),
                "{text}: {outcome:?}"
            );
        }
        assert!(Rules::default().url("https://example.com:8443/hook?x=1#part").is_ok());
    }

    #[test]
    fn the_operator_may_allow_some() {
        let rules = Rules {
            allow: vec!["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()],
        };
        for host in ["127.0.0.1:8080", "[::ffff:127.0.0.1]:8080", "[fd00::1]"] {
            assert!(rules.url(&format!("http://{host}/")).is_ok(), "{host}");
        }
        assert!(rules.url("http://10.0.0.1/").is_err());
    }
}
