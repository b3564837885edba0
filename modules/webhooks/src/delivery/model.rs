//! What a delivery is.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use store::schema::{webhook_attempts, webhook_deliveries};
use utoipa::ToSchema;

use crate::webhook::WebhookId;

kernel::id! {
    /// One delivery; receivers see it as `webhook-id`.
    DeliveryId,
}

kernel::words! {
    /// How a delivery stands.
    DeliveryState {
        Waiting = "waiting",
        Delivered = "delivered",
        Failed = "failed",
    }
}

/// One event on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = webhook_deliveries, check_for_backend(diesel::pg::Pg))]
pub(crate) struct Delivery {
    pub(crate) id: DeliveryId,
    pub(crate) webhook_id: WebhookId,
    /// The event's place in the log; a test has none.
    pub(crate) seq: Option<i64>,
    pub(crate) kind: String,
    pub(crate) state: DeliveryState,
    pub(crate) attempts: i32,
    /// When it is tried next, while it waits.
    pub(crate) next_at: DateTime<Utc>,
    pub(crate) last_status: Option<i32>,
    pub(crate) last_error: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = webhook_attempts, check_for_backend(diesel::pg::Pg))]
pub(crate) struct Attempt {
    pub(crate) n: i32,
    pub(crate) at: DateTime<Utc>,
    pub(crate) took_ms: i32,
    /// What was answered; none if nothing was.
    pub(crate) status: Option<i32>,
    pub(crate) error: Option<String>,
    /// The beginning of what came back.
    pub(crate) answer: Option<String>,
}

/// A delivery, what it says, and how its attempts went.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct DeliveryStory {
    pub(crate) delivery: Delivery,
    /// What is sent: JSON, signed as these very letters. None once the event was erased.
    pub(crate) body: Option<String>,
    pub(crate) attempts: Vec<Attempt>,
}
