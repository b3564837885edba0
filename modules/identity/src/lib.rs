#![doc = include_str!("../README.md")]

mod directory;
mod events;
pub mod member;
mod password;
pub mod role;
pub mod session;
pub mod settings;
mod sweep;
pub mod tenant;

use actors::Registry;
use api::Tokens;
use kernel::Permission;
use store::{Store, StoreError};
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

/// What must be so before the first request: signed-out is signed out, and what came with this version is there for all.
pub async fn begin(store: &Store, tokens: &Tokens) -> Result<(), StoreError> {
    session::recall(store, tokens).await?;
    role::complete(store).await
}

/// What this module brings to the live part.
pub fn live(registry: &mut Registry, settings: &settings::IdentitySettings) {
    registry.audience.topic("members", Permission::ReadMembers);
    registry
        .audience
        .broad(|kind| kind.starts_with("member.").then_some("members"));
    sweep::dust(settings).into_iter().for_each(|dust| registry.dust(dust));
}
