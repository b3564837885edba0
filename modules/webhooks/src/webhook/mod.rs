//! A webhook: an address, the events it wants, and the secrets that vouch for what is sent.

mod api;
mod error;
mod model;
pub(crate) mod queries;

pub(crate) use api::routes;
pub use error::WebhookError;
pub(crate) use model::MOST_AT_ONCE;
pub use model::{NewWebhook, Pattern, Webhook, WebhookId, WebhookState, WithSecret};
pub use queries::{create, list, pause};
