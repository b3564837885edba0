//! A journal: owns the batch being gathered, while the commit before it is in flight. There is one for each thread of tenants.
//!
//! Entities append to it and wait; everything that waits, whatever tenant it belongs to, is written in one transaction. When
//! that fails, its tenants write by themselves for a while, so that a bad item harms only itself and a stuck row only its
//! tenant. When the journal dies its senders get an error and try again.

mod batch;
mod lane;
mod pen;
mod write;

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use actix::prelude::*;
use kernel::{Caller, TenantId};
use store::{Sheet, Store, StoreError};
use tokio::time::Instant;

use lane::{Lane, Places};
use pen::Append;
pub use pen::Pen;
pub(crate) use pen::Pulse;
use write::Outcome;

/// A tenant whose writes failed is kept apart from the others for so long.
const APART: Duration = Duration::from_secs(5);

/// A hot kind of write: many of them go to the database in one statement.
pub trait Bulk: Send + Sized + 'static {
    type Written: Send + 'static;

    /// Writes all of them, of however many tenants, and returns what became of each, in order.
    fn write_all(
        sheet: &Sheet<'_>,
        items: &[Item<Self>],
    ) -> impl Future<Output = Result<Vec<Self::Written>, StoreError>>;
}

/// Something to write, and who wants it.
pub struct Item<B> {
    pub caller: Caller,
    pub value: B,
}

/// The actor.
pub(crate) struct Journal {
    store: Store,
    scribe: Option<store::Scribe>,
    /// What everyone shares.
    common: Lane,
    /// Those whose writes failed, each by itself.
    apart: HashMap<TenantId, Lane>,
    places: Places,
}

impl Journal {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            scribe: None,
            common: Lane::default(),
            apart: HashMap::new(),
            places: Places::default(),
        }
    }

    /// Where a tenant's items wait; with none, the items of all.
    fn lane(&mut self, of: Option<TenantId>) -> &mut Lane {
        match of {
            Some(tenant) => self.apart.entry(tenant).or_default(),
            None => &mut self.common,
        }
    }

    /// The lane that a tenant writes in now.
    fn lane_of(&mut self, tenant: TenantId) -> Option<TenantId> {
        if self.apart.get(&tenant)?.is_over() {
            self.apart.remove(&tenant);
            return None;
        }
        Some(tenant)
    }

    fn write_next(&mut self, of: Option<TenantId>, ctx: &mut Context<Self>) {
        let Some(scribe) = self.scribe.clone() else { return };
        let lane = self.lane(of);
        if lane.is_writing || lane.waiting.is_empty() {
            return;
        }
        if of.is_some_and(|tenant| !self.places.take(tenant)) {
            return;
        }
        let lane = self.lane(of);
        lane.is_writing = true;
        let (batch, since) = (std::mem::take(&mut lane.waiting), lane.since.take());
        #[expect(clippy::cast_precision_loss, reason = "a batch is far smaller than 2^52")]
        metrics::histogram!("switchboard_journal_batch_size").record(batch.len() as f64);
        let written = async move {
            match of {
                Some(_) => write::alone(&scribe, batch, since).await,
                None => write::together(&scribe, batch).await,
            }
        };
        let next = written.into_actor(self).map(move |outcome, this, ctx| {
            this.lane(of).is_writing = false;
            this.settle(of, outcome, ctx);
            if of.is_some() {
                this.places.give_back();
            }
            while let next @ Some(_) = this.places.next() {
                this.write_next(next, ctx);
            }
            this.write_next(of, ctx);
        });
        ctx.spawn(next);
    }

    fn settle(&mut self, of: Option<TenantId>, outcome: Outcome, ctx: &mut Context<Self>) {
        let until = Some(Instant::now() + APART);
        match outcome {
            Outcome::Written | Outcome::Unreachable => {}
            Outcome::Failed => self.lane(of).until = until,
            Outcome::Parted(parts) => {
                for (tenant, part) in parts {
                    let lane = self.lane(Some(tenant));
                    lane.until = until;
                    lane.since.get_or_insert_with(Instant::now);
                    lane.waiting.join(part);
                    self.write_next(Some(tenant), ctx);
                }
            }
        }
    }
}

