#![doc = include_str!("../README.md")]

mod address;
mod client;
mod error;
mod resolve;

pub use address::{Rules, is_public};
pub use client::{Answer, Egress, Request};
pub use error::EgressError;
