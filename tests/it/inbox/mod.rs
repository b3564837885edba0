//! The inbox.

mod channel;
mod conversation;
mod plans;
mod visitor;
