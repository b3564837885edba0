//! The newest events of one tenant, ready to send, in order and without gaps, whatever order the commits are told in.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use kernel::Recorded;

use crate::audience::Audience;
use crate::batch::Frame;
use crate::entry::{Entry, Reader};

/// What became of events after a cursor.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// All of it is here.
    Frames(Vec<Frame>),
    /// Some of it is only in the log.
    InLog,
}

/// How much a ring has room for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) events: usize,
    /// Of all their frames.
    pub(crate) bytes: usize,
}

/// The ring.
pub(crate) struct Ring {
    head: i64,
    /// Everything after this place is here.
    since: i64,
    entries: VecDeque<Rc<Entry>>,
    early: BTreeMap<i64, Recorded>,
    room: Room,
    bytes: usize,
    /// How large the newest event is that is not here, as far as that is known.
    beyond: usize,
}

impl Ring {
    pub(crate) fn new(head: i64, room: Room) -> Self {
        Self {
            head,
            since: head,
            entries: VecDeque::new(),
            early: BTreeMap::new(),
            room,
            bytes: 0,
            beyond: 0,
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
                self.bytes += entry.size();
                ready.push(entry.clone());
                self.entries.push_back(entry);
            }
        }
        while self.entries.len() > self.room.events || self.bytes > self.room.bytes {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.since = oldest.seq;
            self.beyond = oldest.size();
            self.bytes -= self.beyond;
        }
        ready
    }

    /// Where to read from so that a reader who has come to `cursor` finds everything here, if there is room for it.
    pub(crate) fn wants(&self, cursor: i64) -> Option<i64> {
        let n = usize::try_from(self.head - cursor).ok()?;
        let has_room = n <= self.room.events && self.bytes + self.beyond <= self.room.bytes;
        (cursor < self.since && has_room).then_some(self.since)
    }

    /// Takes what came before everything that is here, read from the log after `cursor`.
    pub(crate) fn fill(&mut self, audience: &Audience, cursor: i64, past: &[Recorded]) {
        let past: Vec<_> = past.iter().filter(|event| event.seq <= self.since).collect();
        let is_whole = past.last().is_some_and(|last| last.seq == self.since) && cursor < self.since;
        if !is_whole || self.wants(cursor).is_none() {
            return;
        }
        self.beyond = 0;
        for event in past.into_iter().rev() {
            if let Some(entry) = Entry::new(audience, event) {
                if self.bytes + entry.size() > self.room.bytes {
                    self.since = event.seq;
                    self.beyond = entry.size();
                    return;
                }
                self.bytes += entry.size();
                self.entries.push_front(Rc::new(entry));
            }
        }
        self.since = cursor;
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
            contact: None,
            cause: None,
            at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    fn room(events: usize) -> Room {
        Room {
            events,
            bytes: usize::MAX,
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
        let mut ring = Ring::new(10, room(3));
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
        let mut ring = Ring::new(10, room(5));
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

    #[test]
    fn where_bytes_are_short_the_oldest_leave_and_no_more_of_the_past_is_taken() {
        let audience = Audience::default();
        let size = Entry::new(&audience, &event(11)).unwrap().size();
        let three = Room {
            events: 100,
            bytes: 3 * size + size / 2,
        };
        let mut ring = Ring::new(20, three);
        let past: Vec<_> = (16..=20).map(event).collect();
        assert_eq!(ring.wants(15), Some(20));
        ring.fill(&audience, 15, &past);
        let seqs = |ring: &Ring| ring.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
        assert_eq!((seqs(&ring), ring.wants(15)), (vec![18, 19, 20], None));
        assert_eq!(ring.missed(&audience, 16, &team()), Missed::InLog);
        assert!(matches!(ring.missed(&audience, 17, &team()), Missed::Frames(frames) if frames.len() == 3));
        assert_eq!(ring.take(&audience, (21..=25).map(event).collect()).len(), 5);
        assert_eq!((seqs(&ring), ring.wants(21)), (vec![23, 24, 25], None));
        assert_eq!(ring.missed(&audience, 21, &team()), Missed::InLog);
        assert!(matches!(ring.missed(&audience, 22, &team()), Missed::Frames(frames) if frames.len() == 3));
        let large = Recorded {
            payload: Some(Arc::from(format!(
                r#"{{"type":"thing.made","data":"{}"}}"#,
                "x".repeat(4 * size)
            ))),
            ..event(26)
        };
        assert_eq!(ring.take(&audience, vec![large]).len(), 1, "it is told, and not kept");
        assert_eq!((seqs(&ring), ring.bytes), (vec![], 0));
        assert_eq!(ring.missed(&audience, 26, &team()), Missed::Frames(vec![]));
    }

    proptest! {
        #[test]
        fn every_event_passes_once_and_in_order(mut order in Just((1..=40i64).collect::<Vec<_>>()).prop_shuffle(), again in 0..40usize) {
            let audience = Audience::default();
            let mut ring = Ring::new(0, room(100));
            if let Some(seq) = order.get(again).copied() {
                order.push(seq);
            }
            let passed: Vec<i64> = order.into_iter().flat_map(|seq| ring.take(&audience, vec![event(seq)])).map(|e| e.seq).collect();
            prop_assert_eq!(passed, (1..=40).collect::<Vec<_>>());
            prop_assert!(!ring.has_gap());
        }
    }
}
