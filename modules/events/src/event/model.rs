//! What an event is to those who look at the log.

use chrono::{DateTime, Utc};
use kernel::{FieldError, Recorded, pattern};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::EventsError;

const LONGEST_SUBJECT: usize = 100;

/// The event that caused another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct Cause {
    pub(super) seq: i64,
    /// How many events came before, that one included.
    pub(super) depth: u8,
}

/// One event of the log.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct LoggedEvent {
    pub(super) seq: i64,
    pub(super) kind: String,
    /// Who did it: `user:ID`, `contact:ID`, or a part of the system.
    pub(super) caller: String,
    /// What it is about, as `noun:ID`.
    pub(super) subject: String,
    pub(super) at: DateTime<Utc>,
    pub(super) cause: Option<Cause>,
    /// `{"type": …, "data": …}`; null once it was erased.
    #[schema(value_type = Option<Object>)]
    pub(super) payload: Option<Value>,
}

impl From<Recorded> for LoggedEvent {
    fn from(recorded: Recorded) -> Self {
        let payload = recorded.payload.as_deref().map(serde_json::from_str);
        Self {
            seq: recorded.seq,
            kind: recorded.kind,
            caller: recorded.caller,
            subject: recorded.subject,
            at: recorded.at,
            cause: recorded.cause.map(|cause| Cause {
                seq: cause.seq,
                depth: cause.depth,
            }),
            payload: payload.and_then(Result::ok),
        }
    }
}

/// A page of the log, the newest first.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct EventPage {
    pub(super) items: Vec<LoggedEvent>,
    /// Goes into `before` for the next page; null on the last one. A page may be empty and not the last: so many others
    /// happened between.
    pub(super) next: Option<i64>,
    /// The newest place in the log.
    pub(super) head: i64,
}

/// An event with what it came of, the nearest first, and what came of it directly.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct EventStory {
    pub(super) event: LoggedEvent,
    pub(super) causes: Vec<LoggedEvent>,
    pub(super) effects: Vec<LoggedEvent>,
}

/// Which events to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListEvents {
    /// Of kinds, such as `conversation.*`; `**` stands for any number of words, and `!` before it for all others.
    #[param(
        pattern = r"^!?([a-z0-9_-]+|\*\*?)(\.([a-z0-9_-]+|\*\*?)){0,7}$",
        min_length = 1,
        max_length = 100
    )]
    pub(super) pattern: Option<String>,
    /// What they are about, such as `conversation:ID`.
    #[param(format = "visible", min_length = 1, max_length = 100)]
    pub(super) subject: Option<String>,
    /// Only those at places below this one.
    #[param(minimum = 1)]
    pub(super) before: Option<i64>,
    /// Only those at places above this one.
    #[param(minimum = 0)]
    pub(super) after: Option<i64>,
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<i64>,
}

impl ListEvents {
    /// Checks what the types do not say.
    pub(super) fn check(&self) -> Result<(), EventsError> {
        let wrong = |field: &'static str, why: &str| Err(FieldError::new(field, why.to_owned()).into());
        if let Some(Err(why)) = self.pattern.as_deref().map(pattern::check) {
            return wrong("pattern", &why.to_string());
        }
        let is_subject =
            |text: &str| (1..=LONGEST_SUBJECT).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if !self.subject.as_deref().is_none_or(is_subject) {
            return wrong("subject", "is a noun and an id, such as conversation:ID");
        }
        if self.before.is_some_and(|before| before < 1) {
            return wrong("before", "is a place in the log, from 1");
        }
        if self.after.is_some_and(|after| after < 0) {
            return wrong("after", "is a place in the log, or 0");
        }
        Ok(())
    }
}
