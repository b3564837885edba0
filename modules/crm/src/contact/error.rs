//! What can be wrong with a contact.

use kernel::{Code, Fault};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    #[error("there is no such contact")]
    NotFound,
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ContactError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl Fault for ContactError {
    fn passed_on(&self) -> Option<&dyn Fault> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Store(error) => error.code(),
        }
    }
}
