//! A customer's message finds its conversation: the one it names, or a new one.

use actors::Hub;
use chrono::TimeDelta;
use crm::contact::{self, ContactBrief};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::channel::Inbound;
use kernel::{Caller, ConversationId};
use store::schema::channels;
use store::{StoreError, Tx};

use crate::channel::settings_of;
use crate::conversation::{
    Approach, Author, AuthorKind, ConversationEntity, ConversationError, Extras, Message, MessageId, MessageKind,
    PostMessage, Priority, Record, Status, Text, queries, rules,
};
use crate::events::{Change, InboxEvent};

/// Takes a message from outside: continues a conversation or starts one. The same key again gives the same answer.
pub async fn receive(hub: &Hub, caller: &Caller, inbound: Inbound) -> Result<Change, ConversationError> {
    let text = Text::parse(&inbound.text)?;
    let found = hub
        .store()
        .read(caller, async |tx| find_open(tx, &inbound).await)
        .await?;
    let started = match found {
        Some(id) => id,
        None => match start(hub, caller, &inbound, &text).await? {
            Started::New(change) => return Ok(*change),
            Started::Before(id) => id,
        },
    };
    let post = PostMessage {
        approach: Approach::Customer,
        body: text.into(),
        key: inbound.key,
    };
    hub.ask::<ConversationEntity, _>(caller, started, post).await
}

enum Started {
    New(Box<Change>),
    /// This key started one before.
    Before(ConversationId),
}

/// Returns the conversation to go on with, if there is one.
async fn find_open(tx: &mut Tx<'_>, inbound: &Inbound) -> Result<Option<ConversationId>, ConversationError> {
    if let Some(before) = queries::started_with(tx, inbound.contact, inbound.key).await? {
        return Ok(Some(before));
    }
    let Some(id) = inbound.conversation else {
        return Ok(None);
    };
    let (record, _) = queries::find(tx, id).await?;
    if record.contact_id != inbound.contact {
        return Err(ConversationError::NotFound);
    }
    match queries::message_by_key(tx, id, inbound.key).await {
        Ok(_) => return Ok(Some(id)),
        Err(StoreError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let settings: serde_json::Value = channels::table
        .find((tx.tenant(), record.channel_id))
        .select(channels::settings)
        .first(tx.conn())
        .await
        .map_err(StoreError::from)?;
    let window = TimeDelta::hours(settings_of(settings).reopen_within_hours.into());
    Ok(rules::goes_on(record.resolved_at, window, tx.now()).then_some(id))
}

async fn start(hub: &Hub, caller: &Caller, inbound: &Inbound, text: &Text) -> Result<Started, ConversationError> {
    let started = hub
        .store()
        .write(caller, async |tx| insert(tx, inbound, text).await)
        .await;
    match started {
        Ok(change) => Ok(Started::New(Box::new(change))),
        // The same message came twice at the same moment: the other one was first.
        Err(ConversationError::Store(error))
            if error.is_duplicate("conversations_tenant_id_contact_id_start_key_key") =>
        {
            let before = hub.store().read(caller, async |tx| {
                queries::started_with(tx, inbound.contact, inbound.key).await
            });
            before.await?.map(Started::Before).ok_or(ConversationError::Stale)
        }
        Err(error) => Err(error),
    }
}

async fn insert(tx: &mut Tx<'_>, inbound: &Inbound, text: &Text) -> Result<Change, ConversationError> {
    let contact: ContactBrief = contact::find(tx, inbound.contact).await?.brief();
    let now = tx.now();
    let mut record = Record {
        tenant_id: tx.tenant(),
        id: ConversationId::fresh(),
        number: queries::next_number(tx).await?,
        channel_id: inbound.channel,
        contact_id: inbound.contact,
        start_key: inbound.key,
        status: Status::Open,
        snoozed_until: None,
        resolved_at: None,
        priority: Priority::None,
        assignee_id: None,
        n_messages: 0,
        n_customer_messages: 0,
        n_replies: 0,
        n_replies_read: 0,
        last_message: None,
        last_reply_position: 0,
        last_reply_by: None,
        waiting_since: None,
        contact_received: 1,
        contact_read: 1,
        team_read: 0,
        version: 0,
        started_at: now,
        last_activity_at: now,
    };
    let line = Message {
        id: MessageId::fresh(),
        conversation_id: record.id,
        position: 1,
        kind: MessageKind::Customer,
        author: Author {
            kind: AuthorKind::Contact,
            id: Some(contact.id.0),
            name: contact.name.clone(),
        },
        text: text.as_str().to_owned(),
        rich: None,
        activity: None,
        key: inbound.key,
        at: now,
    };
    rules::apply(&mut record, &line);
    queries::insert(tx, &record).await?;
    queries::insert_line(tx, &line).await?;
    let change = Change {
        conversation: record.view(&contact, &Extras::default()),
        message: Some(line),
    };
    tx.announce(&InboxEvent::ConversationStarted(change.clone()));
    Ok(change)
}
