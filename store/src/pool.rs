//! Connections: made on one runtime that outlives all callers, handed out ready for a transaction.

use std::time::Duration;

use deadpool::Runtime;
use diesel::result::ConnectionError;
use diesel_async::pooled_connection::deadpool::{Object, Pool as Connections};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AnsiTransactionManager, AsyncConnection, AsyncPgConnection};
use kernel::TenantId;
use tokio::runtime::Handle;

use crate::StoreError;

const PATIENCE: Duration = Duration::from_secs(5);

/// A pool of connections of one role. Private to this crate: everyone else goes through `Store`.
#[derive(Clone)]
pub(crate) struct Pool(Connections<AsyncPgConnection>);

pub(crate) type Connection = Object<AsyncPgConnection>;

impl Pool {
    pub(crate) fn open(url: &str, size: usize) -> Result<Self, StoreError> {
        let home = Handle::current();
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        // A connection is driven by a task on the runtime that made it, so it must not be made on a worker that may end.
        config.custom_setup = Box::new(move |url| {
            let (home, url) = (home.clone(), url.to_owned());
            Box::pin(async move {
                let made = home.spawn(async move { AsyncPgConnection::establish(&url).await }).await;
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

    /// Begins a transaction for one tenant, in one round trip. A connection that died in the pool is replaced.
    pub(crate) async fn begin(&self, tenant: TenantId, who: &str) -> Result<Connection, StoreError> {
        // `tenant` prints hex and dashes, `who` is made of our own words and ids: nothing here needs quoting.
        let sql = format!(
            "BEGIN; SELECT set_config('app.tenant_id', '{tenant}', true), set_config('app.caller', '{who}', true)"
        );
        let mut last = None;
        for _ in 0..=self.0.status().max_size {
            let mut conn = self.0.get().await.map_err(|e| StoreError::Unreachable(e.to_string()))?;
            match AnsiTransactionManager::begin_transaction_sql(&mut *conn, &sql).await {
                Ok(()) => return Ok(conn),
                Err(error) => {
                    drop(Connection::take(conn));
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
