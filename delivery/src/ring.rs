//! The newest events of one tenant, ready to send, in order and without gaps, whatever order the commits are told in.

use std::cell::OnceCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::web::Bytes;
use kernel::{ContactId, Recorded};

use crate::audience::Audience;
use crate::batch::Frame;
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
    pub(crate) fn new(audience: &Audience, recorded: &Recorded) -> Option<Self> {
        let payload = recorded.payload.as_ref()?;
        let mut topics = vec![recorded.subject.clone()];
        topics.extend(audience.broad_topic(&recorded.kind).map(str::to_owned));
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
    pub(crate) fn frame_for(&self, audience: &Audience, reader: &Reader) -> Option<Bytes> {
        match reader {
            Reader::Team { topics } => {
                let is_asked_for = topics.iter().any(|topic| self.topics.contains(topic));
                is_asked_for.then(|| self.team.clone())
            }
            Reader::Visitor(me) => self.frame_for_visitor(audience, *me),
        }
    }

    /// The customer who may see some of it.
    pub(crate) fn contact(&self) -> Option<ContactId> {
        self.recorded.contact
    }

    fn frame_for_visitor(&self, audience: &Audience, me: ContactId) -> Option<Bytes> {
        self.recorded.contact.filter(|contact| *contact == me)?;
        let visitor = self.visitor.get_or_init(|| {
            let mut recorded = self.recorded.clone();
            recorded.payload = wire::text_of(&self.team).map(Arc::from);
            let (contact, payload) = audience.visitor_view(&recorded)?;
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
    /// A contact sees what is theirs, a member of the team what they asked for: each topic once, in order.
    pub(crate) fn new(contact: Option<ContactId>, topics: Vec<String>) -> Self {
        contact.map_or(Self::Team { topics }, Self::Visitor)
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
    /// Everything after this place is here.
    since: i64,
    entries: VecDeque<Rc<Entry>>,
    early: BTreeMap<i64, Recorded>,
    capacity: usize,
}

impl Ring {
    pub(crate) fn new(head: i64, capacity: usize) -> Self {
        Self {
            head,
            since: head,
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
    pub(crate) fn take(&mut self, audience: &Audience, events: Vec<Recorded>) -> Vec<Rc<Entry>> {
        for event in events {
            if event.seq > self.head {
                self.early.insert(event.seq, event);
            }
        }
        let mut ready = vec![];
        while let Some(next) = self.early.remove(&(self.head + 1)) {
            self.head = next.seq;
            if let Some(entry) = Entry::new(audience, &next).map(Rc::new) {
                ready.push(entry.clone());
                self.entries.push_back(entry);
            }
        }
        while self.entries.len() > self.capacity {
            self.since = self.entries.pop_front().map_or(self.since, |oldest| oldest.seq);
        }
        ready
    }

    /// Where to read from so that a reader who has come to `cursor` finds everything here, if there is room for it.
    pub(crate) fn wants(&self, cursor: i64) -> Option<i64> {
        let n = usize::try_from(self.head - cursor).ok()?;
        (cursor < self.since && n <= self.capacity).then_some(self.since)
    }

    /// Takes what came before everything that is here, read from the log after `cursor`.
    pub(crate) fn fill(&mut self, audience: &Audience, cursor: i64, past: &[Recorded]) {
        let past: Vec<_> = past.iter().filter(|event| event.seq <= self.since).collect();
        let is_whole = past.last().is_some_and(|last| last.seq == self.since) && cursor < self.since;
        if !is_whole || self.wants(cursor).is_none() {
            return;
        }
        self.since = cursor;
        for event in past.into_iter().rev() {
            if let Some(entry) = Entry::new(audience, event) {
                self.entries.push_front(Rc::new(entry));
            }
        }
    }

    /// Returns what a reader missed after `cursor`.
    pub(crate) fn missed(&self, audience: &Audience, cursor: i64, reader: &Reader) -> Missed {
        if cursor < self.since {
            return Missed::InLog;
        }
        let start = self.entries.partition_point(|entry| entry.seq <= cursor);
        let frame = |entry: &Rc<Entry>| {
            let bytes = entry.frame_for(audience, reader)?;
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
            contact: None,
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
        let audience = Audience::default();
        let mut ring = Ring::new(10, 3);
        assert_eq!(ring.missed(&audience, 10, &team()), Missed::Frames(vec![]));
        assert_eq!(ring.missed(&audience, 9, &team()), Missed::InLog);
        ring.take(&audience, (11..=15).map(event).collect());
        let n = |cursor| match ring.missed(&audience, cursor, &team()) {
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
        assert_eq!(ring.missed(&audience, 12, &other), Missed::Frames(vec![]));
    }

    #[test]
    fn the_past_is_taken_once_and_whole_and_only_as_far_as_there_is_room() {
        let audience = Audience::default();
        let mut ring = Ring::new(10, 5);
        ring.take(&audience, vec![event(11)]);
        assert_eq!((ring.wants(10), ring.wants(7), ring.wants(5)), (None, Some(10), None));
        let past: Vec<_> = (8..=10).map(event).collect();
        ring.fill(&audience, 7, &past[..2]);
        assert_eq!(
            ring.missed(&audience, 7, &team()),
            Missed::InLog,
            "the end of it is missing"
        );
        ring.fill(&audience, 7, &past);
        ring.fill(&audience, 7, &past);
        let seqs: Vec<_> = ring.entries.iter().map(|entry| entry.seq).collect();
        assert_eq!(seqs, [8, 9, 10, 11]);
        assert!(matches!(ring.missed(&audience, 7, &team()), Missed::Frames(frames) if frames.len() == 4));
        ring.take(&audience, (12..=14).map(event).collect());
        assert_eq!(ring.missed(&audience, 8, &team()), Missed::InLog);
        assert!(matches!(ring.missed(&audience, 9, &team()), Missed::Frames(frames) if frames.len() == 5));
    }

    proptest! {
        #[test]
        fn every_event_passes_once_and_in_order(mut order in Just((1..=40i64).collect::<Vec<_>>()).prop_shuffle(), again in 0..40usize) {
            let audience = Audience::default();
            let mut ring = Ring::new(0, 100);
            if let Some(seq) = order.get(again).copied() {
                order.push(seq);
            }
            let passed: Vec<i64> = order.into_iter().flat_map(|seq| ring.take(&audience, vec![event(seq)])).map(|e| e.seq).collect();
            prop_assert_eq!(passed, (1..=40).collect::<Vec<_>>());
            prop_assert!(!ring.has_gap());
        }
    }
}
