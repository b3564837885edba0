//! Which pages may show the widget.

use std::net::Ipv6Addr;

/// An entry of the list of allowed origins.
#[derive(Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    scheme: &'a str,
    host: &'a str,
    is_wildcard: bool,
}

impl<'a> Origin<'a> {
    /// Reads `https://shop.example`, `http://localhost:3000` or `https://*.example`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (scheme, host) = text.split_once("://")?;
        let (host, is_wildcard) = host.strip_prefix("*.").map_or((host, false), |host| (host, true));
        let is_right = matches!(scheme, "http" | "https") && is_host(host);
        is_right.then_some(Self {
            scheme,
            host,
            is_wildcard,
        })
    }

    fn matches(&self, other: &Origin<'_>) -> bool {
        let same_host = if self.is_wildcard {
            other.host.len() > self.host.len() + 1
                && other
                    .host
                    .to_ascii_lowercase()
                    .ends_with(&format!(".{}", self.host.to_ascii_lowercase()))
        } else {
            self.host.eq_ignore_ascii_case(other.host)
        };
        self.scheme == other.scheme && same_host
    }
}

/// Whether it is a name or an address, perhaps with a port.
fn is_host(host: &str) -> bool {
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (host, "80"),
    };
    let is_port = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    is_port && address.map_or(is_name, |address| address.parse::<Ipv6Addr>().is_ok())
}

/// Whether a page of this origin may show the widget. No entries means every page may.
#[must_use]
pub fn is_allowed(allowed: &[String], origin: Option<&str>) -> bool {
    if allowed.is_empty() {
        return true;
    }
    let Some(origin) = origin.and_then(Origin::parse) else {
        return false;
    };
    allowed
        .iter()
        .filter_map(|entry| Origin::parse(entry))
        .any(|entry| entry.matches(&origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_pages_are_allowed() {
        let list = ["https://shop.example".to_owned(), "https://*.wild.example".to_owned()];
        let table = [
            (Some("https://shop.example"), true),
            (Some("https://SHOP.example"), true),
            (Some("http://shop.example"), false),
            (Some("https://shop.example:8443"), false),
            (Some("https://evilshop.example"), false),
            (Some("https://a.wild.example"), true),
            (Some("https://a.b.wild.example"), true),
            (Some("https://wild.example"), false),
            (Some("https://notwild.example"), false),
            (Some("https://.wild.example"), false),
            (Some("null"), false),
            (None, false),
        ];
        for (origin, expect) in table {
            assert_eq!(is_allowed(&list, origin), expect, "{origin:?}");
        }
        assert!(is_allowed(&[], None));
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for right in [
            "http://localhost:3000",
            "https://[::1]:3000",
            "https://[fe80::1]",
            "https://*.shop.example",
        ] {
            assert!(Origin::parse(right).is_some(), "{right}");
        }
        for wrong in [
            "shop.example",
            "ftp://a.b",
            "https://",
            "https://a.b/c",
            "http://[x]",
            "http://a:b",
            "http://a:",
            "http://]:1",
        ] {
            assert!(Origin::parse(wrong).is_none(), "{wrong}");
        }
    }
}
