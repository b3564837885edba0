//! Where the server listens, and how the world sees it.

use ipnet::IpNet;
use toml::Value;

use super::{network, settings::Settings};

/// `[http]`
#[derive(Debug, Clone)]
pub(crate) struct Http {
    pub host: String,
    pub port: u16,
    /// The address that browsers use, when a proxy stands in front.
    pub public_url: Option<String>,
    /// Threads that answer requests; as many as the machine has cores when absent.
    pub workers: Option<usize>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl Http {
    pub(super) fn read(from: &mut Settings) -> Self {
        Self {
            host: from.text("http.host", "127.0.0.1"),
            // 0 lets the system choose a free one.
            port: from.number("http.port", 8080, 0..=u16::MAX),
            public_url: from.optional(
                "http.public_url",
                "an address without a path, such as https://chat.example.com",
                origin,
            ),
            workers: from.optional_number("http.workers", 1..=256),
            trusted_proxies: from.list(
                "http.trusted_proxies",
                "a list of addresses or networks, such as 10.0.0.0/8",
                network::parse,
            ),
        }
    }
}

/// A scheme and a host, and perhaps a port: what browsers call an origin.
fn origin(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let sound = !host.is_empty() && host.chars().all(plain);
    sound.then(|| text.to_owned())
}
