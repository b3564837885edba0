//! What the socket may ask about conversations: the same commands as HTTP, and the signals that are never stored.

use actors::{Hub, Registry, Signal};
use api::Limits;
use kernel::channel::Inbound;
use kernel::{Caller, ConversationId, Permission, Who};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::commands::{Approach, FindContact, MarkRead, MarkReceived, PostMessage, Text};
use super::{ConversationEntity, ConversationError, start};
use crate::events::{Change, topic};
use crate::visitor::{VisitorChange, view};

pub(super) fn register(registry: &mut Registry, limits: Limits) {
    registry.op("send", move |hub, caller, _, ask| {
        let limits = limits.clone();
        async move { send(&hub, &limits, &caller, ask).await }
    });
    registry.op(
        "read",
        |hub, caller, _, ask| async move { read(&hub, &caller, ask).await },
    );
    registry.op("received", |hub, caller, _, ask| async move {
        received(&hub, &caller, ask).await
    });
    registry.op("typing", |hub, caller, session, ask| async move {
        typing(&hub, &caller, session, ask).await
    });
    registry.op("viewing", |hub, caller, session, ask| async move {
        viewing(&hub, &caller, session, &ask)
    });
}

/// An answer that says no more than that it is done.
#[derive(Serialize)]
pub(crate) struct Done {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Send {
    conversation_id: Option<ConversationId>,
    kind: Option<Kind>,
    text: String,
    key: Uuid,
    seen: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Reply,
    Note,
}

/// What became of a message, in the view of whoever sent it.
#[derive(Serialize)]
#[serde(untagged)]
enum Sent {
    Team(Box<Change>),
    Visitor(Box<VisitorChange>),
}

/// Sends a message, as the team or as a customer; each gets the answer in their own view.
async fn send(hub: &Hub, limits: &Limits, caller: &Caller, ask: Send) -> Result<Sent, ConversationError> {
    if let Who::Contact(contact, channel) = caller.who {
        limits.visitor_message(&contact.to_string())?;
        let inbound = Inbound {
            channel,
            contact,
            conversation: ask.conversation_id,
            text: ask.text,
            key: ask.key,
        };
        let change = start::receive(hub, caller, inbound).await?;
        return Ok(Sent::Visitor(Box::new(view::of_change(&change))));
    }
    require(caller, Permission::WriteConversations)?;
    let id = ask.conversation_id.ok_or(ConversationError::NotFound)?;
    let approach = match ask.kind {
        Some(Kind::Note) => Approach::Note,
        Some(Kind::Reply) | None => Approach::Reply { seen: ask.seen },
    };
    let post = PostMessage {
        approach,
        text: Text::parse(&ask.text)?,
        key: ask.key,
    };
    let change = hub.ask::<ConversationEntity, _>(caller, id, post).await?;
    Ok(Sent::Team(Box::new(change)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Through {
    conversation_id: ConversationId,
    through: i64,
}

async fn read(hub: &Hub, caller: &Caller, ask: Through) -> Result<Done, ConversationError> {
    require_unless_contact(caller, Permission::ReadConversations)?;
    let mark = MarkRead { through: ask.through };
    hub.ask::<ConversationEntity, _>(caller, ask.conversation_id, mark)
        .await?;
    Ok(Done {})
}

async fn received(hub: &Hub, caller: &Caller, ask: Through) -> Result<Done, ConversationError> {
    if caller.contact().is_none() {
        return Err(ConversationError::Forbidden("to be the customer"));
    }
    let mark = MarkReceived { through: ask.through };
    hub.ask::<ConversationEntity, _>(caller, ask.conversation_id, mark)
        .await?;
    Ok(Done {})
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typing {
    conversation_id: ConversationId,
    on: bool,
}

/// Tells everyone on the conversation that the caller is typing, or has stopped.
async fn typing(hub: &Hub, caller: &Caller, session: Uuid, ask: Typing) -> Result<Done, ConversationError> {
    require_unless_contact(caller, Permission::WriteConversations)?;
    let contact = match hub.contact_of::<ConversationEntity>(caller, ask.conversation_id) {
        Some(contact) => contact,
        None => {
            hub.ask::<ConversationEntity, _>(caller, ask.conversation_id, FindContact)
                .await?
        }
    };
    if caller.contact().is_some_and(|me| me != contact) {
        return Err(ConversationError::NotFound);
    }
    let who = match caller.who {
        Who::User(id) => json!({ "kind": "user", "id": id, "name": caller.name }),
        Who::Contact(id, _) => json!({ "kind": "contact", "id": id, "name": caller.name }),
        Who::System(part) => json!({ "kind": "system", "id": null, "name": part }),
    };
    let data = json!({ "conversation_id": ask.conversation_id, "who": who, "on": ask.on });
    let mut signal = Signal::new(&topic(ask.conversation_id), "typing", data);
    signal.broad = Some("inbox");
    signal.contact = Some(contact);
    signal.from = Some(session);
    hub.signal(caller, signal);
    Ok(Done {})
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Viewing {
    conversation_id: Option<ConversationId>,
}

fn viewing(hub: &Hub, caller: &Caller, session: Uuid, ask: &Viewing) -> Result<Done, ConversationError> {
    require(caller, Permission::ReadConversations)?;
    hub.look(caller, session, ask.conversation_id);
    Ok(Done {})
}

fn require(caller: &Caller, permission: Permission) -> Result<(), ConversationError> {
    if caller.may(permission) {
        Ok(())
    } else {
        Err(ConversationError::Forbidden(permission.word()))
    }
}

/// Customers have no permissions; what they may is checked by whose conversation it is.
fn require_unless_contact(caller: &Caller, permission: Permission) -> Result<(), ConversationError> {
    if caller.contact().is_some() {
        Ok(())
    } else {
        require(caller, permission)
    }
}
