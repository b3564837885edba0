//! What is HTTP and belongs to no module: headers, health, metrics, the contract's pages.

pub(crate) mod administration;
mod docs;
pub(crate) mod door;
pub(crate) mod headers;
pub(crate) mod health;
mod methods;
pub(crate) mod trace;

pub(crate) use docs::{show_contract, show_docs};
