//! How delivery behaves.

use std::time::Duration;

use crate::budget::Rate;
use crate::lobby::LobbySize;

/// The settings of everything that is delivered.
#[derive(Clone, Debug)]
pub struct DeliveryConfig {
    /// How many recent events of a tenant are kept ready to send.
    pub ring: usize,
    /// How many bytes those may have, as they are sent; where they have more, the oldest are let go.
    pub ring_bytes: usize,
    /// How often a session hears a beat.
    pub beat: Duration,
    /// The largest frame a client may send.
    pub frame_bytes: usize,
    /// How many bytes a session may be behind before it is paused.
    pub unreceipted_bytes: usize,
    /// How many connections may be open that have not said hello.
    pub lobby: LobbySize,
    /// Requests of one customer, over all of their connections.
    pub visitor_requests: Rate,
    /// How long somebody may be away before colleagues are told: a page that is loaded again is not.
    pub presence_grace: Duration,
    /// Signals that one connection may send.
    pub signals: Rate,
    /// Requests of a member of the team, on one connection.
    pub member_requests: Rate,
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        Self {
            ring: 4_096,
            ring_bytes: 16 * 1024 * 1024,
            beat: Duration::from_secs(20),
            frame_bytes: 128 * 1024,
            unreceipted_bytes: 1024 * 1024,
            lobby: LobbySize {
                per_address: 256,
                total: 4_096,
            },
            visitor_requests: Rate {
                per_minute: 600,
                burst: 60,
            },
            presence_grace: Duration::from_secs(2),
            signals: Rate {
                per_minute: 60,
                burst: 5,
            },
            member_requests: Rate {
                per_minute: 6_000,
                burst: 500,
            },
        }
    }
}
