//! What happened: modules announce events, the log keeps them, everyone interested reads the log.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::TenantId;

/// Something a module announces. It serializes to `{"type": "noun.past_participle", "data": …}`.
pub trait Event: Serialize {
    /// The word in `type`.
    fn kind(&self) -> &'static str;

    /// The thing it is about, as `noun:ID`; also the topic that carries it.
    fn subject(&self) -> String;
}

/// An event that has been committed.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub tenant: TenantId,
    /// Its place in the tenant's log: gapless, in the order of commits.
    pub seq: i64,
    pub kind: String,
    pub caller: String,
    pub subject: String,
    /// `{"type": …, "data": …}`; `None` once the payload was erased.
    pub payload: Option<Arc<str>>,
    pub at: DateTime<Utc>,
}
