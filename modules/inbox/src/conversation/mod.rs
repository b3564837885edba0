//! A conversation between a customer and the team: the live feature that the others are modelled on.

pub(crate) mod api;
mod bulk;
mod commands;
mod counting;
mod entity;
mod error;
mod listing;
mod message;
mod model;
pub(crate) mod ops;
pub(crate) mod queries;
pub mod rules;

use actors::{Hub, Registry};
use crm::contact::Contact;
use kernel::{Caller, ConversationId, Recorded};
use serde::Deserialize;

pub(crate) use api::routes;
pub use commands::{
    Approach, Assign, Body, ForgetLabel, MarkRead, MarkReceived, PostMessage, Prioritize, RefreshContact, SetLabels,
    SetStatus, Text, Wake,
};
pub use entity::ConversationEntity;
pub use error::ConversationError;
pub use message::{Message, MessagePage};
pub use model::{
    Activity, Author, AuthorKind, Conversation, Extras, InboxItem, LastMessage, MessageId, MessageKind, MyRead,
    Priority, Record, Status,
};
pub(crate) use queries::{find, messages, of_contact};

pub(crate) const WAKE_TIMER: &str = "conversation.wake";

pub(crate) fn live(registry: &mut Registry) {
    ops::register(registry);
    registry.after("contact.updated", show_contact);
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

/// Conversations that are awake show the contact of now, whoever changed it.
fn show_contact(hub: &Hub, event: &Recorded) {
    #[derive(Deserialize)]
    struct Updated {
        data: Contact,
    }
    let updated = event.payload.as_deref().map(serde_json::from_str::<Updated>);
    if let Some(Ok(Updated { data })) = updated {
        let contact = data.brief();
        hub.tell_awake::<ConversationEntity, _>(event.tenant, Some(contact.id), RefreshContact { contact });
    }
}
