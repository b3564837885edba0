//! A server to test, and the people who use it.

mod hub;
mod people;
mod socket;

pub(crate) use hub::Hub;
pub(crate) use people::{Agent, Answer, Visitor};
pub(crate) use socket::Socket;

/// A key for a message.
pub(crate) fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}
