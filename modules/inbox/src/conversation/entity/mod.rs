//! The conversation as an actor's state: it decides by the rules, writes through the journal, and then remembers.

mod marks;

use std::collections::HashMap;

use actors::{Entity, Handle, Live};
use crm::contact::ContactBrief;
use kernel::{Announcement, Caller, ContactId, ConversationId, UserId, Who};
use store::StoreError;
use uuid::Uuid;

use super::bulk::{Turn, Written};
use super::commands::{
    Assign, Body, FindContact, ForgetLabel, PostMessage, Prioritize, RefreshContact, SetLabels, SetStatus, Wake,
};
use super::model::{Author, AuthorKind, MessageId};
use super::{Activity, ConversationError, Extras, Message, MessageKind, Record, queries, rules};
use crate::channel;
use crate::events::{Change, InboxEvent};

/// A conversation in memory.
pub struct ConversationEntity {
    record: Record,
    contact: ContactBrief,
    extras: Extras,
    has_provider: bool,
    /// How far members have read, as far as this entity has seen it.
    reads: HashMap<UserId, i64>,
}

/// What a new line says.
enum Says {
    Body { kind: MessageKind, body: Body, key: Uuid },
    Activity(Activity),
}

impl Entity for ConversationEntity {
    const KIND: &'static str = "conversation";
    type Id = ConversationId;
    type Error = ConversationError;

    async fn load(live: &Live, id: ConversationId) -> Result<Self, ConversationError> {
        let store = live.hub.store();
        let found = store.read(&live.caller, async |tx| {
            let (record, contact) = queries::find(tx, id).await?;
            let extras = queries::extras(tx, id).await?;
            let kind = channel::queries::kind(tx, record.channel_id).await?;
            Ok::<_, StoreError>((record, contact, extras, kind))
        });
        let (record, contact, extras, kind) = found.await?;
        Ok(Self {
            record,
            contact,
            extras,
            has_provider: channel::account::has_provider(kind),
            reads: HashMap::new(),
        })
    }

    fn label(&self) -> String {
        format!("#{} {}", self.record.number, self.contact.name)
    }

    fn contact(&self) -> Option<ContactId> {
        Some(self.record.contact_id)
    }
}

impl ConversationEntity {
    /// Adds a line: writes it, and only then remembers it.
    async fn add(&mut self, live: &Live, caller: &Caller, line: Message) -> Result<Change, ConversationError> {
        let (mut record, mut extras) = (self.record.clone(), self.extras.clone());
        rules::apply(&mut record, &line);
        rules::apply_extras(&mut extras, &line);
        let (kind, key) = (line.kind, line.key);
        let event = InboxEvent::of_line(Change {
            conversation: record.view(&self.contact, &extras),
            message: Some(line.clone()),
        });
        let turn = Turn {
            record: record.clone(),
            line,
            announcement: Announcement::of(&event).map_err(StoreError::from)?,
            has_provider: self.has_provider,
        };
        match live.journal.append(caller, turn).await? {
            Written::Stored => {
                if self.has_provider && kind == MessageKind::Reply {
                    live.hub.wake_bridge(caller, record.channel_id);
                }
                self.record = record;
                self.extras = extras;
                event.into_change().ok_or(ConversationError::Stale)
            }
            Written::Taken => self.earlier(live, caller, key).await,
        }
    }

    /// The line that was stored the first time this key came.
    async fn earlier(&mut self, live: &Live, caller: &Caller, key: Uuid) -> Result<Change, ConversationError> {
        let id = self.record.id;
        let found = live
            .hub
            .store()
            .read(caller, async |tx| queries::message_by_key(tx, id, key).await)
            .await;
        match found {
            Ok(message) => {
                if message.position > self.record.n_messages {
                    // Its commit happened, and nobody saw it.
                    *self = Self::load(live, id).await?;
                }
                Ok(Change {
                    conversation: self.record.view(&self.contact, &self.extras),
                    message: Some(message),
                })
            }
            Err(StoreError::NotFound) => Err(ConversationError::Stale),
            Err(error) => Err(error.into()),
        }
    }

    async fn note(&mut self, live: &Live, caller: &Caller, activity: Activity) -> Result<Change, ConversationError> {
        let line = self.line(live, caller, Says::Activity(activity));
        self.add(live, caller, line).await
    }

