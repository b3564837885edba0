//! What one tenant's listeners need: who they are, what they hear, what is on its way to them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use kernel::{ContactId, ConversationId, Recorded, SessionId, UserId, Who};
use uuid::Uuid;

use super::past::Waiter;
use super::ports::Port;
use super::voice::Voice;
use crate::audience::Audience;
use crate::batch::Frame;
use crate::census::SessionRow;
use crate::entry::{Entry, Reader};
use crate::presence::{Presence, Presences};
use crate::relay::ClassId;
use crate::ring::Ring;

/// What one tenant's listeners need.
#[derive(Default)]
pub(super) struct Stream {
    pub(super) ring: Option<Ring>,
    pub(super) early: Vec<Recorded>,
    /// Sessions that wait for the head of the log.
    pub(super) arriving: HashSet<Uuid>,
    pub(super) is_healing: bool,
    /// Something was not told, and the ring does not know yet where the log ends.
    pub(super) is_in_doubt: bool,
    pub(super) sessions: HashMap<Uuid, Listener>,
    pub(super) classes: HashMap<ClassId, Class>,
    by_reader: HashMap<Reader, ClassId>,
    by_topic: HashMap<String, HashSet<ClassId>>,
    /// Who hears what is only theirs, by their own topic. They are in a class with everyone else, not each in one alone.
    owners: HashMap<Arc<str>, HashSet<Uuid>>,
    pub(super) seats: Seats,
    pub(super) presences: Presences,
    /// What colleagues were told of each other's presence.
    pub(super) believed: HashMap<UserId, Presence>,
    pub(super) waiters: Vec<Waiter>,
    pub(super) voices: HashMap<Uuid, Voice>,
}

/// Everyone who sees the same.
pub(super) struct Class {
    reader: Reader,
    pub(super) seats: Seats,
    pub(super) waiting: Vec<Frame>,
}

/// How many sessions there are behind each port.
#[derive(Default)]
pub(super) struct Seats(Vec<usize>);

/// One session.
#[derive(Clone)]
pub(super) struct Listener {
    pub(super) port: Port,
    pub(super) class: ClassId,
    /// The topic that is only theirs, if they hear it.
    pub(super) own: Option<Arc<str>>,
    pub(super) who: Who,
    pub(super) name: Arc<str>,
    pub(super) sign_in: Option<SessionId>,
    pub(super) since: DateTime<Utc>,
    pub(super) unreceipted: Arc<AtomicUsize>,
}

impl Listener {
    pub(super) fn contact(&self) -> Option<ContactId> {
        match self.who {
            Who::Contact(contact, _) => Some(contact),
            Who::User(_) | Who::System(_) => None,
        }
    }
}

impl Stream {
    /// Whether anybody listens, or is about to.
    pub(super) fn is_needed(&self) -> bool {
        !self.arriving.is_empty() || !self.sessions.is_empty()
    }

    /// Queues an event for everyone who may see it and asked for it; returns them.
    pub(super) fn route(&mut self, audience: &Audience, entry: &Entry) -> Vec<ClassId> {
        let topics = entry.topics.iter().map(String::as_str);
        let mut to = self.who_hears(topics, entry.contact());
        to.retain(|class| {
            let Some(class) = self.classes.get_mut(class) else {
                return false;
            };
            let frame = entry.frame_for(audience, &class.reader);
            let is_for_them = frame.is_some();
            class.waiting.extend(frame.map(|bytes| Frame::new(entry.seq, bytes)));
            is_for_them
        });
        to
    }

