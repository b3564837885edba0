//! The inbox.

mod channel;
mod conversation;
mod label;
mod plans;
mod rich;
mod visitor;
mod vouched;
