//! The customer's side: what the widget may ask for, and how little it is told.

mod api;
mod error;
mod model;
mod ops;
pub(crate) mod view;
mod visit;

use ::api::Limits;
use actors::Registry;

pub(crate) use api::routes;
pub use error::VisitorError;
pub(crate) use model::VisitorChange;

pub(crate) fn live(registry: &mut Registry, limits: Limits) {
    ops::register(registry, limits);
}
