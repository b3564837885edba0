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
        let pulse = self.pulse.clone();
        let append = Append {
            tenant: caller.tenant,
            enqueue: Box::new(move |waiting| waiting.add(item, reply, pulse)),
        };
        self.pulse.queued.fetch_add(1, Ordering::Relaxed);
        let outcome = match self.journal.send(append).await {
            Ok(()) => written.await.unwrap_or_else(|_| Err(gone())),
            Err(_) => Err(gone()),
        };
        self.pulse.queued.fetch_sub(1, Ordering::Relaxed);
        outcome
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
