//! What the socket may ask about conversations: the same commands as HTTP, and the signals that are never stored.

use actors::{Hub, Registry, Signal};
use kernel::rich::Block;
use kernel::{Caller, ConversationId, Permission, Who};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::commands::{Approach, Body, FindContact, MarkRead, PostMessage};
use super::{ConversationEntity, ConversationError};
use crate::events::{Change, topic};

pub(super) fn register(registry: &mut Registry) {
    registry.op(
        "send",
        |hub, caller, _, ask| async move { send(&hub, &caller, ask).await },
    );
    registry.op(
        "read",
        |hub, caller, _, ask| async move { read(&hub, &caller, ask).await },
    );
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
    conversation_id: ConversationId,
    kind: Option<Kind>,
    text: String,
    rich: Option<Vec<Block>>,
    key: Uuid,
    seen: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Reply,
    Note,
}

/// Sends a reply or a note.
async fn send(hub: &Hub, caller: &Caller, ask: Send) -> Result<Change, ConversationError> {
    require(caller, Permission::WriteConversations)?;
    let approach = match ask.kind {
        Some(Kind::Note) => Approach::Note,
        Some(Kind::Reply) | None => Approach::Reply { seen: ask.seen },
    };
    let post = PostMessage {
        approach,
        body: Body::parse(&ask.text, ask.rich)?,
        key: ask.key,
    };
    hub.ask::<ConversationEntity, _>(caller, ask.conversation_id, post)
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Through {
    pub(crate) conversation_id: ConversationId,
    pub(crate) through: i64,
}

/// Marks a conversation as read.
pub(crate) async fn read(hub: &Hub, caller: &Caller, ask: Through) -> Result<Done, ConversationError> {
    require_unless_contact(caller, Permission::ReadConversations)?;
    let mark = MarkRead { through: ask.through };
    hub.ask::<ConversationEntity, _>(caller, ask.conversation_id, mark)
        .await?;
    Ok(Done {})
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Typing {
    conversation_id: ConversationId,
    on: bool,
}

/// Tells everyone on the conversation that the caller is typing, or has stopped.
pub(crate) async fn typing(hub: &Hub, caller: &Caller, session: Uuid, ask: Typing) -> Result<Done, ConversationError> {
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
