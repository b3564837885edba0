//! Deliveries: one event for one webhook, until its answer is known.

mod api;
mod follower;
mod model;
mod queries;
mod replay;
mod rules;
mod sender;
mod signature;

use ::api::Seal;
use actors::{Hub, Registry};
use chrono::TimeDelta;
use egress::Egress;
use kernel::Caller;
use store::StoreError;
use store::sweep::Dust;
use uuid::Uuid;

pub(crate) use api::routes;
use model::DeliveryId;
pub(crate) use queries::wake_all;

/// The work of one webhook, and what wakes it when time has passed.
pub(crate) const WORK: &str = "webhook";
pub(crate) const DUE_TIMER: &str = "webhook.due";

/// Their attempts go with them. What still waits then waits for a webhook that was paused for a month.
const OLD: Dust = Dust {
    table: "webhook_deliveries",
    since: "created_at",
    keep: TimeDelta::days(30),
};

pub(crate) fn live(registry: &mut Registry, seal: &Seal, egress: &Egress) {
    registry.follow::<follower::Webhooks>();
    let (seal, egress) = (seal.clone(), egress.clone());
    registry.work(WORK, move |hub, caller, id| {
        Box::new(sender::Sender::new(
            hub,
            caller,
            id.into(),
            seal.clone(),
            egress.clone(),
        ))
    });
    registry.timer(DUE_TIMER, |hub: Hub, caller: Caller, id: Uuid| async move {
        hub.wake(&caller, WORK, id);
        Ok::<_, StoreError>(())
    });
    registry.dust(OLD);
}