    /// The next line of the thread.
    fn line(&self, live: &Live, caller: &Caller, says: Says) -> Message {
        let (author_kind, id) = match caller.who {
            Who::User(id) => (AuthorKind::User, Some(id.0)),
            Who::Contact(id, _) => (AuthorKind::Contact, Some(id.0)),
            Who::System(_) => (AuthorKind::System, None),
        };
        let name = if author_kind == AuthorKind::Contact {
            self.contact.name.clone()
        } else {
            caller.name.to_string()
        };
        let (kind, text, rich, key, activity) = match says {
            Says::Body { kind, body, key } => (kind, body.text.into(), body.rich, key, None),
            Says::Activity(activity) => {
                let key = Uuid::now_v7();
                (MessageKind::Activity, String::new(), None, key, Some(activity))
            }
        };
        Message {
            id: MessageId::fresh(),
            conversation_id: self.record.id,
            position: self.record.n_messages + 1,
            kind,
            author: Author {
                kind: author_kind,
                id,
                name,
            },
            text,
            rich,
            activity,
            key,
            at: live.hub.store().clock().now(),
        }
    }

    fn view(&self) -> Change {
        Change {
            conversation: self.record.view(&self.contact, &self.extras),
            message: None,
        }
    }

    /// A customer may only touch their own conversation; for all they know there is no other.
    fn check_is_theirs(&self, caller: &Caller) -> Result<(), ConversationError> {
        if caller
            .contact()
            .is_some_and(|contact| contact != self.record.contact_id)
        {
            return Err(ConversationError::NotFound);
        }
        Ok(())
    }
}

impl Handle<PostMessage> for ConversationEntity {
    async fn handle(&mut self, live: &Live, caller: &Caller, post: PostMessage) -> Result<Change, ConversationError> {
        self.check_is_theirs(caller)?;
        let kind = match rules::post(&self.record, post.approach, caller.user()) {
            Ok(kind) => kind,
            // A reply that is repeated because its answer was lost was not held the first time.
            Err(refusal) => {
                return match self.earlier(live, caller, post.key).await {
                    Err(ConversationError::Stale) => Err(refusal.into()),
                    outcome => outcome,
                };
            }
        };
        let PostMessage { body, key, .. } = post;
        let body = rules::say(kind, body);
        let line = self.line(live, caller, Says::Body { kind, body, key });
        self.add(live, caller, line).await
    }
}

impl Handle<SetStatus> for ConversationEntity {
    async fn handle(&mut self, live: &Live, caller: &Caller, set: SetStatus) -> Result<Change, ConversationError> {
        let now = live.hub.store().clock().now();
        match rules::set_status(&self.record, set.status, set.until, now) {
            Err(rules::Refusal::AlreadySo(_)) => Ok(self.view()),
            outcome => {
                let change = self.note(live, caller, outcome?).await?;
                live.hub.timer_changed();
                Ok(change)
            }
        }
    }
}

impl Handle<Assign> for ConversationEntity {
    async fn handle(&mut self, live: &Live, caller: &Caller, assign: Assign) -> Result<Change, ConversationError> {
        match rules::assign(&self.record, assign.assignee) {
            Err(rules::Refusal::AlreadyAssigned) => Ok(self.view()),
            outcome => self.note(live, caller, outcome?).await,
        }
    }
}

impl Handle<Prioritize> for ConversationEntity {
    async fn handle(&mut self, live: &Live, caller: &Caller, set: Prioritize) -> Result<Change, ConversationError> {
        match rules::prioritize(&self.record, set.priority) {
            Err(rules::Refusal::AlreadyPrioritized) => Ok(self.view()),
            outcome => self.note(live, caller, outcome?).await,
        }
    }
}

impl Handle<SetLabels> for ConversationEntity {
    async fn handle(&mut self, live: &Live, caller: &Caller, set: SetLabels) -> Result<Change, ConversationError> {
        match rules::label(&self.extras, &set.label_ids, &set.known) {
            Err(rules::Refusal::AlreadyLabeled) => Ok(self.view()),
            outcome => self.note(live, caller, outcome?).await,
        }
    }
}

impl Handle<ForgetLabel> for ConversationEntity {
    async fn handle(&mut self, _: &Live, _: &Caller, forget: ForgetLabel) -> Result<(), ConversationError> {
        self.extras.label_ids.retain(|id| *id != forget.id);
        Ok(())
    }
}

impl Handle<Wake> for ConversationEntity {
    async fn handle(&mut self, live: &Live, caller: &Caller, _: Wake) -> Result<(), ConversationError> {
        if rules::is_time_to_wake(&self.record, live.hub.store().clock().now()) {
            self.note(live, caller, Activity::Woken).await?;
        }
        Ok(())
    }
}

impl Handle<FindContact> for ConversationEntity {
    async fn handle(&mut self, _: &Live, caller: &Caller, _: FindContact) -> Result<ContactId, ConversationError> {
        self.check_is_theirs(caller)?;
        Ok(self.record.contact_id)
    }
}

impl Handle<RefreshContact> for ConversationEntity {
    async fn handle(&mut self, _: &Live, _: &Caller, refresh: RefreshContact) -> Result<(), ConversationError> {
        let RefreshContact { contact } = refresh;
        // It may be someone else's, or loaded after the change.
        if contact.id == self.contact.id && contact.version > self.contact.version {
            self.contact = contact;
        }
        Ok(())
    }
}
