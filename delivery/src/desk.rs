//! Where requests are carried out: the seam to whoever owns the things that clients ask about.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use kernel::{Caller, Code, Fault, FieldError, Problem};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// Whoever carries out what clients ask for.
pub trait Desk: Send + Sync + 'static {
    /// Carries out an operation for a caller, on the connection with this id.
    fn carry_out(
        &self,
        op: &str,
        caller: Caller,
        session: Uuid,
        fields: Value,
    ) -> LocalBoxFuture<'static, Result<Written, Problem>>;
}

/// JSON that has been written already.
#[derive(Debug)]
pub struct Written(pub String);

/// Reads the fields of a request, or says which one is wrong.
pub fn read_fields<T: DeserializeOwned>(fields: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(fields).map_err(|e| {
        let path = e.path().to_string();
        let field = if path == "." { "request".to_owned() } else { path };
        problem(&Refusal::BadFields(FieldError::new(field, e.into_inner().to_string())))
    })
}

/// Tells of a fault to a client of the socket; what is internal is logged under a fresh trace id.
pub fn problem(fault: &impl Fault) -> Problem {
    let trace = Uuid::now_v7().simple().to_string();
    if fault.code() == Code::Internal {
        tracing::error!(trace, error = %kernel::fault::chain(fault), "a live request failed");
    }
    Problem::of(fault, &trace)
}

/// What the socket itself refuses.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is no such operation")]
    UnknownOp,
    #[error("there is no such topic")]
    UnknownTopic,
    #[error("you may not hear this topic")]
    TopicForbidden,
    #[error("some fields are not valid")]
    BadFields(FieldError),
    #[error("say hello first")]
    NoHello,
    #[error("hello was said already; renew brings a fresh token")]
    SecondHello,
    #[error("a fresh token must be of the same person")]
    OtherPerson,
    #[error("too many requests are waiting on this connection")]
    TooMany,
    #[error("at most 200 topics can be heard on one connection")]
    TooManyTopics,
    #[error("too much is waiting already")]
    Busy,
    #[error("too many requests; wait {} ms", .0.as_millis().max(1))]
    TooFast(Duration),
    #[error("too many connections have not said hello")]
    LobbyIsFull,
}

impl Fault for Refusal {
    fn code(&self) -> Code {
        match self {
            Self::UnknownOp | Self::UnknownTopic | Self::BadFields(_) | Self::TooManyTopics | Self::SecondHello => {
                Code::Invalid
            }
            Self::TopicForbidden => Code::Forbidden,
            Self::NoHello | Self::OtherPerson => Code::Unauthenticated,
            Self::TooMany | Self::TooFast(_) | Self::LobbyIsFull => Code::TooMany,
            Self::Busy => Code::Unavailable,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::UnknownOp => "unknown_op",
            Self::UnknownTopic => "unknown_topic",
            _ => self.code().word(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooFast(wait) => Some(*wait),
            Self::Busy | Self::TooMany | Self::LobbyIsFull => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::BadFields(field) => vec![field.clone()],
            _ => vec![],
        }
    }
}
