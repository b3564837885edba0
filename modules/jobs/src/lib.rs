#![doc = include_str!("../README.md")]

mod api;
mod file;
mod sweep;

use actors::Registry;
use kernel::Permission;
use store::{Store, StoreError};
use utoipa_actix_web::service_config::ServiceConfig;

/// The HTTP routes of this module.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(api::routes);
}

/// What must be so before the first request: every tenant is swept.
pub async fn begin(store: &Store) -> Result<(), StoreError> {
    store.set_daily_timers(store::sweep::TIMER).await
}

/// What this module brings to the live part.
pub fn live(registry: &mut Registry) {
    registry.audience.topic("jobs", Permission::ManageJobs);
    registry
        .audience
        .broad(|kind| kind.starts_with("job.").then_some("jobs"));
    sweep::register(registry);
}
