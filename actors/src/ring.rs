//! The newest events of one tenant, ready to send, in order and without gaps, whatever order the commits are told in.

use std::cell::OnceCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::web::Bytes;
use kernel::{Concerns, ContactId, Recorded};

use crate::batch::Frame;
use crate::registry::Registry;
use crate::{protocol, wire};

/// An event with its frames: one for each kind of reader, built once.
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) topics: Vec<String>,
    pub(crate) team: Bytes,
    /// The event without its payload, which stands in the team's frame.
    recorded: Recorded,
    /// What the contact concerned may see of it, once somebody asked.
    visitor: OnceCell<Option<(ContactId, Bytes)>>,
}

impl Entry {
    /// Builds the frames of an event; one whose payload was erased has none.
    pub(crate) fn new(registry: &Registry, recorded: &Recorded) -> Option<Self> {
        let payload = recorded.payload.as_ref()?;
        let mut topics = vec![recorded.subject.clone()];
        topics.extend(registry.broad_topic(&recorded.kind).map(str::to_owned));
        let team = protocol::event(recorded, &recorded.subject, payload);
        let mut recorded = recorded.clone();
        recorded.payload = None;
        Some(Self {
            seq: recorded.seq,
            topics,
            team,
            recorded,
            visitor: OnceCell::new(),
        })
    }

    /// The frame that this reader may see, if any.
    pub(crate) fn frame_for(&self, registry: &Registry, reader: &Reader) -> Option<Bytes> {
        match reader {
            Reader::Team { topics } => {
                let is_asked_for = topics.iter().any(|topic| self.topics.contains(topic));
                is_asked_for.then(|| self.team.clone())
            }
            Reader::Visitor(me) => self.frame_for_visitor(registry, *me),
        }
    }

    /// The customer who might see it, as far as that is known without reading it.
    pub(crate) fn concerns(&self) -> Concerns {
        self.recorded.concerns
    }

    fn frame_for_visitor(&self, registry: &Registry, me: ContactId) -> Option<Bytes> {
        match self.recorded.concerns {
            Concerns::Nobody => return None,
            Concerns::Contact(contact) if contact != me => return None,
            Concerns::Contact(_) | Concerns::Unread => {}
        }
        let visitor = self.visitor.get_or_init(|| {
            let mut recorded = self.recorded.clone();
            recorded.payload = wire::text_of(&self.team).map(Arc::from);
            let (contact, payload) = registry.visitor_view(&recorded)?;
            Some((contact, protocol::event(&recorded, "me", &payload)))
        });
        let mine = visitor.as_ref().filter(|(contact, _)| *contact == me);
        mine.map(|(_, frame)| frame.clone())
    }
}

/// Who reads, as far as it decides what may be seen: all who are equal here see the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reader {
    Team { topics: Vec<String> },
    Visitor(ContactId),
}

impl Reader {
    /// A contact sees what is theirs, a member of the team what they asked for.
    pub(crate) fn new(contact: Option<ContactId>, mut topics: Vec<String>) -> Self {
        match contact {
            Some(contact) => Self::Visitor(contact),
            None => {
                topics.sort_unstable();
                topics.dedup();
                Self::Team { topics }
            }
        }
    }

    /// How many topics it hears.
    pub(crate) fn n_topics(&self) -> usize {
        match self {
            Self::Team { topics } => topics.len(),
            Self::Visitor(_) => 1,
        }
    }
}

/// What became of events after a cursor.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// All of it is here.
    Frames(Vec<Frame>),
    /// Some of it is only in the log.
    InLog,
}

/// The ring.
pub(crate) struct Ring {
    head: i64,
    entries: VecDeque<Rc<Entry>>,
    early: BTreeMap<i64, Recorded>,
    capacity: usize,
}

impl Ring {
    pub(crate) fn new(head: i64, capacity: usize) -> Self {
        Self {
            head,
            entries: VecDeque::new(),
            early: BTreeMap::new(),
            capacity,
        }
    }

