//! What can be wrong with a member.

use kernel::{Code, Fault, FieldError, Invalid};
use store::StoreError;

use crate::password::PasswordError;

#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    #[error("there is no such tenant")]
    NoSuchTenant,
    #[error("there is no such role")]
    NoSuchRole,
    #[error("this person is a member already")]
    MemberAlready,
    #[error("someone else uses this e-mail address")]
    EmailTaken,
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for MemberError {
    fn from(error: StoreError) -> Self {
        if error.is_duplicate("memberships_pkey") {
            Self::MemberAlready
        } else if error.is_duplicate("users_email_key") {
            Self::EmailTaken
        } else {
            Self::Store(error)
        }
    }
}

impl Fault for MemberError {
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
            Self::NoSuchTenant => Code::NotFound,
            Self::NoSuchRole | Self::Invalid(_) => Code::Invalid,
            Self::MemberAlready | Self::EmailTaken => Code::Conflict,
            Self::Password(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::MemberAlready => "member_already",
            Self::EmailTaken => "email_taken",
            _ => self.passed_on().map_or_else(|| self.code().word(), Fault::word),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::NoSuchRole => vec![FieldError::new("role", "is not a role of this tenant")],
            Self::MemberAlready | Self::EmailTaken => vec![FieldError::new("email", "is used already")],
            _ => self.passed_on().map(Fault::fields).unwrap_or_default(),
        }
    }
}
