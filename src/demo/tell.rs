//! Tells a story: its customer writes, the team acts. Every step is one line of the thread, so a story that was cut short
//! goes on after its last line.

use std::sync::Arc;

use actors::Hub;
use anyhow::anyhow;
use chrono::TimeDelta;
use crm::contact::{self, Contact, ContactChange, Found, NewContact};
use inbox::conversation::{
    Approach, Assign, Body, ConversationEntity, PostMessage, Prioritize, Priority, SetLabels, SetStatus, Status, Text,
};
use inbox::label;
use kernel::channel::Inbound;
use kernel::rich::Document;
use kernel::{Caller, ContactId, ConversationId, FieldError, Permissions, Who};
use store::{StoreError, Tx};
use uuid::Uuid;

use super::cast::Cast;
use super::stories::{Step, Story};
use super::told;

/// Customers of the demo are recognised as visitors of its website are.
const VISITOR: &str = "visitor";

impl Story {
    pub(super) async fn tell(&self, hub: &Hub, cast: &Cast) -> anyhow::Result<()> {
        let system = Caller::system(cast.tenant, "demo");
        let written = hub.store().write(&system, async |tx| self.contact(tx).await).await;
        let Some(contact) = written? else {
            return Ok(());
        };
        let customer = Caller {
            tenant: cast.tenant,
            who: Who::Contact(contact, cast.channel.id),
            name: self.name.into(),
            permissions: Permissions::NONE,
            cause: None,
        };
        let mut thread: Option<(ConversationId, usize)> = None;
        for (place, step) in self.steps.iter().enumerate() {
            // The same in every attempt.
            let key = Uuid::from_u128(contact.0.as_u128().wrapping_add(place as u128));
            match (thread, step) {
                (Some((_, lines)), _) if place < lines => {}
                (_, Step::Customer(text)) => {
                    let inbound = Inbound {
                        channel: cast.channel.id,
                        contact,
                        conversation: thread.map(|(id, _)| id),
                        text: (*text).to_owned(),
                        key,
                    };
                    let change = inbox::receive(hub, &customer, inbound).await.map_err(told)?;
                    let lines = usize::try_from(change.conversation.n_messages)?;
                    thread = Some((change.conversation.id, lines));
                }
                (Some((id, _)), step) => step.act(hub, id, key, cast).await?,
                (None, _) => return Err(anyhow!("a story begins with the customer")),
            }
        }
        Ok(())
    }

    /// Finds or makes the customer; nobody if the shop knows someone of this name already.
    async fn contact(&self, tx: &mut Tx<'_>) -> Result<Option<ContactId>, StoreError> {
        let identity = format!("demo {}", self.name);
        if let Some(before) = contact::find_by_identity(tx, VISITOR, &identity).await? {
            return Ok(Some(before.id));
        }
        if contact::search(tx, self.name).await? != Found::These(vec![]) {
            return Ok(None);
        }
        let contact = self.new_contact(tx).await?;
        contact::add_identity(tx, contact.id, VISITOR, &identity).await?;
        Ok(Some(contact.id))
    }

    async fn new_contact(&self, tx: &mut Tx<'_>) -> Result<Contact, StoreError> {
        let new = NewContact {
            name: Some(self.name.into()),
            email: self.email.map(Into::into),
            phone: None,
        };
        let contact = contact::create(tx, new).await?;
        let page = format!("https://northwind.example{}", self.page);
        let attributes = [("page".to_owned(), page)].into_iter().collect();
        contact::update(
            tx,
            contact.id,
            ContactChange {
                attributes,
                ..ContactChange::default()
            },
        )
        .await
    }
}

impl Step {
    async fn act(self, hub: &Hub, id: ConversationId, key: Uuid, cast: &Cast) -> anyhow::Result<()> {
        let post = |approach, body: Result<Body, FieldError>| {
            let body = body.map_err(|problem| anyhow!("{}", problem.message))?;
            anyhow::Ok(PostMessage { approach, body, key })
        };
        let letters = |text: &str| Text::parse(text).map(Body::from);
        let formatted = |blocks| Document::parse(blocks).and_then(Body::of);
        let reply = Approach::Reply { seen: None };
        let status = |status, until| SetStatus { status, until };
        let outcome = match self {
            Self::Customer(_) => return Ok(()),
            Self::Reply(n, text) => {
                hub.ask::<ConversationEntity, _>(cast.member(n)?, id, post(reply, letters(text))?)
                    .await
            }
            Self::RichReply(n, blocks) => {
                hub.ask::<ConversationEntity, _>(cast.member(n)?, id, post(reply, formatted(blocks(cast)))?)
                    .await
            }
            Self::Note(n, text) => {
                hub.ask::<ConversationEntity, _>(cast.member(n)?, id, post(Approach::Note, letters(text))?)
                    .await
            }
            Self::RichNote(n, blocks) => {
                hub.ask::<ConversationEntity, _>(cast.member(n)?, id, post(Approach::Note, formatted(blocks(cast)))?)
                    .await
            }
            Self::Assign(n) => {
                let member = cast.member(n)?;
                let assignee = member.user().map(|id| (id, member.name.to_string()));
                hub.ask::<ConversationEntity, _>(member, id, Assign { assignee }).await
            }
            Self::Urgent => {
                hub.ask::<ConversationEntity, _>(
                    cast.member(0)?,
                    id,
                    Prioritize {
                        priority: Priority::Urgent,
                    },
                )
                .await
            }
            Self::Label(places) => {
                let label_ids = places
                    .iter()
                    .filter_map(|place| cast.labels.get(*place))
                    .map(|label| label.id);
                let set = SetLabels {
                    label_ids: label_ids.collect(),
                    known: Arc::new(cast.labels.iter().map(label::Label::mark).collect()),
                };
                hub.ask::<ConversationEntity, _>(cast.member(1)?, id, set).await
            }
            Self::Resolve => {
                hub.ask::<ConversationEntity, _>(cast.member(1)?, id, status(Status::Resolved, None))
                    .await
            }
            Self::Pend => {
                hub.ask::<ConversationEntity, _>(cast.member(2)?, id, status(Status::Pending, None))
                    .await
            }
            Self::Snooze => {
                let until = hub.store().clock().now() + TimeDelta::days(1);
                hub.ask::<ConversationEntity, _>(cast.member(0)?, id, status(Status::Snoozed, Some(until)))
                    .await
            }
        };
        outcome.map(drop).map_err(told)
    }
}
