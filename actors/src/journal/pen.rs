//! What an entity writes with: a handle to the journal, which counts what its tenant wrote.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use actix::prelude::*;
use kernel::{Caller, TenantId};
use store::StoreError;
use tokio::sync::oneshot;

use super::batch::Batch;
use super::{Bulk, Item, Journal};
use crate::census::JournalRow;

/// So many items of one tenant may wait; more are refused at once.
const MOST_QUEUED: usize = 4_096;

/// A handle to the journal.
#[derive(Clone)]
pub struct Pen {
    journal: Addr<Journal>,
    pulse: Arc<Pulse>,
}

/// What one tenant has written, as it can be seen from outside.
#[derive(Default)]
pub(crate) struct Pulse {
    queued: AtomicUsize,
    batches: AtomicU64,
    written: AtomicU64,
    largest: AtomicUsize,
    last: AtomicUsize,
}

impl Pulse {
    /// So many items were written together.
    pub(super) fn note(&self, size: usize) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.written.fetch_add(size as u64, Ordering::Relaxed);
        self.largest.fetch_max(size, Ordering::Relaxed);
        self.last.store(size, Ordering::Relaxed);
    }
}

impl Pen {
    pub(crate) fn new(journal: Addr<Journal>, pulse: Arc<Pulse>) -> Self {
        Self { journal, pulse }
    }

    /// Writes one item together with whatever else is waiting; returns after the commit.
    pub async fn append<B: Bulk>(&self, caller: &Caller, value: B) -> Result<B::Written, StoreError> {
        let (reply, written) = oneshot::channel();
        let item = Item {
            caller: caller.clone(),
            value,
        };
        let _queued = Queued::add(&self.pulse)?;
        let pulse = self.pulse.clone();
        let append = Append {
            tenant: caller.tenant,
            enqueue: Box::new(move |waiting| waiting.add(item, reply, pulse)),
        };
        match self.journal.send(append).await {
            Ok(()) => written.await.unwrap_or_else(|_| Err(gone())),
            Err(_) => Err(gone()),
        }
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.journal.connected()
    }

    pub(crate) fn row(&self) -> JournalRow {
        JournalRow {
            queued: self.pulse.queued.load(Ordering::Relaxed),
            batches: self.pulse.batches.load(Ordering::Relaxed),
            written: self.pulse.written.load(Ordering::Relaxed),
            largest_batch: self.pulse.largest.load(Ordering::Relaxed),
            last_batch: self.pulse.last.load(Ordering::Relaxed),
        }
    }

    /// Waits until everything appended so far is written.
    pub(crate) async fn drain(&self) {
        while self.pulse.queued.load(Ordering::Relaxed) > 0 && self.journal.connected() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// One of the items that a tenant waits for, as long as whoever waits is there.
struct Queued<'a>(&'a Pulse);

impl<'a> Queued<'a> {
    fn add(pulse: &'a Pulse) -> Result<Self, StoreError> {
        let queued = Self(pulse);
        if pulse.queued.fetch_add(1, Ordering::Relaxed) >= MOST_QUEUED {
            return Err(StoreError::Busy);
        }
        Ok(queued)
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.queued.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Something to write.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Append {
    pub(super) tenant: TenantId,
    pub(super) enqueue: Enqueue,
}

/// Puts an item where its kind waits.
type Enqueue = Box<dyn FnOnce(&mut Batch) + Send>;

pub(super) fn gone() -> StoreError {
    StoreError::Unreachable("the journal restarted".into())
}