impl Actor for Journal {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(1_024);
        // Here, so that this thread drives its connections.
        match self.store.scribe() {
            Ok(scribe) => self.scribe = Some(scribe),
            Err(error) => {
                tracing::error!(%error, "the journal cannot write");
                ctx.stop();
            }
        }
    }
}

impl Handler<Append> for Journal {
    type Result = ();

    fn handle(&mut self, append: Append, ctx: &mut Self::Context) {
        let of = self.lane_of(append.tenant);
        let lane = self.lane(of);
        if of.is_some() {
            lane.since.get_or_insert_with(Instant::now);
        }
        (append.enqueue)(&mut lane.waiting);
        self.write_next(of, ctx);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::Clock;
    use store::StoreConfig;

    use super::*;

    /// A write that the database refuses when the number is odd, and that panics when it is below zero.
    struct Number(i32);

    impl Bulk for Number {
        type Written = i32;

        async fn write_all(_: &Sheet<'_>, items: &[Item<Self>]) -> Result<Vec<i32>, StoreError> {
            let numbers: Vec<i32> = items.iter().map(|item| item.value.0).collect();
            assert!(numbers.iter().all(|n| *n >= 0), "a test asked for this");
            if numbers.iter().any(|n| n % 2 == 1) {
                Err(StoreError::NotFound)
            } else {
                Ok(numbers)
            }
        }
    }

    async fn journal() -> (store::testing::TestDatabase, Addr<Journal>) {
        let database = store::testing::database().await.unwrap();
        let (urls, pool, clock) = (database.urls.clone(), 2, Clock::machine());
        let store = Store::open(StoreConfig { urls, pool, clock }).unwrap();
        (database, Journal::new(store).start())
    }

    fn pen(journal: &Addr<Journal>) -> (Pen, Caller) {
        let caller = Caller::system(TenantId::fresh(), "test");
        (Pen::new(journal.clone(), Arc::default()), caller)
    }

    #[actix::test]
    async fn what_waits_is_written_together_and_a_bad_item_harms_only_itself() {
        let (_database, journal) = journal().await;
        let (pen, caller) = pen(&journal);
        let appends = (0..20).map(|n| pen.append(&caller, Number(n)));
        let outcomes = futures_util::future::join_all(appends).await;
        for (n, outcome) in (0..20).zip(outcomes) {
            assert_eq!(outcome.ok(), (n % 2 == 0).then_some(n));
        }
        let row = pen.row();
        assert_eq!((row.queued, row.written), (0, 10));
        let appends = (0..20).map(|n| pen.append(&caller, Number(2 * n)));
        let outcomes = futures_util::future::join_all(appends).await;
        assert!(outcomes.iter().all(Result::is_ok));
        let again = pen.row();
        assert_eq!((again.queued, again.written), (0, 30));
        assert!(
            again.batches - row.batches <= 3 && again.largest_batch >= 18,
            "{again:?}"
        );
    }

    #[actix::test]
    async fn tenants_share_a_batch_and_one_that_fails_harms_no_other() {
        let (_database, journal) = journal().await;
        let pens: Vec<_> = (0..4).map(|_| pen(&journal)).collect();
        for round in 0..3 {
            let number = |n: usize| match n {
                0 => 1,
                1 => -1,
                _ => 2 * round,
            };
            let appends = pens.iter().enumerate();
            let appends = appends.map(|(n, (pen, caller))| pen.append(caller, Number(number(n))));
            let outcomes = futures_util::future::join_all(appends).await;
            for (n, outcome) in outcomes.into_iter().enumerate() {
                assert_eq!(outcome.ok(), (n > 1).then_some(2 * round));
            }
        }
        for (n, (pen, _)) in pens.iter().enumerate() {
            assert_eq!(pen.row().written, if n > 1 { 3 } else { 0 });
        }
        assert!(journal.connected());
    }
}
