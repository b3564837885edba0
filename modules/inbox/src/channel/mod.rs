//! Channels: the ways for customers to reach the business. For now that is web chat.

pub(crate) mod account;
mod api;
mod error;
mod model;
pub(crate) mod queries;

pub use api::PublicUrl;
pub(crate) use api::routes;
pub use error::ChannelError;
pub use model::{Channel, ChannelKind, NewChannel, UpdateChannel};
pub(crate) use model::{key_tenant, settings_of};
pub use queries::{create, list};
