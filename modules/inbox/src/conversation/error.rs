//! Why a conversation says no.

use std::time::Duration;

use actors::LiveError;
use api::limits::TooMany;
use kernel::{Code, Fault, FieldError};
use store::StoreError;

use super::rules::Refusal;

#[derive(Debug, thiserror::Error)]
pub enum ConversationError {
    #[error("there is no such conversation")]
    NotFound,
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("some fields are not valid")]
    Invalid(FieldError),
    #[error("this person is not a member of the team")]
    NotAMember,
    #[error("this needs the permission {0}")]
    Forbidden(&'static str),
    #[error("this conversation was written elsewhere meanwhile")]
    Stale,
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Live(#[from] LiveError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ConversationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl From<FieldError> for ConversationError {
    fn from(field: FieldError) -> Self {
        Self::Invalid(field)
    }
}

impl Fault for ConversationError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Refused(refusal) => refusal.code(),
            Self::Invalid(_) => Code::Invalid,
            Self::NotAMember => Code::Conflict,
            Self::Forbidden(_) => Code::Forbidden,
            Self::Stale => Code::Unavailable,
            Self::TooMany(error) => error.code(),
            Self::Live(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.word(),
            Self::NotAMember => "not_a_member",
            _ => self.code().word(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(field) => vec![field.clone()],
            Self::NotAMember => vec![FieldError::new("assignee_id", "is not a member of the team")],
            Self::Refused(refusal) => refusal.fields(),
            _ => vec![],
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMany(error) => error.retry_after(),
            Self::Live(error) => error.retry_after(),
            Self::Store(error) => error.retry_after(),
            Self::Stale => Some(Duration::from_secs(1)),
            _ => None,
        }
    }
}
