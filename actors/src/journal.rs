//! The journal of one tenant: owns the batch being gathered, while the commit before it is in flight.
//!
//! Entities append to it and wait; everything that waits is written in one transaction. When a batch fails its items are
//! tried one by one, so that a bad one harms only itself. When the journal dies its senders get an error and try again.

use std::any::{Any, TypeId};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use actix::prelude::*;
use futures_util::future::LocalBoxFuture;
use kernel::Caller;
use store::{Store, StoreError, Tx};
use tokio::sync::oneshot;

use crate::census::JournalRow;

/// A hot kind of write: many of them go to the database in one statement.
pub trait Bulk: Send + Sized + 'static {
    type Written: Send + 'static;

    /// Writes all of them and returns what became of each, in order.
    fn write_all(tx: &mut Tx<'_>, items: &[Item<Self>])
    -> impl Future<Output = Result<Vec<Self::Written>, StoreError>>;
}

/// Something to write, and who wants it.
pub struct Item<B> {
    pub caller: Caller,
    pub value: B,
}

/// What an entity writes with: a handle to its tenant's journal.
#[derive(Clone)]
pub struct Pen {
    journal: Addr<Journal>,
    pulse: Arc<Pulse>,
}

/// What can be seen of a journal from outside.
#[derive(Default)]
pub(crate) struct Pulse {
    pub(crate) queued: AtomicUsize,
    pub(crate) batches: AtomicU64,
    pub(crate) written: AtomicU64,
    pub(crate) largest: AtomicUsize,
    pub(crate) last: AtomicUsize,
}

impl Pen {
    /// Writes one item together with whatever else is waiting; returns after the commit.
    pub async fn append<B: Bulk>(&self, caller: &Caller, value: B) -> Result<B::Written, StoreError> {
        let (reply, written) = oneshot::channel();
        let item = Item {
            caller: caller.clone(),
            value,
        };
        let append = Append(Box::new(move |waiting| Batch::add(waiting, item, reply)));
        self.pulse.queued.fetch_add(1, Ordering::Relaxed);
        let sent = self.journal.send(append).await;
        let outcome = match sent {
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
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

/// The actor.
pub struct Journal {
    store: Store,
    caller: Caller,
    waiting: Vec<Box<dyn Group>>,
    is_writing: bool,
    pulse: Arc<Pulse>,
}

impl Journal {
    /// Starts the journal of the caller's tenant on this thread.
    pub(crate) fn open(store: Store, caller: Caller) -> Pen {
        let pulse = Arc::new(Pulse::default());
        let journal = Self {
            store,
            caller,
            waiting: vec![],
            is_writing: false,
            pulse: pulse.clone(),
        }
        .start();
        Pen { journal, pulse }
    }

    /// Begins the next batch. One at a time: two that share a processor are both small, and all of them together slower.
    fn write_next(&mut self, ctx: &mut Context<Self>) {
        if self.is_writing || self.waiting.is_empty() {
            return;
        }
        self.is_writing = true;
        let batch = std::mem::take(&mut self.waiting);
        self.note(&batch);
        let (store, caller) = (self.store.clone(), self.caller.clone());
        let written = async move { write(&store, &caller, batch).await };
        let next = written.into_actor(self).map(|(), this, ctx| {
            this.is_writing = false;
            this.write_next(ctx);
        });
        ctx.spawn(next);
    }

    fn note(&self, batch: &[Box<dyn Group>]) {
        let size = batch.iter().map(|group| group.len()).sum::<usize>();
        self.pulse.batches.fetch_add(1, Ordering::Relaxed);
        self.pulse.written.fetch_add(size as u64, Ordering::Relaxed);
        self.pulse.largest.fetch_max(size, Ordering::Relaxed);
        self.pulse.last.store(size, Ordering::Relaxed);
        #[expect(clippy::cast_precision_loss, reason = "a batch is far smaller than 2^52")]
        metrics::histogram!("switchboard_journal_batch_size").record(size as f64);
    }
}

impl Actor for Journal {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(1_024);
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Append(Enqueue);

/// Puts an item where its kind waits.
type Enqueue = Box<dyn FnOnce(&mut Vec<Box<dyn Group>>) + Send>;

impl Handler<Append> for Journal {
    type Result = ();

    fn handle(&mut self, append: Append, ctx: &mut Self::Context) {
        append.0(&mut self.waiting);
        self.write_next(ctx);
    }
}

/// Writes a batch in one transaction, or else each of its items in its own.
async fn write(store: &Store, caller: &Caller, mut batch: Vec<Box<dyn Group>>) {
    let outcome = write_together(store, caller, &mut batch).await;
    let is_alone = batch.iter().map(|group| group.len()).sum::<usize>() == 1;
    match outcome {
        Ok(()) => batch.into_iter().for_each(Group::succeed),
        Err(error) if is_alone => batch.into_iter().for_each(|group| group.fail(&error)),
        Err(error) => {
            tracing::warn!(tenant.id = %caller.tenant, %error, "a batch failed; its items are tried one by one");
            for one in batch.into_iter().flat_map(Group::split) {
                let mut alone = vec![one];
                match write_together(store, caller, &mut alone).await {
                    Ok(()) => alone.into_iter().for_each(Group::succeed),
                    Err(error) => alone.into_iter().for_each(|group| group.fail(&error)),
                }
            }
        }
    }
}

async fn write_together(store: &Store, caller: &Caller, batch: &mut [Box<dyn Group>]) -> Result<(), StoreError> {
    store
        .write(caller, async |tx| {
            for group in batch {
                group.write(tx).await?;
            }
            Ok(())
        })
        .await
}

/// The items of one kind in a batch, whatever the kind.
trait Group: Send {
    fn kind(&self) -> TypeId;
    fn len(&self) -> usize;
    fn as_any(&mut self) -> &mut dyn Any;
    fn write<'a>(&'a mut self, tx: &'a mut Tx<'_>) -> LocalBoxFuture<'a, Result<(), StoreError>>;
    fn succeed(self: Box<Self>);
    fn fail(self: Box<Self>, error: &StoreError);
    fn split(self: Box<Self>) -> Vec<Box<dyn Group>>;
}

type Reply<B> = oneshot::Sender<Result<<B as Bulk>::Written, StoreError>>;

struct Batch<B: Bulk> {
    items: Vec<Item<B>>,
    replies: Vec<Reply<B>>,
    written: Vec<B::Written>,
}

impl<B: Bulk> Batch<B> {
    fn add(waiting: &mut Vec<Box<dyn Group>>, item: Item<B>, reply: Reply<B>) {
        let same = waiting.iter_mut().find(|group| group.kind() == TypeId::of::<B>());
        let batch = same.and_then(|group| group.as_any().downcast_mut::<Self>());
        match batch {
            Some(batch) => {
                batch.items.push(item);
                batch.replies.push(reply);
            }
            None => waiting.push(Box::new(Self {
                items: vec![item],
                replies: vec![reply],
                written: vec![],
            })),
        }
    }
}

impl<B: Bulk> Group for Batch<B> {
    fn kind(&self) -> TypeId {
        TypeId::of::<B>()
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn write<'a>(&'a mut self, tx: &'a mut Tx<'_>) -> LocalBoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.written = B::write_all(tx, &self.items).await?;
            Ok(())
        })
    }

