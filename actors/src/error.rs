//! What can go wrong on the way to an actor.

use std::time::Duration;

use actix::MailboxError;
use kernel::{Code, Fault};

/// A command that did not reach its entity, or was not survived by it.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    #[error("the entity failed while it handled this; it starts afresh")]
    Crashed,
    #[error("this failed too often and rests for a while")]
    Quarantined,
    #[error("too much is waiting already")]
    Busy,
    #[error("the server is stopping")]
    Stopping,
}

impl From<MailboxError> for LiveError {
    fn from(error: MailboxError) -> Self {
        match error {
            MailboxError::Closed => Self::Stopping,
            MailboxError::Timeout => Self::Busy,
        }
    }
}

impl Fault for LiveError {
    fn code(&self) -> Code {
        Code::Unavailable
    }

    fn retry_after(&self) -> Option<Duration> {
        Some(Duration::from_secs(if matches!(self, Self::Quarantined) {
            60
        } else {
            1
        }))
    }
}
