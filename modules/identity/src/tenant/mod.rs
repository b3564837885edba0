//! Tenants: a business signs up.

mod api;
mod error;
mod queries;
mod rules;
#[cfg(test)]
pub(crate) mod testing;

pub use error::TenantError;
pub use queries::{Created, NewTenant, create, name};

pub(crate) use api::routes;
pub(crate) use queries::find;
