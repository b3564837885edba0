//! The inbox.

mod channel;
mod conversation;
mod visitor;
