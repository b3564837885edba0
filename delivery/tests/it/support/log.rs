//! A log in memory, which counts how it is read.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chrono::DateTime;
use delivery::{Log, Reading};
use kernel::{Caller, ContactId, Recorded, TenantId};
use serde_json::json;
use store::StoreError;
use tokio::sync::RwLock;

#[derive(Default)]
pub(crate) struct MemoryLog {
    events: Mutex<Vec<Recorded>>,
    /// How many events were read, and how often.
    pub(crate) n_read: AtomicUsize,
    pub(crate) n_reads: AtomicUsize,
    pub(crate) is_away: AtomicBool,
    /// What was read has to pass.
    pub(crate) door: Arc<RwLock<()>>,
}

impl MemoryLog {
    pub(crate) fn add(&self, tenant: TenantId, subject: &str, kind: &str, contact: Option<ContactId>) -> Recorded {
        let mut events = self.events.lock().unwrap();
        let seq = i64::try_from(events.len()).unwrap() + 1;
        let payload = json!({ "type": kind, "data": { "n": seq } });
        events.push(Recorded {
            tenant,
            seq,
            kind: kind.to_owned(),
            caller: "system:test".into(),
            subject: subject.to_owned(),
            payload: Some(payload.to_string().into()),
            contact,
            cause: None,
            at: DateTime::UNIX_EPOCH,
        });
        events.last().unwrap().clone()
    }

    pub(crate) fn head(&self) -> i64 {
        i64::try_from(self.events.lock().unwrap().len()).unwrap()
    }

    /// How many events were read since the last time this was asked, in how many reads.
    pub(crate) fn cost(&self) -> (usize, usize) {
        let (n_read, n_reads) = (&self.n_read, &self.n_reads);
        (n_read.swap(0, Ordering::Relaxed), n_reads.swap(0, Ordering::Relaxed))
    }

    fn read(&self, is_wanted: impl Fn(&Recorded) -> bool, limit: i64) -> Reading<Vec<Recorded>> {
        if self.is_away.load(Ordering::Relaxed) {
            return Box::pin(async { Err(StoreError::Unreachable("a test asked for this".into())) });
        }
        let events = self.events.lock().unwrap();
        let limit = usize::try_from(limit).unwrap();
        let found: Vec<_> = events
            .iter()
            .filter(|event| is_wanted(event))
            .take(limit)
            .cloned()
            .collect();
        self.n_read.fetch_add(found.len(), Ordering::Relaxed);
        self.n_reads.fetch_add(1, Ordering::Relaxed);
        self.pass(found)
    }

    /// Hands over what was found, as it was when it was read.
    fn pass<T: Send + 'static>(&self, found: T) -> Reading<T> {
        let door = self.door.clone();
        Box::pin(async move {
            drop(door.read().await);
            Ok(found)
        })
    }
}

impl Log for MemoryLog {
    fn head(&self, _: TenantId) -> Reading<i64> {
        self.pass(Self::head(self))
    }

    fn events_after(&self, _: &Caller, seq: i64, limit: i64) -> Reading<Vec<Recorded>> {
        self.read(|event| event.seq > seq, limit)
    }

    fn events_of(&self, _: &Caller, contact: ContactId, seq: i64, limit: i64) -> Reading<Vec<Recorded>> {
        self.read(|event| event.seq > seq && event.contact == Some(contact), limit)
    }
}
