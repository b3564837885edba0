//! Where the server may connect to for its tenants.

use ipnet::IpNet;

use super::{network, settings::Settings};

/// `[egress]`
#[derive(Debug, Clone)]
pub(crate) struct Egress {
    /// Networks that webhooks may reach besides the public internet.
    pub allow: Vec<IpNet>,
}

impl Egress {
    pub(super) fn read(from: &mut Settings) -> Self {
        Self {
            allow: from.list(
                "egress.allow",
                "a list of addresses or networks, such as 10.0.0.0/8",
                network::parse,
            ),
        }
    }
}
