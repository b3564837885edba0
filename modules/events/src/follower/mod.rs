//! The followers of the log: how far each is, what it could not take, and what people may do about it.

mod api;
mod model;
mod queries;

pub(crate) use api::routes;
