//! Delivery as administrators see it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Everything that is delivered to one tenant.
#[derive(Clone, Debug)]
pub struct Census {
    pub bus: BusRow,
    pub sessions: Vec<SessionRow>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct BusRow {
    pub sessions: usize,
    pub topics: usize,
    /// How many hear something different.
    pub classes: usize,
    pub ring: usize,
    pub delivered: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SessionRow {
    pub id: Uuid,
    pub who: String,
    pub kind: String,
    pub topics: usize,
    pub unreceipted_bytes: usize,
    pub since: DateTime<Utc>,
}
