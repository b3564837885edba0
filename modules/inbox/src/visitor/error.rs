//! Why the widget is refused.

use connectors::web_chat::IdentityError;
use kernel::{Code, Fault, Invalid};
use store::StoreError;

use crate::channel::ChannelError;
use crate::conversation::ConversationError;

#[derive(Debug, thiserror::Error)]
pub enum VisitorError {
    #[error("no channel has this key")]
    UnknownKey,
    #[error("this channel is switched off")]
    Disabled,
    #[error("this page may not show the widget; add its origin to the channel's list")]
    OriginNotAllowed,
    #[error("only signed-in customers may write here")]
    IdentityRequired,
    #[error(transparent)]
    BadIdentity(#[from] IdentityError),
    #[error("there is no such conversation")]
    NotFound,
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Conversation(#[from] ConversationError),
    #[error(transparent)]
    Channel(#[from] ChannelError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for VisitorError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl Fault for VisitorError {
    fn passed_on(&self) -> Option<&dyn Fault> {
        match self {
            Self::Invalid(error) => Some(error),
            Self::Conversation(error) => Some(error),
            Self::Channel(error) => Some(error),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::UnknownKey | Self::NotFound => Code::NotFound,
            Self::Disabled | Self::OriginNotAllowed | Self::IdentityRequired => Code::Forbidden,
            Self::BadIdentity(_) => Code::Unauthenticated,
            Self::Invalid(_) => Code::Invalid,
            Self::Conversation(error) => error.code(),
            Self::Channel(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::UnknownKey => "unknown_key",
            Self::Disabled => "channel_disabled",
            Self::OriginNotAllowed => "origin_not_allowed",
            Self::IdentityRequired => "identity_required",
            Self::BadIdentity(_) => "bad_identity",
            _ => self.passed_on().map_or_else(|| self.code().word(), Fault::word),
        }
    }
}
