//! What can be wrong with a channel.

use api::SealError;
use kernel::{Code, Fault, FieldError};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    #[error("there is no such channel")]
    NotFound,
    #[error("some fields are not valid")]
    Invalid(Vec<FieldError>),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ChannelError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl Fault for ChannelError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::Invalid,
            Self::Seal(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(fields) => fields.clone(),
            _ => vec![],
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        match self {
            Self::Store(error) => error.retry_after(),
            _ => None,
        }
    }
}
