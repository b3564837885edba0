//! A conversation between a customer and the team: the live feature that the others are modelled on.

pub(crate) mod api;
mod bulk;
mod commands;
mod entity;
mod error;
mod listing;
mod model;
mod ops;
mod queries;
pub mod rules;
pub(crate) mod start;

use ::api::Limits;
use actors::{Hub, Registry};
use kernel::{Caller, ConversationId};

pub(crate) use api::routes;
pub use commands::{
    Approach, Assign, MarkRead, MarkReceived, PostMessage, Prioritize, RefreshContact, SetStatus, Text, Wake,
};
pub use entity::ConversationEntity;
pub use error::ConversationError;
pub use model::{
    Activity, Author, AuthorKind, Conversation, InboxItem, LastMessage, Message, MessageKind, MessagePage, MyRead,
    Priority, Record, Status,
};
pub(crate) use queries::{find, messages, of_contact};

pub(crate) const WAKE_TIMER: &str = "conversation.wake";

pub(crate) fn live(registry: &mut Registry, limits: Limits) {
    ops::register(registry, limits);
    registry.timer(WAKE_TIMER, |hub: Hub, caller: Caller, subject| async move {
        match hub
            .ask::<ConversationEntity, _>(&caller, ConversationId(subject), Wake)
            .await
        {
            Ok(_) | Err(ConversationError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    });
}
