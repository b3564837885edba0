#![doc = include_str!("../README.md")]

mod catalogue;
mod error;
mod event;
mod follower;

use utoipa_actix_web::service_config::ServiceConfig;

pub use catalogue::{Catalogue, EventType};
pub use error::EventsError;

/// The HTTP routes of this module. They want a `Catalogue`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(event::routes).configure(follower::routes);
}
