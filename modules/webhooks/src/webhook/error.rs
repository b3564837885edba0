//! What can be wrong with a webhook.

use api::SealError;
use egress::EgressError;
use kernel::{Code, Fault, FieldError};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    #[error("there is no such webhook")]
    NotFound,
    #[error("there are {0} webhooks already; delete some that nobody uses")]
    TooMany(i64),
    #[error("some fields are not valid")]
    Invalid(FieldError),
    #[error("the address cannot be used")]
    Address(#[source] EgressError),
    #[error("a webhook that was disabled sends nothing; enable it first")]
    NotLive,
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for WebhookError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl From<FieldError> for WebhookError {
    fn from(field: FieldError) -> Self {
        Self::Invalid(field)
    }
}

impl From<EgressError> for WebhookError {
    fn from(error: EgressError) -> Self {
        Self::Address(error)
    }
}

impl Fault for WebhookError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::TooMany(_) | Self::NotLive | Self::Address(_) => Code::Conflict,
            Self::Invalid(_) => Code::Invalid,
            Self::Seal(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn passed_on(&self) -> Option<&dyn Fault> {
        match self {
            Self::Store(error) => Some(error),
            Self::Seal(error) => Some(error),
            _ => None,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::TooMany(_) => "too_many_webhooks",
            Self::NotLive => "webhook_not_live",
            Self::Address(_) => "address_refused",
            _ => self.passed_on().map_or_else(|| self.code().word(), Fault::word),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(field) => vec![field.clone()],
            Self::Address(error) => vec![FieldError::new("url", error.to_string())],
            _ => self.passed_on().map(Fault::fields).unwrap_or_default(),
        }
    }
}
