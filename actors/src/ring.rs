//! The newest events of one tenant, ready to send, in order and without gaps, whatever order the commits are told in.

use std::collections::{BTreeMap, VecDeque};

use bytestring::ByteString;
use kernel::{ContactId, Recorded};

use crate::bus::Frame;
use crate::protocol;
use crate::registry::Registry;

/// An event with its frames: one for each kind of reader, built once.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) topics: Vec<String>,
    pub(crate) team: ByteString,
    /// What the contact concerned may see of it.
    pub(crate) visitor: Option<(ContactId, ByteString)>,
}

impl Entry {
    /// Builds the frames of an event; one whose payload was erased has none.
    pub(crate) fn new(registry: &Registry, recorded: &Recorded) -> Option<Self> {
        let payload = recorded.payload.as_ref()?;
        let mut topics = vec![recorded.subject.clone()];
        topics.extend(registry.broad_topic(&recorded.kind).map(str::to_owned));
        let visitor = registry.visitor_view(recorded).map(|(contact, payload)| {
            let frame = protocol::event(recorded, "me", &payload);
            (contact, frame)
        });
        Some(Self {
            seq: recorded.seq,
            topics,
            team: protocol::event(recorded, &recorded.subject, payload),
            visitor,
        })
    }

    /// The frame that this reader may see, if any.
    pub(crate) fn frame_for(&self, reader: &Reader) -> Option<&ByteString> {
        match reader {
            Reader::Team { topics } => {
                let is_asked_for = topics.iter().any(|topic| self.topics.contains(topic));
                is_asked_for.then_some(&self.team)
            }
            Reader::Visitor(me) => self
                .visitor
                .as_ref()
                .filter(|(contact, _)| contact == me)
                .map(|(_, frame)| frame),
        }
    }
}

/// Who reads, as far as it decides what may be seen.
#[derive(Clone, Debug)]
pub(crate) enum Reader {
    Team { topics: Vec<String> },
    Visitor(ContactId),
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
    entries: VecDeque<Entry>,
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
    pub(crate) fn take(&mut self, registry: &Registry, events: Vec<Recorded>) -> Vec<Entry> {
        for event in events {
            if event.seq > self.head {
                self.early.insert(event.seq, event);
            }
        }
        let mut ready = vec![];
        while let Some(next) = self.early.remove(&(self.head + 1)) {
            self.head = next.seq;
            if let Some(entry) = Entry::new(registry, &next) {
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
    pub(crate) fn missed(&self, cursor: i64, reader: &Reader) -> Missed {
        let oldest = self.entries.front().map_or(self.head + 1, |entry| entry.seq);
        if cursor + 1 < oldest && cursor < self.head {
            return Missed::InLog;
        }
        let newer = self.entries.iter().filter(|entry| entry.seq > cursor);
        Missed::Frames(
            newer
                .filter_map(|entry| entry.frame_for(reader).map(|frame| (entry.seq, frame.clone())))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
        assert_eq!(ring.missed(10, &team()), Missed::Frames(vec![]));
        assert_eq!(ring.missed(9, &team()), Missed::InLog);
        ring.take(&registry, (11..=15).map(event).collect());
        let n = |cursor| match ring.missed(cursor, &team()) {
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
        assert_eq!(ring.missed(12, &other), Missed::Frames(vec![]));
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