    /// The newest event that has been passed on.
    pub(crate) fn head(&self) -> i64 {
        self.head
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether something came before what should have come first.
    pub(crate) fn has_gap(&self) -> bool {
        !self.early.is_empty()
    }

    /// Takes events in any order, each any number of times; returns those whose turn has come.
    pub(crate) fn take(&mut self, registry: &Registry, events: Vec<Recorded>) -> Vec<Rc<Entry>> {
        for event in events {
            if event.seq > self.head {
                self.early.insert(event.seq, event);
            }
        }
        let mut ready = vec![];
        while let Some(next) = self.early.remove(&(self.head + 1)) {
            self.head = next.seq;
            if let Some(entry) = Entry::new(registry, &next).map(Rc::new) {
                ready.push(entry.clone());
                self.entries.push_back(entry);
            }
        }
        while self.entries.len() > self.capacity {
            self.entries.pop_front();
        }
        ready
    }

    /// Returns what a reader missed after `cursor`.
    pub(crate) fn missed(&self, registry: &Registry, cursor: i64, reader: &Reader) -> Missed {
        let oldest = self.entries.front().map_or(self.head + 1, |entry| entry.seq);
        if cursor + 1 < oldest && cursor < self.head {
            return Missed::InLog;
        }
        let start = self.entries.partition_point(|entry| entry.seq <= cursor);
        let frame = |entry: &Rc<Entry>| {
            let bytes = entry.frame_for(registry, reader)?;
            Some(Frame::new(entry.seq, bytes))
        };
        Missed::Frames(self.entries.range(start..).filter_map(frame).collect())
    }
}

#[cfg(test)]
mod tests {
    use kernel::TenantId;
    use proptest::prelude::*;

    use super::*;

    fn event(seq: i64) -> Recorded {
        Recorded {
            tenant: TenantId(uuid::Uuid::nil()),
            seq,
            kind: "thing.made".into(),
            caller: "system:test".into(),
            subject: "thing:1".into(),
            payload: Some(Arc::from(r#"{"type":"thing.made","data":1}"#)),
            concerns: Concerns::Nobody,
            at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    fn team() -> Reader {
        Reader::Team {
            topics: vec!["thing:1".into()],
        }
    }

    #[test]
    fn a_cursor_gets_exactly_what_came_after_it_or_is_sent_to_the_log() {
        let registry = Registry::default();
        let mut ring = Ring::new(10, 3);
        assert_eq!(ring.missed(&registry, 10, &team()), Missed::Frames(vec![]));
        assert_eq!(ring.missed(&registry, 9, &team()), Missed::InLog);
        ring.take(&registry, (11..=15).map(event).collect());
        let n = |cursor| match ring.missed(&registry, cursor, &team()) {
            Missed::Frames(frames) => Some(frames.len()),
            Missed::InLog => None,
        };
        assert_eq!(
            [n(10), n(11), n(12), n(13), n(15), n(99)],
            [None, None, Some(3), Some(2), Some(0), Some(0)]
        );
        let other = Reader::Team {
            topics: vec!["thing:2".into()],
        };
        assert_eq!(ring.missed(&registry, 12, &other), Missed::Frames(vec![]));
    }

    proptest! {
        #[test]
        fn every_event_passes_once_and_in_order(mut order in Just((1..=40i64).collect::<Vec<_>>()).prop_shuffle(), again in 0..40usize) {
            let registry = Registry::default();
            let mut ring = Ring::new(0, 100);
            if let Some(seq) = order.get(again).copied() {
                order.push(seq);
            }
            let passed: Vec<i64> = order.into_iter().flat_map(|seq| ring.take(&registry, vec![event(seq)])).map(|e| e.seq).collect();
            prop_assert_eq!(passed, (1..=40).collect::<Vec<_>>());
            prop_assert!(!ring.has_gap());
        }
    }
}