    /// Returns who hears any of the topics, or is the contact.
    pub(super) fn who_hears<'a>(
        &self,
        topics: impl Iterator<Item = &'a str>,
        contact: Option<ContactId>,
    ) -> Vec<ClassId> {
        let hearing = topics.filter_map(|topic| self.by_topic.get(topic));
        let mut to: Vec<ClassId> = hearing.flatten().copied().collect();
        to.sort_unstable();
        to.dedup();
        to.extend(contact.and_then(|contact| self.by_reader.get(&Reader::Visitor(contact))));
        to
    }

    /// Queues a frame for a class.
    pub(super) fn put(&mut self, class: ClassId, frame: Frame) {
        if let Some(class) = self.classes.get_mut(&class) {
            class.waiting.push(frame);
        }
    }

    /// The sessions whose own topic is among these, unless they hear of it with the classes that do.
    pub(super) fn owners<'a>(&self, topics: impl Iterator<Item = &'a str>, told: &[ClassId]) -> Vec<(Uuid, &Listener)> {
        let owners = topics.filter_map(|topic| self.owners.get(topic)).flatten();
        let listeners = owners.filter_map(|session| Some((*session, self.sessions.get(session)?)));
        listeners
            .filter(|(_, listener)| !told.contains(&listener.class))
            .collect()
    }

    /// All that a session reads.
    pub(super) fn reader_of(&self, session: Uuid) -> Option<Reader> {
        let listener = self.sessions.get(&session)?;
        let mut reader = self.classes.get(&listener.class)?.reader.clone();
        if let Reader::Team { topics } = &mut reader {
            topics.extend(listener.own.as_deref().map(str::to_owned));
        }
        Some(reader)
    }

    /// The class of everyone who reads like this, made if nobody did.
    pub(super) fn class_of(&mut self, reader: Reader, last: &mut ClassId) -> ClassId {
        if let Some(known) = self.by_reader.get(&reader) {
            return *known;
        }
        *last += 1;
        if let Reader::Team { topics } = &reader {
            for topic in topics {
                self.by_topic.entry(topic.clone()).or_default().insert(*last);
            }
        }
        self.by_reader.insert(reader.clone(), *last);
        let class = Class {
            reader,
            seats: Seats::default(),
            waiting: vec![],
        };
        self.classes.insert(*last, class);
        *last
    }

    pub(super) fn add(&mut self, session: Uuid, listener: Listener) {
        self.seats.take(listener.port);
        if let Some(class) = self.classes.get_mut(&listener.class) {
            class.seats.take(listener.port);
        }
        let own = listener.own.clone();
        if let Some(before) = self.sessions.insert(session, listener) {
            self.vacate(session, &before);
        }
        if let Some(own) = own {
            self.owners.entry(own).or_default().insert(session);
        }
    }

    pub(super) fn remove(&mut self, session: Uuid) -> (Option<(UserId, Presence)>, Option<ConversationId>) {
        if let Some(listener) = self.sessions.remove(&session) {
            self.vacate(session, &listener);
        }
        self.voices.remove(&session);
        self.presences.leave(session)
    }

    /// Gives a seat back; a class that nobody is in any more is forgotten.
    fn vacate(&mut self, session: Uuid, listener: &Listener) {
        self.seats.give_back(listener.port);
        if let Some(own) = &listener.own
            && let Some(sessions) = self.owners.get_mut(own)
        {
            sessions.remove(&session);
            if sessions.is_empty() {
                self.owners.remove(own);
            }
        }
        let Some(class) = self.classes.get_mut(&listener.class) else {
            return;
        };
        class.seats.give_back(listener.port);
        if !class.seats.is_empty() {
            return;
        }
        let Some(class) = self.classes.remove(&listener.class) else {
            return;
        };
        self.by_reader.remove(&class.reader);
        if let Reader::Team { topics } = &class.reader {
            for topic in topics {
                forget(&mut self.by_topic, topic, listener.class);
            }
        }
    }

    pub(super) fn n_topics(&self) -> usize {
        let is_visitor = |reader: &&Reader| matches!(reader, Reader::Visitor(_));
        self.by_topic.len() + self.owners.len() + self.by_reader.keys().filter(is_visitor).count()
    }

    pub(super) fn rows(&self) -> Vec<SessionRow> {
        let row = |(id, listener): (&Uuid, &Listener)| {
            let reader = self.classes.get(&listener.class).map(|class| &class.reader);
            SessionRow {
                id: *id,
                who: listener.name.to_string(),
                kind: match reader {
                    Some(Reader::Visitor(_)) => "visitor".into(),
                    _ => "user".into(),
                },
                topics: reader.map_or(0, Reader::n_topics) + usize::from(listener.own.is_some()),
                unreceipted_bytes: listener.unreceipted.load(Ordering::Relaxed),
                since: listener.since,
            }
        };
        let mut rows: Vec<_> = self.sessions.iter().map(row).collect();
        rows.sort_by_key(|row| row.id);
        rows
    }
}

fn forget(table: &mut HashMap<String, HashSet<ClassId>>, topic: &str, class: ClassId) {
    if let Some(classes) = table.get_mut(topic) {
        classes.remove(&class);
        if classes.is_empty() {
            table.remove(topic);
        }
    }
}

impl Seats {
    fn take(&mut self, port: Port) {
        if self.0.len() <= port {
            self.0.resize(port + 1, 0);
        }
        if let Some(n) = self.0.get_mut(port) {
            *n += 1;
        }
    }

    fn give_back(&mut self, port: Port) {
        if let Some(n) = self.0.get_mut(port) {
            *n = n.saturating_sub(1);
        }
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|n| *n == 0)
    }

    /// The ports that somebody is behind, and how many.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Port, usize)> {
        self.0.iter().copied().enumerate().filter(|(_, n)| *n > 0)
    }
}
