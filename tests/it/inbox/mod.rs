//! The inbox.

mod channel;
mod conversation;
mod label;
mod plans;
mod visitor;
mod vouched;
