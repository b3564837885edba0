//! What can be wrong with a question about the log.

use kernel::{Code, Fault, FieldError};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    #[error("there is no such event or follower")]
    NotFound,
    #[error("some fields are not valid")]
    Invalid(FieldError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for EventsError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl From<FieldError> for EventsError {
    fn from(field: FieldError) -> Self {
        Self::Invalid(field)
    }
}

impl Fault for EventsError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::Invalid,
            Self::Store(error) => error.code(),
        }
    }

    fn passed_on(&self) -> Option<&dyn Fault> {
        match self {
            Self::Store(error) => Some(error),
            Self::NotFound | Self::Invalid(_) => None,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(field) => vec![field.clone()],
            _ => self.passed_on().map(Fault::fields).unwrap_or_default(),
        }
    }
}
