#![doc = include_str!("../README.md")]

pub mod contact;
mod events;

use actors::Registry;
use utoipa_actix_web::service_config::ServiceConfig;

pub use events::CrmEvent;

/// The HTTP routes of this module.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(contact::routes);
}

/// What this module brings to the live part.
pub fn live(registry: &mut Registry) {
    registry
        .audience
        .broad(|kind| kind.starts_with("contact.").then_some("inbox"));
}
