//! What can go wrong between us and the database.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use kernel::{Code, Fault};

/// A failure of the store itself; what the data says is the business of the modules.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("not found")]
    NotFound,
    #[error("this exists already ({constraint})")]
    Duplicate { constraint: String },
    #[error("something this refers to does not exist ({constraint})")]
    Dangling { constraint: String },
    #[error("this key was used for another request")]
    KeyReused,
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    #[error("others hold what this needs")]
    Busy,
    #[error("a write crashed")]
    Crashed,
    #[error("the database refused")]
    Refused(#[source] DieselError),
    #[error("an event could not be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl StoreError {
    /// Whether a unique rule of this name was broken.
    #[must_use]
    pub fn is_duplicate(&self, of: &str) -> bool {
        matches!(self, Self::Duplicate { constraint } if constraint == of)
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(kind, details) => {
                let constraint = || details.constraint_name().unwrap_or("unnamed").to_owned();
                match kind {
                    DatabaseErrorKind::UniqueViolation => Self::Duplicate {
                        constraint: constraint(),
                    },
                    DatabaseErrorKind::ForeignKeyViolation => Self::Dangling {
                        constraint: constraint(),
                    },
                    // What the client says itself: nobody answers any more.
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                        Self::Unreachable(details.message().to_owned())
                    }
                    DatabaseErrorKind::SerializationFailure => Self::Busy,
                    _ if is_busy(details.message()) => Self::Busy,
                    _ if is_shutdown(details.message()) => Self::Unreachable(details.message().to_owned()),
                    _ => Self::Refused(error),
                }
            }
            DieselError::BrokenTransactionManager => Self::Unreachable("the connection broke".into()),
            _ => Self::Refused(error),
        }
    }
}

impl Fault for StoreError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Duplicate { .. } | Self::KeyReused => Code::Conflict,
            Self::Dangling { .. } => Code::NotFound,
            Self::Unreachable(_) | Self::Busy => Code::Unavailable,
            Self::Crashed | Self::Refused(_) | Self::Json(_) => Code::Internal,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        matches!(self, Self::Unreachable(_) | Self::Busy).then_some(Duration::from_secs(2))
    }
}

/// Diesel keeps the state of an error to itself, so there are only its words. They are the same whatever the server's
/// language, since our roles have a setting for that (`roles/wanted.rs`).
fn is_busy(message: &str) -> bool {
    const WORDS: [&str; 2] = ["due to lock timeout", "deadlock detected"];
    WORDS.iter().any(|word| message.contains(word))
}

/// The server was stopped, or this connection was ended, under us.
fn is_shutdown(message: &str) -> bool {
    const WORDS: [&str; 2] = ["terminating connection", "the database system is"];
    WORDS.iter().any(|word| message.contains(word))
}

impl StoreError {
    /// The same failure, for the next one who was hurt by it.
    #[must_use]
    pub fn again(&self) -> Self {
        match self {
            Self::NotFound => Self::NotFound,
            Self::Duplicate { constraint } => Self::Duplicate {
                constraint: constraint.clone(),
            },
            Self::Dangling { constraint } => Self::Dangling {
                constraint: constraint.clone(),
            },
            Self::KeyReused => Self::KeyReused,
            Self::Unreachable(why) => Self::Unreachable(why.clone()),
            Self::Busy => Self::Busy,
            Self::Crashed => Self::Crashed,
            Self::Refused(error) => Self::Refused(DieselError::QueryBuilderError(error.to_string().into())),
            Self::Json(error) => Self::Refused(DieselError::SerializationError(error.to_string().into())),
        }
    }
}
