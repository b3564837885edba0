//! A server to test, and the people who use it.

mod held;
mod hub;
mod people;
mod socket;

pub(crate) use hub::{Hub, PASSWORD};
pub(crate) use people::{Agent, Answer, Visitor};
pub(crate) use socket::Socket;

/// A key for a message.
pub(crate) fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A time so many seconds from now, as JSON has it.
pub(crate) fn in_seconds(seconds: i64) -> String {
    (kernel::Clock::machine().now() + chrono::TimeDelta::seconds(seconds)).to_rfc3339()
}
