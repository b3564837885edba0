#![doc = include_str!("../README.md")]

mod directory;
mod events;
pub mod member;
mod password;
pub mod role;
pub mod session;
pub mod settings;
pub mod tenant;

use actors::Registry;
use kernel::Permission;
use utoipa_actix_web::service_config::ServiceConfig;

pub use events::IdentityEvent;

/// The HTTP routes of this module.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(tenant::routes)
        .configure(session::routes)
        .configure(member::routes)
        .configure(role::routes);
}

/// What this module brings to the live part.
pub fn live(registry: &mut Registry) {
    registry.audience.topic("members", Permission::ReadMembers);
    registry
        .audience
        .broad(|kind| kind.starts_with("member.").then_some("members"));
}
