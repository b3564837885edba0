//! The customer's view of what happens: pure, and careful to leave out what is not theirs.

use kernel::{ContactId, Recorded};
use serde_json::json;

use super::model::{VISIBLE, VisitorChange, VisitorConversation, VisitorLastMessage, VisitorMessage, VisitorStatus};
use crate::conversation::{Conversation, Extras, Message, MessageKind, Record, Status};
use crate::events::{Change, InboxEvent, Reader};

/// What a contact may see of an event, as the payload of a frame.
pub(crate) fn of_event(recorded: &Recorded) -> Option<(ContactId, String)> {
    let is_ours = recorded.kind.starts_with("conversation.") || recorded.kind.starts_with("message.");
    let payload = recorded.payload.as_ref().filter(|_| is_ours)?;
    let event: InboxEvent = serde_json::from_str(payload).ok()?;
    let (kind, contact, data) = match &event {
        InboxEvent::ConversationStarted(change) => ("conversation.started", contact(change), json!(of_change(change))),
        InboxEvent::MessagePosted(change) if is_visible(change) => {
            ("message.posted", contact(change), json!(of_change(change)))
        }
        InboxEvent::ConversationOpened(change)
        | InboxEvent::ConversationPended(change)
        | InboxEvent::ConversationSnoozed(change)
        | InboxEvent::ConversationResolved(change) => {
            ("conversation.changed", contact(change), json!(of_change(change)))
        }
        InboxEvent::ConversationRead(read) => {
            let by = if matches!(read.reader, Reader::User(_)) {
                "team"
            } else {
                "contact"
            };
            let data = json!({ "conversation_id": read.conversation_id, "reader": by, "through": read.through });
            ("conversation.read", read.contact_id, data)
        }
        _ => return None,
    };
    Some((contact, json!({ "type": kind, "data": data }).to_string()))
}

/// A change without what is internal: a note or an activity leaves no message.
pub(crate) fn of_change(change: &Change) -> VisitorChange {
    let message = change
        .message
        .as_ref()
        .filter(|message| VISIBLE.contains(&message.kind))
        .map(of_message);
    VisitorChange {
        conversation: of_conversation(&change.conversation),
        message,
    }
}

pub(crate) fn of_message(message: &Message) -> VisitorMessage {
    VisitorMessage {
        id: message.id.0,
        conversation_id: message.conversation_id,
        position: message.position,
        mine: message.kind == MessageKind::Customer,
        name: message.author.name.clone(),
        text: message.text.clone(),
        rich: message.rich.clone(),
        key: message.key,
        at: message.at,
    }
}

fn of_conversation(conversation: &Conversation) -> VisitorConversation {
    // The newest message may be a note; then the list keeps quiet about it.
    let last = conversation
        .last_message
        .as_ref()
        .filter(|last| VISIBLE.contains(&last.kind));
    VisitorConversation {
        id: conversation.id,
        status: if conversation.status == Status::Resolved {
            VisitorStatus::Resolved
        } else {
            VisitorStatus::Open
        },
        n_messages: conversation.n_messages,
        unread: conversation.n_replies - conversation.n_replies_read,
        team_read: conversation.team_read,
        contact_read: conversation.contact_read,
        last_message: last.map(|last| VisitorLastMessage {
            position: last.position,
            mine: last.kind == MessageKind::Customer,
            name: last.author.name.clone(),
            preview: last.preview.clone(),
            at: last.at,
        }),
        version: conversation.version,
        last_activity_at: conversation.last_activity_at,
    }
}

/// A stored conversation as its customer sees it.
pub(crate) fn of_record(record: &Record, contact: &crm::contact::ContactBrief) -> VisitorConversation {
    of_conversation(&record.view(contact, &Extras::default()))
}

fn is_visible(change: &Change) -> bool {
    change
        .message
        .as_ref()
        .is_some_and(|message| VISIBLE.contains(&message.kind))
}

fn contact(change: &Change) -> ContactId {
    change.conversation.contact.id
}
