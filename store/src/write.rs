//! The one way to write: rows, events and audit in one transaction, announced after the commit.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use diesel_async::{AnsiTransactionManager, TransactionManager};
use kernel::{Caller, Clock, Recorded, TenantId};

use crate::log::Entries;
use crate::pool::{Access, Connection, Pool, in_time, within};
use crate::{DatabaseUrls, Scribe, StoreError, Tx};

const PING: Duration = Duration::from_secs(2);

/// How to open the store.
pub struct StoreConfig {
    pub urls: DatabaseUrls,
    /// Connections for requests; more than 8 gain nothing on two cores.
    pub pool: usize,
    pub clock: Clock,
}

/// The door to all tenant data.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    app: Pool,
    system: Pool,
    journal_url: String,
    clock: Clock,
    listener: OnceLock<Arc<dyn Announce>>,
}

/// Hears of every commit that carried events.
pub trait Announce: Send + Sync {
    /// These events are durable. Commits of one tenant may be told in another order than they were made.
    fn committed(&self, committed: Vec<Committed>);

    /// A commit of this tenant may or may not have happened: whoever needs to know must read the log.
    fn in_doubt(&self, tenant: TenantId);
}

/// The events of one tenant in one commit.
#[derive(Clone, Debug)]
pub struct Committed {
    pub tenant: TenantId,
    pub events: Vec<Recorded>,
}

impl Store {
    /// Opens the pools. Must be called on the runtime that is to drive the connections.
    pub fn open(config: StoreConfig) -> Result<Self, StoreError> {
        Ok(Self(Arc::new(Inner {
            app: Pool::open(&config.urls.app, config.pool)?,
            system: Pool::open(&config.urls.system, 2)?,
            journal_url: config.urls.journal,
            clock: config.clock,
            listener: OnceLock::new(),
        })))
    }

    /// Tells `listener` of every commit from now on; only the first one is kept.
    pub fn listen(&self, listener: Arc<dyn Announce>) {
        drop(self.0.listener.set(listener));
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Whether the database answers, as it would answer a request. Nobody waits longer than two seconds for that.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let asked = async {
            let nobody = TenantId(uuid::Uuid::nil());
            let mut conn = self.0.app.begin(Access::Read, nobody, "system:ping").await?;
            Ok(AnsiTransactionManager::rollback_transaction(&mut *conn).await?)
        };
        within(PING, asked).await
    }

    /// How many connections are in use, and how many there may be.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        self.0.app.load()
    }

    /// Runs `work` in a transaction of the caller's tenant; commits and announces its events, or rolls back.
    pub async fn write<T, E: From<StoreError>>(
        &self,
        caller: &Caller,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        in_time(self.transact(&self.0.app, Access::Write, caller, work)).await
    }

    /// Runs `work` in a transaction that can only read.
    pub async fn read<T, E: From<StoreError>>(
        &self,
        caller: &Caller,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        in_time(self.transact(&self.0.app, Access::Read, caller, work)).await
    }

    /// Like `write`, as the role that keeps the directory of tenants and people and what is due in all tenants.
    pub async fn direct<T, E: From<StoreError>>(
        &self,
        caller: &Caller,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        in_time(self.transact(&self.0.system, Access::Write, caller, work)).await
    }

    async fn transact<T, E: From<StoreError>>(
        &self,
        pool: &Pool,
        access: Access,
        caller: &Caller,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = pool.begin(access, caller.tenant, &caller.who.to_string()).await?;
        let mut tx = Tx {
            conn: &mut conn,
            caller,
            now: self.0.clock.now(),
            drafts: vec![],
        };
        let outcome = match work(&mut tx).await {
            Ok(value) => tx.record().await.map(|entries| (value, entries)).map_err(E::from),
            Err(error) => Err(error),
        };
        match outcome {
            Ok((value, entries)) => {
                self.commit(&mut conn, caller.tenant, entries).await?;
                Ok(value)
            }
            Err(error) => {
                // If this fails the connection counts as broken and is dropped; `error` is what matters.
                drop(AnsiTransactionManager::rollback_transaction(&mut *conn).await);
                Err(error)
            }
        }
    }

    async fn commit(
        &self,
        conn: &mut Connection,
        tenant: TenantId,
        entries: Option<Entries>,
    ) -> Result<(), StoreError> {
        let Some(entries) = entries else {
            return Ok(AnsiTransactionManager::commit_transaction(&mut **conn).await?);
        };
        let doubt = self.doubt(vec![tenant]);
        AnsiTransactionManager::commit_transaction(&mut **conn).await?;
        doubt.settle(entries.committed());
        Ok(())
    }

    /// Opens connections for a journal, driven by this thread: what it writes may belong to many tenants.
    pub fn scribe(&self) -> Result<Scribe, StoreError> {
        Scribe::open(self.clone(), &self.0.journal_url)
    }

    /// To be held while a commit is under way.
    pub(crate) fn doubt(&self, tenants: Vec<TenantId>) -> Doubt<'_> {
        let listener = self.0.listener.get();
        Doubt { listener, tenants }
    }
}

/// Dropped unless the commit was seen to succeed, be it by an error or because the caller went away meanwhile.
pub(crate) struct Doubt<'a> {
    listener: Option<&'a Arc<dyn Announce>>,
    tenants: Vec<TenantId>,
}

impl Doubt<'_> {
    /// The commit was seen to succeed, with these events.
    pub(crate) fn settle(mut self, committed: Vec<Committed>) {
        self.tenants.clear();
        if let Some(listener) = self.listener
            && !committed.is_empty()
        {
            listener.committed(committed);
        }
    }
}

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        if let Some(listener) = self.listener {
            self.tenants.iter().for_each(|tenant| listener.in_doubt(*tenant));
        }
    }
}
