//! A hub on a database of a test's own.

mod laps;
mod panicking;
mod scribbler;
mod tally;

use std::time::Duration;

use actors::{Hub, LiveConfig, Registry};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use kernel::{Caller, Clock, TenantId};
use store::testing::{TestDatabase, database};
use store::{DatabaseUrls, Store, StoreConfig};
use tokio::time::Instant;
use uuid::Uuid;

pub(crate) use laps::{Laps, Run, TABLE};
pub(crate) use panicking::Panicking;
pub(crate) use scribbler::{Scribbler, Seq, Slow, Thing};
pub(crate) use tally::{Add, AddAndPanic, Pause, Script, Tally, TallyError, logged};

const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until something has become so.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < deadline, "{what}: not in time");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A hub, and what it stands on.
pub(crate) struct Stage {
    pub(crate) hub: Hub,
    pub(crate) database: TestDatabase,
}

impl Stage {
    pub(crate) async fn set() -> Self {
        Self::with(LiveConfig::default(), Registry::default()).await
    }

    pub(crate) async fn with(config: LiveConfig, registry: Registry) -> Self {
        let database = database().await.unwrap();
        let urls = database.urls.clone();
        Self::on(database, urls, config, registry)
    }

    /// Reaches the database by these addresses.
    pub(crate) fn on(database: TestDatabase, urls: DatabaseUrls, config: LiveConfig, registry: Registry) -> Self {
        let (pool, clock) = (4, Clock::machine());
        let store = Store::open(StoreConfig { urls, pool, clock }).unwrap();
        let hub = Hub::start(store, registry, config);
        Self { hub, database }
    }

    /// A store as another server on this database would have.
    pub(crate) fn another_store(&self) -> Store {
        let (urls, clock) = (self.database.urls.clone(), Clock::machine());
        Store::open(StoreConfig { urls, pool: 4, clock }).unwrap()
    }

    pub(crate) async fn admin(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.database.urls.admin).await.unwrap()
    }

    /// A new tenant.
    pub(crate) async fn tenant(&self) -> Caller {
        let tenant = TenantId::fresh();
        let sql = format!(
            "INSERT INTO tenants (id, slug, name, created_at) VALUES ('{tenant}', '{tenant}', 'T', now());
             INSERT INTO log_heads (tenant_id) VALUES ('{tenant}')"
        );
        self.admin().await.batch_execute(&sql).await.unwrap();
        Caller::system(tenant, "test")
    }

    /// What was added to a tally, as the log has it.
    pub(crate) async fn logged(&self, caller: &Caller, id: Uuid) -> Vec<i64> {
        logged(self.hub.store(), caller, id).await.unwrap()
    }

    pub(crate) async fn add(&self, caller: &Caller, id: Uuid, n: i64) -> Result<i64, TallyError> {
        self.hub.ask::<Tally, _>(caller, id, Add(n)).await
    }

    /// Holds the logs of these tenants, so that none of their commits comes to an end.
    pub(crate) async fn hold_logs(&self, callers: &[&Caller]) -> Held {
        let tenants: Vec<_> = callers.iter().map(|caller| format!("'{}'", caller.tenant)).collect();
        let hold = format!(
            "BEGIN; SELECT FROM log_heads WHERE tenant_id IN ({}) FOR UPDATE",
            tenants.join(", ")
        );
        let mut admin = self.admin().await;
        admin.batch_execute(&hold).await.unwrap();
        Held(admin)
    }
}

/// Rows that are held until they are released.
pub(crate) struct Held(AsyncPgConnection);

impl Held {
    pub(crate) async fn release(mut self) {
        self.0.batch_execute("ROLLBACK").await.unwrap();
    }
}
