//! What one tenant's listeners need: who they are, what they hear, what is on its way to them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix::Recipient;
use chrono::{DateTime, Utc};
use kernel::{Caller, ContactId, ConversationId, Recorded, SessionId, UserId};
use uuid::Uuid;

use super::{Deliver, Frame};
use crate::census::SessionRow;
use crate::presence::{Presence, Presences};
use crate::ring::{Entry, Reader, Ring};

/// What one tenant's listeners need.
#[derive(Default)]
pub(super) struct Stream {
    pub(super) ring: Option<Ring>,
    pub(super) early: Vec<Recorded>,
    pub(super) is_healing: bool,
    pub(super) sessions: HashMap<Uuid, Listener>,
    pub(super) by_topic: HashMap<String, HashSet<Uuid>>,
    pub(super) visitors: HashMap<ContactId, HashSet<Uuid>>,
    pub(super) presences: Presences,
}

pub(super) struct Listener {
    pub(super) out: Recipient<Deliver>,
    pub(super) reader: Reader,
    pub(super) caller: Caller,
    pub(super) sign_in: Option<SessionId>,
    pub(super) since: DateTime<Utc>,
    pub(super) unreceipted: Arc<AtomicUsize>,
    pub(super) queue: Vec<Frame>,
    /// Something could not be handed over: the session must catch up by itself.
    pub(super) has_lost: bool,
}

impl Stream {
    /// Queues an event for everyone who may see it and asked for it; returns them.
    pub(super) fn route(&mut self, entry: &Entry) -> HashSet<Uuid> {
        let mut to = HashSet::new();
        for topic in &entry.topics {
            to.extend(self.by_topic.get(topic).into_iter().flatten().copied());
        }
        let contact = entry.visitor.as_ref().map(|(contact, _)| contact);
        to.extend(
            contact
                .and_then(|contact| self.visitors.get(contact))
                .into_iter()
                .flatten(),
        );
        for session in &to {
            if let Some(listener) = self.sessions.get_mut(session)
                && let Some(frame) = entry.frame_for(&listener.reader)
            {
                listener.queue.push((entry.seq, frame.clone()));
            }
        }
        to
    }

    pub(super) fn subscribe(&mut self, session: Uuid, topics: Vec<String>) {
        let Some(Listener {
            reader: Reader::Team { topics: heard },
            ..
        }) = self.sessions.get_mut(&session)
        else {
            return;
        };
        for topic in topics {
            self.by_topic.entry(topic.clone()).or_default().insert(session);
            if !heard.contains(&topic) {
                heard.push(topic);
            }
        }
    }

    pub(super) fn unsubscribe(&mut self, session: Uuid, topics: &[String]) {
        if let Some(Listener {
            reader: Reader::Team { topics: heard },
            ..
        }) = self.sessions.get_mut(&session)
        {
            heard.retain(|topic| !topics.contains(topic));
        }
        for topic in topics {
            forget(&mut self.by_topic, topic, session);
        }
    }

    pub(super) fn remove(&mut self, session: Uuid) -> (Option<(UserId, Presence)>, Option<ConversationId>) {
        match self.sessions.remove(&session).map(|listener| listener.reader) {
            Some(Reader::Team { topics }) => topics
                .iter()
                .for_each(|topic| forget(&mut self.by_topic, topic, session)),
            Some(Reader::Visitor(contact)) => forget(&mut self.visitors, &contact, session),
            None => {}
        }
        self.presences.leave(session)
    }
}

fn forget<K: std::hash::Hash + Eq>(table: &mut HashMap<K, HashSet<Uuid>>, key: &K, session: Uuid) {
    if let Some(sessions) = table.get_mut(key) {
        sessions.remove(&session);
        if sessions.is_empty() {
            table.remove(key);
        }
    }
}

impl Listener {
    pub(super) fn row(&self, id: Uuid) -> SessionRow {
        SessionRow {
            id,
            who: self.caller.name.to_string(),
            kind: if self.caller.contact().is_some() {
                "visitor"
            } else {
                "user"
            }
            .into(),
            topics: if let Reader::Team { topics } = &self.reader {
                topics.len()
            } else {
                1
            },
            unreceipted_bytes: self.unreceipted.load(Ordering::Relaxed),
            since: self.since,
        }
    }
}
