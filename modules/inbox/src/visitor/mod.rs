//! The customer's side: what the widget may ask for, and how little it is told.

mod api;
mod error;
mod model;
pub(crate) mod view;
mod visit;

pub(crate) use api::routes;
pub use error::VisitorError;
pub(crate) use model::VisitorChange;
