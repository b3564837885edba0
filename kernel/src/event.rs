//! What happened: modules announce events, the log keeps them, everyone interested reads the log.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{Cause, ContactId, TenantId, json};

/// Something a module announces. It serializes to `{"type": "noun.past_participle", "data": …}`.
pub trait Event: Serialize {
    /// The word in `type`.
    fn kind(&self) -> &'static str;

    /// The thing it is about, as `noun:ID`; also the topic that carries it.
    fn subject(&self) -> String;

    /// The customer who may see some of it, if any.
    fn contact(&self) -> Option<ContactId> {
        None
    }
}

/// An event written out, ready for the log.
#[derive(Clone, Debug)]
pub struct Announcement {
    pub kind: &'static str,
    pub subject: String,
    pub contact: Option<ContactId>,
    /// `{"type": …, "data": …}`
    pub payload: Arc<str>,
}

impl Announcement {
    /// Writes an event out.
    pub fn of(event: &impl Event) -> serde_json::Result<Self> {
        Ok(Self {
            kind: event.kind(),
            subject: event.subject(),
            contact: event.contact(),
            payload: json::text_of(event)?.into(),
        })
    }
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
    /// The customer who may see some of it.
    pub contact: Option<ContactId>,
    /// The event that this one came of, if one did.
    pub cause: Option<Cause>,
    pub at: DateTime<Utc>,
}

impl Recorded {
    /// This event as a cause, unless the chain is as long as it may be.
    #[must_use]
    pub fn as_cause(&self) -> Option<Cause> {
        Cause::after(self.seq, self.cause)
    }
}