    fn succeed(self: Box<Self>) {
        for (reply, written) in self.replies.into_iter().zip(self.written) {
            // Whoever asked may have gone away; the write stands.
            drop(reply.send(Ok(written)));
        }
    }

    fn fail(self: Box<Self>, error: &StoreError) {
        for reply in self.replies {
            drop(reply.send(Err(error.again())));
        }
    }

    fn split(self: Box<Self>) -> Vec<Box<dyn Group>> {
        let pairs = self.items.into_iter().zip(self.replies);
        pairs
            .map(|(item, reply)| -> Box<dyn Group> {
                Box::new(Self {
                    items: vec![item],
                    replies: vec![reply],
                    written: vec![],
                })
            })
            .collect()
    }
}

fn gone() -> StoreError {
    StoreError::Unreachable("the journal restarted".into())
}

#[cfg(test)]
mod tests {
    use kernel::{Clock, TenantId};
    use store::StoreConfig;

    use super::*;

    /// A write that the database refuses when the number is odd.
    struct Number(i32);

    impl Bulk for Number {
        type Written = i32;

        async fn write_all(_: &mut Tx<'_>, items: &[Item<Self>]) -> Result<Vec<i32>, StoreError> {
            let numbers: Vec<i32> = items.iter().map(|item| item.value.0).collect();
            if numbers.iter().any(|n| n % 2 == 1) {
                Err(StoreError::NotFound)
            } else {
                Ok(numbers)
            }
        }
    }

    #[actix::test]
    async fn what_waits_is_written_together_and_a_bad_item_harms_only_itself() {
        let database = store::testing::database().await.unwrap();
        let (urls, pool, clock) = (database.urls.clone(), 2, Clock::machine());
        let store = Store::open(StoreConfig { urls, pool, clock }).unwrap();
        let caller = Caller::system(TenantId::fresh(), "test");
        let pen = Journal::open(store, caller.clone());
        let appends = (0..20).map(|n| pen.append(&caller, Number(n)));
        let outcomes = futures_util::future::join_all(appends).await;
        for (n, outcome) in (0..20).zip(outcomes) {
            assert_eq!(outcome.ok(), (n % 2 == 0).then_some(n));
        }
        let row = pen.row();
        assert_eq!((row.queued, row.written), (0, 20));
        assert!(row.batches <= 3 && row.largest_batch >= 18, "{row:?}");
    }
}
