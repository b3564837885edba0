#![doc = include_str!("../README.md")]

mod delivery;
mod events;
pub mod webhook;

use actors::Registry;
use api::Seal;
use egress::Egress;
use store::{Store, StoreError};
use utoipa_actix_web::service_config::ServiceConfig;

pub use events::WebhookEvent;

/// The HTTP routes of this module.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(webhook::routes).configure(delivery::routes);
}

/// What this module does before the server answers.
pub async fn begin(store: &Store) -> Result<(), StoreError> {
    delivery::wake_all(store).await
}

/// What this module brings to the live part.
pub fn live(registry: &mut Registry, seal: &Seal, egress: &Egress) {
    registry.audience.topic("webhooks", kernel::Permission::ManageWebhooks);
    registry.audience.broad(events::broad_topic);
    delivery::live(registry, seal, egress);
}
