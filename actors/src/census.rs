//! What administrators see of the live part: the tree of one tenant's actors.

use chrono::{DateTime, Utc};
pub use delivery::census::{BusRow, SessionRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The live part of one tenant, at one moment.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ActorTree {
    pub node: NodeRow,
    pub bus: BusRow,
    pub timer: TimerRow,
    pub tenant: TenantRow,
    pub journal: JournalRow,
    pub entities: Vec<EntityRow>,
    pub bridges: Vec<BridgeRow>,
    pub workers: Vec<WorkerRow>,
    pub sessions: Vec<SessionRow>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NodeRow {
    pub version: String,
    pub started_at: DateTime<Utc>,
    pub uptime_seconds: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TimerRow {
    pub next_due_at: Option<DateTime<Utc>>,
    pub fired: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TenantRow {
    pub id: Uuid,
    pub name: String,
    /// Awake since then.
    pub since: DateTime<Utc>,
    /// How many entities went to sleep since then.
    pub sleepers: u64,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct JournalRow {
    pub queued: usize,
    pub batches: u64,
    pub written: u64,
    pub largest_batch: usize,
    pub last_batch: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EntityRow {
    pub kind: String,
    pub id: Uuid,
    pub label: String,
    pub state: EntityState,
    pub mailbox: usize,
    pub restarts: usize,
    pub handled: u64,
    pub idle_seconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EntityState {
    Live,
    Quarantined,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BridgeRow {
    pub channel_id: Uuid,
    pub name: String,
    pub kind: String,
    pub state: BridgeState,
    pub queued: usize,
    pub restarts: usize,
    pub last_error: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BridgeState {
    #[default]
    Idle,
    Sending,
    Waiting,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WorkerRow {
    /// What it does, and for which thing; a follower of the log works for its tenant.
    pub kind: String,
    pub subject: Uuid,
    pub state: WorkerState,
    pub rounds: u64,
    pub last_error: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WorkerState {
    #[default]
    Idle,
    Working,
    Waiting,
}
