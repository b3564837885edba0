#![doc = include_str!("../README.md")]

pub mod channel;
pub mod conversation;
mod events;
pub mod export;
mod intake;
pub mod label;
pub mod visitor;

use actors::Registry;
use api::Limits;
use kernel::Permission;
use utoipa_actix_web::service_config::ServiceConfig;

pub use events::{Change, InboxEvent, Reader};
pub use intake::receive;

/// The HTTP routes of this module.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(channel::routes)
        .configure(conversation::routes)
        .configure(export::routes)
        .configure(label::routes)
        .configure(visitor::routes);
}

/// What this module brings to the live part.
pub fn live(registry: &mut Registry, limits: Limits) {
    registry.audience.topic("inbox", Permission::ReadConversations);
    registry
        .audience
        .topic_of_each("conversation", Permission::ReadConversations);
    registry.audience.broad(events::broad_topic);
    registry.audience.view(visitor::view::of_event);
    registry.accounts(channel::account::open);
    conversation::live(registry);
    export::live(registry);
    label::live(registry);
    visitor::live(registry, limits);
}
