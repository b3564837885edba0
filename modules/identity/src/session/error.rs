//! Why someone is not signed in.

use kernel::{Code, Fault, FieldError};
use store::StoreError;

use crate::password::PasswordError;

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    #[error("you belong to several tenants; say which one")]
    ChooseTenant(Vec<String>),
    #[error("the refresh token is missing")]
    Missing,
    #[error("this sign-in is over; sign in again")]
    Over,
    #[error("this refresh token was used before, so this sign-in was ended for safety; sign in again")]
    Reused,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for SessionError {
    fn passed_on(&self) -> Option<&dyn Fault> {
        match self {
            Self::Password(error) => Some(error),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::WrongCredentials | Self::Missing | Self::Over | Self::Reused => Code::Unauthenticated,
            Self::ChooseTenant(_) => Code::Conflict,
            Self::Password(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::WrongCredentials => "wrong_credentials",
            Self::ChooseTenant(_) => "choose_tenant",
            Self::Reused => "token_reused",
            Self::Over => "token_expired",
            _ => self.passed_on().map_or_else(|| self.code().word(), Fault::word),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::ChooseTenant(slugs) => slugs
                .iter()
                .map(|slug| FieldError::new("tenant", slug.clone()))
                .collect(),
            _ => self.passed_on().map(Fault::fields).unwrap_or_default(),
        }
    }
}
