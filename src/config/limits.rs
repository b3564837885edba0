//! How much of everything one request, one visitor or one tenant may take.

use super::settings::Settings;

/// `[limits]`
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// The largest body of a request.
    pub body_bytes: usize,
    /// How long it may take to come.
    pub body_seconds: u64,
    /// The largest frame that a socket may send.
    pub frame_bytes: usize,
    /// Visits that one address may begin.
    pub widget_visits: Rate,
    /// Messages that one visitor may send.
    pub widget_messages: Rate,
    /// Requests that one visitor may send on sockets, of whatever kind.
    pub widget_requests: Rate,
    /// The same for a member of the team, on one connection.
    pub requests: Rate,
    /// Signals that one connection may send, such as typing.
    pub signals: Rate,
    /// Sockets of one address that have not said hello, and of all addresses.
    pub strangers: (usize, usize),
}

/// So many a minute in the long run, and so many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    pub per_minute: u32,
    pub burst: u32,
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

impl Limits {
    pub(super) fn read(from: &mut Settings) -> Self {
        Self {
            body_bytes: from.number("limits.body_bytes", 256 * KIB, 64 * KIB..=256 * MIB),
            body_seconds: from.number("limits.body_seconds", 15, 1..=3_600),
            frame_bytes: from.number("limits.frame_bytes", 128 * KIB, 4 * KIB..=16 * MIB),
            widget_visits: Rate::read(
                from,
                ["limits.widget_visits.per_minute", "limits.widget_visits.burst"],
                [30, 30],
            ),
            widget_messages: Rate::read(
                from,
                ["limits.widget_messages.per_minute", "limits.widget_messages.burst"],
                [30, 10],
            ),
            widget_requests: Rate::read(
                from,
                ["limits.widget_requests.per_minute", "limits.widget_requests.burst"],
                [600, 60],
            ),
            requests: Rate::read(
                from,
                ["limits.requests.per_minute", "limits.requests.burst"],
                [6_000, 500],
            ),
            signals: Rate::read(from, ["limits.signals.per_minute", "limits.signals.burst"], [60, 5]),
            strangers: (
                from.number("limits.strangers.per_address", 256, 1..=1_000_000),
                from.number("limits.strangers.total", 4_096, 1..=1_000_000),
            ),
        }
    }
}

impl Rate {
    pub(super) fn read(from: &mut Settings, keys: [&'static str; 2], defaults: [u32; 2]) -> Self {
        let ([per_minute, burst], [usual, at_once]) = (keys, defaults);
        Self {
            per_minute: from.number(per_minute, usual, 1..=1_000_000),
            burst: from.number(burst, at_once, 1..=1_000_000),
        }
    }
}
