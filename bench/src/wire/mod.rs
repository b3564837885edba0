//! A light WebSocket client, made to keep ten thousand connections on one core.

mod frame;
pub(crate) mod http;
pub(crate) mod keep;
mod link;
mod open;

pub(crate) use link::{Link, Listening};
pub(crate) use open::{Upgrade, open};
