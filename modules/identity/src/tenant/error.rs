//! Why a business cannot sign up.

use kernel::{Code, Fault, FieldError, Invalid};
use store::StoreError;

use crate::password::PasswordError;

#[derive(Debug, thiserror::Error)]
pub enum TenantError {
    #[error("signing up is switched off on this server; ask for an invitation")]
    SignUpClosed,
    #[error("someone signs in with this e-mail address already")]
    EmailTaken,
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for TenantError {
    fn from(error: StoreError) -> Self {
        if error.is_duplicate("users_email_key") {
            Self::EmailTaken
        } else {
            Self::Store(error)
        }
    }
}

impl Fault for TenantError {
    fn passed_on(&self) -> Option<&dyn Fault> {
        match self {
            Self::Invalid(error) => Some(error),
            Self::Password(error) => Some(error),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::SignUpClosed => Code::Forbidden,
            Self::EmailTaken => Code::Conflict,
            Self::Invalid(_) => Code::Invalid,
            Self::Password(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::SignUpClosed => "sign_up_closed",
            Self::EmailTaken => "email_taken",
            _ => self.passed_on().map_or_else(|| self.code().word(), Fault::word),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::EmailTaken => vec![FieldError::new("email", "is used already")],
            _ => self.passed_on().map(Fault::fields).unwrap_or_default(),
        }
    }
}
