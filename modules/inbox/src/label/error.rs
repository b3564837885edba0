//! What can be wrong with a label.

use kernel::{Code, Fault, FieldError};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    #[error("there is no such label")]
    NotFound,
    #[error("there is a label of this name already")]
    Taken,
    #[error("there are {0} labels already; delete some that nobody uses")]
    TooMany(usize),
    #[error("some fields are not valid")]
    Invalid(FieldError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for LabelError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error if error.is_duplicate("labels_name") => Self::Taken,
            error => Self::Store(error),
        }
    }
}

impl From<FieldError> for LabelError {
    fn from(field: FieldError) -> Self {
        Self::Invalid(field)
    }
}

impl Fault for LabelError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Taken | Self::TooMany(_) => Code::Conflict,
            Self::Invalid(_) => Code::Invalid,
            Self::Store(error) => error.code(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Taken => "label_taken",
            Self::TooMany(_) => "too_many_labels",
            _ => self.code().word(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(field) => vec![field.clone()],
            Self::Taken => vec![FieldError::new("name", "is taken")],
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
