//! Connections: made on one runtime that outlives all callers, handed out ready for a transaction.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use deadpool::Runtime;
use diesel::result::{ConnectionError, QueryResult};
use diesel_async::pooled_connection::deadpool::{Object, Pool as Connections};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, PoolableConnection, RecyclingMethod,
};
use diesel_async::{AnsiTransactionManager, AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::future::BoxFuture;
use kernel::TenantId;
use tokio::runtime::Handle;

use crate::StoreError;

const PATIENCE: Duration = Duration::from_secs(5);
/// The database itself ends what takes too long. This is for one that does not answer at all.
const LONGEST: Duration = Duration::from_secs(30);

/// Waits for the database, but not for ever; a connection in the middle of it is closed.
pub(crate) async fn in_time<T, E: From<StoreError>>(work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    within(LONGEST, work).await
}

pub(crate) async fn within<T, E: From<StoreError>>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let late = |_| Err(StoreError::Unreachable(format!("no answer within {limit:?}")).into());
    // In a box, so that whoever waits for a transaction does not carry it about.
    tokio::time::timeout(limit, Box::pin(work)).await.unwrap_or_else(late)
}

/// A pool of connections of one role. Private to this crate: everyone else goes through `Store`.
#[derive(Clone)]
pub(crate) struct Pool(Connections<AsyncPgConnection>);

/// What a connection needs before it is used.
pub(crate) type Prepare = fn(&AsyncPgConnection) -> BoxFuture<'_, QueryResult<()>>;

/// A connection on loan. One that comes back inside a transaction, because its user went away or panicked, is closed
/// at once: in the pool it would keep the transaction and its locks until somebody borrows it again.
pub(crate) struct Connection(Option<Object<AsyncPgConnection>>);

impl Connection {
    /// Closes the connection instead of giving it back.
    fn discard(mut self) {
        drop(self.0.take().map(Object::take));
    }
}

impl Deref for Connection {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        self.0
            .as_ref()
            .unwrap_or_else(|| unreachable!("only taken when it goes away"))
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut AsyncPgConnection {
        self.0
            .as_mut()
            .unwrap_or_else(|| unreachable!("only taken when it goes away"))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(mut object) = self.0.take()
            && (std::thread::panicking() || object.is_broken())
        {
            drop(Object::take(object));
        }
    }
}

/// A connection on loan to someone who keeps track of the transaction themselves. Unless it is given back, it is closed.
pub(crate) struct Loan(Connection);

impl Loan {
    pub(crate) fn conn(&self) -> &AsyncPgConnection {
        &self.0
    }

    /// To be called when no transaction is open any more.
    pub(crate) fn give_back(mut self) {
        drop(self.0.0.take());
    }

    /// Rolls the open transaction back. If that fails the connection is not given back, and closed.
    pub(crate) async fn roll_back(self) {
        if (&mut self.conn()).batch_execute("ROLLBACK").await.is_ok() {
            self.give_back();
        }
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        drop(self.0.0.take().map(Object::take));
    }
}

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

impl Access {
    /// What a transaction begins with, and what is set beside the tenant and the caller.
    ///
    /// Writes find rows by their keys, and are planned once for any number of them: planning took longer than writing.
    fn begin(self) -> (&'static str, &'static str) {
        match self {
            Self::Read => ("BEGIN READ ONLY", ""),
            Self::Write => ("BEGIN", ", set_config('plan_cache_mode', 'force_generic_plan', true)"),
        }
    }
}

impl Pool {
    pub(crate) fn open(url: &str, size: usize) -> Result<Self, StoreError> {
        Self::open_prepared(url, size, |_| Box::pin(async { Ok(()) }))
    }

    /// Every new connection is prepared in this way before anybody has it.
    pub(crate) fn open_prepared(url: &str, size: usize, prepare: Prepare) -> Result<Self, StoreError> {
        let home = Handle::current();
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        // A connection is driven by a task on the runtime that made it, so it must not be made on a worker that may end.
        config.custom_setup = Box::new(move |url| {
            let (home, url) = (home.clone(), url.to_owned());
            Box::pin(async move {
                let made = home
                    .spawn(async move {
                        let conn = AsyncPgConnection::establish(&url).await?;
                        let prepared = prepare(&conn).await;
                        prepared.map_err(ConnectionError::CouldntSetupConfiguration)?;
                        Ok(conn)
                    })
                    .await;
                made.map_err(|stopped| ConnectionError::BadConnection(stopped.to_string()))?
            })
        });
        let pool = Connections::builder(AsyncDieselConnectionManager::new_with_config(url, config))
            .max_size(size)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .recycle_timeout(Some(PATIENCE))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|e| StoreError::Unreachable(e.to_string()))?;
        Ok(Self(pool))
    }

    /// Lends a connection on which no transaction is open.
    pub(crate) async fn lend(&self) -> Result<Loan, StoreError> {
        loop {
            let object = self.0.get().await.map_err(|e| StoreError::Unreachable(e.to_string()))?;
            let mut conn = Connection(Some(object));
            if conn.is_broken() {
                conn.discard();
            } else {
                return Ok(Loan(conn));
            }
        }
    }

    /// Begins a transaction for one tenant, in one round trip. A connection that died in the pool is replaced.
    pub(crate) async fn begin(&self, access: Access, tenant: TenantId, who: &str) -> Result<Connection, StoreError> {
        // `tenant` prints hex and dashes, `who` is made of our own words and ids: nothing here needs quoting.
        let (begin, more) = access.begin();
        let sql = format!(
            "{begin}; SELECT set_config('app.tenant_id', '{tenant}', true), set_config('app.caller', '{who}', true){more}"
        );
        let mut last = None;
        for _ in 0..=self.0.status().max_size {
            let object = self.0.get().await.map_err(|e| StoreError::Unreachable(e.to_string()))?;
            let mut conn = Connection(Some(object));
            match AnsiTransactionManager::begin_transaction_sql(&mut *conn, &sql).await {
                Ok(()) => return Ok(conn),
                Err(error) => {
                    conn.discard();
                    last = Some(StoreError::from(error));
                }
            }
        }
        Err(last.unwrap_or_else(|| StoreError::Unreachable("the pool is empty".into())))
    }

    /// How many connections are out and how many may be.
    pub(crate) fn load(&self) -> (usize, usize) {
        let status = self.0.status();
        (status.size.saturating_sub(status.available), status.max_size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_does_not_answer_is_given_up_on() {
        let never = std::future::pending::<Result<(), StoreError>>();
        let given_up = within(Duration::from_millis(1), never).await;
        assert!(matches!(given_up, Err(StoreError::Unreachable(_))), "{given_up:?}");
    }
}
