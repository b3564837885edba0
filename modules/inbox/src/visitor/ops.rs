//! What a customer's socket may ask: the same commands as the team's, about their own conversations.

use actors::{Hub, Registry};
use api::Limits;
use kernel::channel::Inbound;
use kernel::{Caller, ConversationId, Who};
use serde::Deserialize;
use uuid::Uuid;

use super::{VisitorChange, VisitorError, view, visit};
use crate::conversation::ops::{self, Done, Through};
use crate::conversation::{ConversationEntity, ConversationError, MarkReceived};
use crate::intake;

pub(super) fn register(registry: &mut Registry, limits: Limits) {
    registry.customer_op("send", move |hub, caller, _, ask| {
        let limits = limits.clone();
        async move { send(&hub, &limits, &caller, ask).await }
    });
    registry.customer_op("received", |hub, caller, _, ask| async move {
        received(&hub, &caller, ask).await
    });
    registry.customer_op("read", |hub, caller, _, ask| async move {
        come_in(&hub, &caller).await?;
        Ok::<_, VisitorError>(ops::read(&hub, &caller, ask).await?)
    });
    registry.customer_op("typing", |hub, caller, session, ask| async move {
        come_in(&hub, &caller).await?;
        Ok::<_, VisitorError>(ops::typing(&hub, &caller, session, ask).await?)
    });
}

/// Nobody is let in through a channel that was switched off meanwhile.
async fn come_in(hub: &Hub, caller: &Caller) -> Result<(), VisitorError> {
    hub.store().read(caller, async |tx| visit::still_here(tx).await).await?;
    Ok(())
}

/// A message; without a conversation it starts one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Send {
    conversation_id: Option<ConversationId>,
    text: String,
    key: Uuid,
}

async fn send(hub: &Hub, limits: &Limits, caller: &Caller, ask: Send) -> Result<VisitorChange, VisitorError> {
    let Who::Contact(contact, channel) = caller.who else {
        return Err(VisitorError::NotFound);
    };
    come_in(hub, caller).await?;
    limits
        .visitor_message(&contact.to_string())
        .map_err(ConversationError::from)?;
    let inbound = Inbound {
        channel,
        contact,
        conversation: ask.conversation_id,
        text: ask.text,
        key: ask.key,
    };
    let change = intake::receive(hub, caller, inbound).await?;
    Ok(view::of_change(&change))
}

async fn received(hub: &Hub, caller: &Caller, ask: Through) -> Result<Done, VisitorError> {
    come_in(hub, caller).await?;
    let mark = MarkReceived { through: ask.through };
    hub.ask::<ConversationEntity, _>(caller, ask.conversation_id, mark)
        .await?;
    Ok(Done {})
}
