//! What a follower is to those who look after it.

use chrono::{DateTime, Utc};
use kernel::FollowerState;
use serde::{Deserialize, Serialize};
use store::followers::DeadLetter;
use utoipa::{IntoParams, ToSchema};

/// How far a follower has heard.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Follower {
    pub(super) name: String,
    pub(super) state: FollowerState,
    /// The last event that it has heard, and the last one that there is.
    pub(super) seq: i64,
    pub(super) head: i64,
    /// How many events are between them, and when the first of those happened.
    pub(super) behind: i64,
    pub(super) behind_since: Option<DateTime<Utc>>,
    /// How often the next event has failed, and why.
    pub(super) attempts: i32,
    pub(super) last_error: Option<String>,
    /// How many events were put aside.
    pub(super) dead: i64,
    pub(super) replay: Option<ReplayProgress>,
}

/// How far a replay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct ReplayProgress {
    pub(super) from: i64,
    pub(super) to: i64,
    /// How many events of it were heard.
    pub(super) done: i64,
}

/// An event that a follower could not take.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Dead {
    pub(super) seq: i64,
    pub(super) kind: String,
    pub(super) reason: String,
    pub(super) attempts: i32,
    pub(super) failed_at: DateTime<Utc>,
    /// Somebody asked for one more attempt.
    pub(super) is_wanted: bool,
}

impl From<DeadLetter> for Dead {
    fn from(letter: DeadLetter) -> Self {
        Self {
            seq: letter.seq,
            kind: letter.kind,
            reason: letter.reason,
            attempts: letter.attempts,
            failed_at: letter.failed_at,
            is_wanted: letter.is_wanted,
        }
    }
}

/// A page of what a follower could not take, the newest first.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct DeadPage {
    pub(super) items: Vec<Dead>,
    /// Goes into `before` for the next page; null on the last one.
    pub(super) next: Option<i64>,
}

/// Which dead letters to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListDead {
    #[param(minimum = 1)]
    pub(super) before: Option<i64>,
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<i64>,
}

/// From where to hear the log once more: a place in it, or a time. Without either, from the beginning.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplayFollower {
    #[schema(minimum = 1)]
    pub(super) seq: Option<i64>,
    pub(super) since: Option<DateTime<Utc>>,
}
