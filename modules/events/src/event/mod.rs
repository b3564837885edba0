//! One event of the log, as people see it, with what it came of and what came of it.

mod api;
mod model;
mod queries;

pub(crate) use api::routes;
