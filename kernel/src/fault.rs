//! What can go wrong, in ten words: every error of every crate is one of these to its caller.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The kinds of failure. A new one needs a very good reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    Malformed,
    TooLarge,
    Invalid,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    TooMany,
    Unavailable,
    Internal,
}

/// An error that knows what to tell its caller. `Display` is for people.
pub trait Fault: std::error::Error {
    /// The kind of failure.
    fn code(&self) -> Code;

    /// The fault that this one passes on as it is; what it says counts, unless this one knows better.
    fn passed_on(&self) -> Option<&dyn Fault> {
        None
    }

    /// A stable word for programs, when the code alone does not say enough.
    fn word(&self) -> &'static str {
        self.passed_on().map_or_else(|| self.code().word(), Fault::word)
    }

    /// What is wrong with which field.
    fn fields(&self) -> Vec<FieldError> {
        self.passed_on().map(Fault::fields).unwrap_or_default()
    }

    /// When it is worth another try.
    fn retry_after(&self) -> Option<Duration> {
        self.passed_on().and_then(Fault::retry_after)
    }
}

/// Some fields of a request are not valid: every one that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("some fields are not valid")]
pub struct Invalid(pub Vec<FieldError>);

impl Fault for Invalid {
    fn code(&self) -> Code {
        Code::Invalid
    }

    fn fields(&self) -> Vec<FieldError> {
        self.0.clone()
    }
}

impl FromIterator<FieldError> for Invalid {
    fn from_iter<I: IntoIterator<Item = FieldError>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl From<FieldError> for Invalid {
    fn from(field: FieldError) -> Self {
        Self(vec![field])
    }
}

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    pub field: Cow<'static, str>,
    pub message: Cow<'static, str>,
}

impl FieldError {
    /// `field` is wrong because of `message`.
    pub fn new(field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

impl Code {
    /// The word for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::Invalid => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::TooMany => "too_many",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooMany => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

/// What a caller is told of a failure, over HTTP and WebSocket alike: problem+json with a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// For programs; it does not change.
    pub code: String,
    /// For people.
    pub detail: String,
    pub errors: Vec<FieldError>,
    /// Names this failure in the server's log.
    pub trace: String,
    /// When it makes sense to ask again, in milliseconds.
    #[serde(rename = "retry_after_ms", serialize_with = "in_ms")]
    #[schema(value_type = Option<u64>)]
    pub retry_after: Option<Duration>,
}

#[expect(clippy::ref_option, reason = "this is how serde asks")]
fn in_ms<S: serde::Serializer>(wait: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
    let ms = wait.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
    ms.serialize(to)
}

impl Problem {
    /// Tells of a fault. What is internal stays inside.
    pub fn of(fault: &impl Fault, trace: &str) -> Self {
        let code = fault.code();
        let detail = match code {
            Code::Internal => "something went wrong on our side; nothing was changed".to_owned(),
            Code::Unavailable => "the server is busy or restarting; nothing was lost, try again".to_owned(),
            _ => fault.to_string(),
        };
        Self {
            kind: format!("/api/docs#{}", fault.word()),
            title: code.title().to_owned(),
            status: code.status(),
            code: fault.word().to_owned(),
            detail,
            errors: fault.fields(),
            trace: trace.to_owned(),
            retry_after: fault.retry_after(),
        }
    }
}

impl Code {
    fn title(self) -> &'static str {
        match self {
            Self::Malformed => "The request cannot be read",
            Self::TooLarge => "The request is too large",
            Self::Invalid => "The request is not valid",
            Self::Unauthenticated => "Sign in first",
            Self::Forbidden => "Not allowed",
            Self::NotFound => "Not found",
            Self::Conflict => "This is in conflict with what is there",
            Self::TooMany => "Too many requests",
            Self::Unavailable => "Not available right now",
            Self::Internal => "An internal error",
        }
    }
}

/// An error and everything behind it, in one line for the log.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
