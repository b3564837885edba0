//! The pool: whatever happens to a transaction, the next one starts clean and as its own tenant.

use std::{future::Future, panic::AssertUnwindSafe, pin::pin, time::Duration};

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};
use kernel::{Caller, Clock, TenantId};
use store::testing::{self, TestDatabase};
use store::{Store, StoreConfig, StoreError, Tx};
use tokio::time::{sleep, timeout};

use crate::sql;

/// A store with a pool of the given size, and two tenants with one contact each.
pub(crate) struct Stage {
    pub(crate) database: TestDatabase,
    pub(crate) store: Store,
    pub(crate) a: Caller,
    pub(crate) b: Caller,
}

impl Stage {
    pub(crate) async fn set(pool: usize) -> Self {
        let database = testing::database().await.unwrap();
        let mut admin = sql::connect(&database.urls.admin).await;
        let (a, b) = (TenantId::fresh(), TenantId::fresh());
        for tenant in [a, b] {
            sql::execute(
                &mut admin,
                &format!(
                    "INSERT INTO tenants (id, slug, name, created_at) VALUES ('{tenant}', '{tenant}', 'T', now()); \
                     INSERT INTO log_heads (tenant_id) VALUES ('{tenant}')"
                ),
            )
            .await;
            sql::execute(&mut admin, &insert(tenant)).await;
        }
        let urls = database.urls.clone();
        let clock = Clock::machine();
        let store = Store::open(StoreConfig { urls, pool, clock }).unwrap();
        Self {
            database,
            store,
            a: Caller::system(a, "test"),
            b: Caller::system(b, "test"),
        }
    }

    pub(crate) async fn admin(&self) -> AsyncPgConnection {
        sql::connect(&self.database.urls.admin).await
    }

    /// Uses a connection as tenant B, after something happened to tenant A on it.
    async fn assert_clean(&self) {
        self.assert_quiet().await;
        let seen = self
            .store
            .read(&self.b, async |tx| {
                let conn = tx.conn();
                let tenant = sql::value(conn, "current_setting('app.tenant_id')").await;
                let contacts = sql::values(conn, "SELECT tenant_id::text AS value FROM contacts").await;
                // Behind the store's back: what the session itself remembers.
                conn.batch_execute("ROLLBACK").await?;
                let left = sql::value(conn, "coalesce(current_setting('app.tenant_id', true), '')").await;
                conn.batch_execute("BEGIN").await?;
                Ok::<_, StoreError>((tenant, contacts, left))
            })
            .await
            .unwrap();
        let b = self.b.tenant.to_string();
        assert_eq!(seen, (b.clone(), vec![b], String::new()));
        let (used, _) = self.store.load();
        assert_eq!(used, 0, "a connection was not given back");
    }

    /// Waits until no connection is inside a transaction; one that was dropped ends by itself.
    pub(crate) async fn assert_quiet(&self) {
        let busy = format!(
            "SELECT count(*)::text AS value FROM pg_stat_activity WHERE usename IN ('switchboard_app', 'switchboard_journal') \
             AND datname = '{}' AND xact_start IS NOT NULL",
            self.database.name
        );
        let mut admin = self.admin().await;
        let quiet = timeout(Duration::from_secs(5), async {
            while sql::value(&mut admin, &busy).await != "0" {
                sleep(Duration::from_millis(10)).await;
            }
        });
        quiet.await.unwrap();
    }

    /// How many contacts tenant A has, seen from outside.
    async fn contacts_of_a(&self) -> String {
        let count = format!(
            "SELECT count(*)::text AS value FROM contacts WHERE tenant_id = '{}'",
            self.a.tenant
        );
        sql::value(&mut self.admin().await, &count).await
    }
}

fn insert(tenant: TenantId) -> String {
    format!(
        "INSERT INTO contacts (tenant_id, id, name, created_at) VALUES ('{tenant}', gen_random_uuid(), 'Ada', now())"
    )
}

async fn run(tx: &mut Tx<'_>, sql: &str) -> Result<(), StoreError> {
    Ok(tx.conn().batch_execute(sql).await?)
}

/// Polls a future so many times, with time for the database in between, and drops it.
pub(crate) async fn poll_and_drop(future: impl Future, polls: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..polls {
        if futures_util::poll!(future.as_mut()).is_ready() {
            return true;
        }
        sleep(Duration::from_millis(1)).await;
    }
    false
}

#[tokio::test]
async fn a_write_is_seen_by_its_tenant_alone() {
    let stage = Stage::set(1).await;
    let tenant = stage.a.tenant;
    let written = stage
        .store
        .write(&stage.a, async |tx| run(tx, &insert(tenant)).await)
        .await;
    written.unwrap();
    assert_eq!(stage.contacts_of_a().await, "2");
    stage.assert_clean().await;
}

#[tokio::test]
async fn a_caller_may_go_away_at_any_moment() {
    let stage = Stage::set(1).await;
    let tenant = stage.a.tenant;
    // The begin, the body and the commit each take a few polls; every one is a place to stop.
    for polls in 0.. {
        let write = stage.store.write(&stage.a, async |tx| run(tx, &insert(tenant)).await);
        let done = poll_and_drop(write, polls).await;
        stage.assert_clean().await;
        if done {
            assert!(polls > 2, "it was never interrupted");
            break;
        }
    }
}

#[tokio::test]
async fn cancelled_in_the_body() {
    let stage = Stage::set(1).await;
    let tenant = stage.a.tenant;
    let write = stage.store.write(&stage.a, async |tx| {
        run(tx, &insert(tenant)).await?;
        run(tx, "SELECT pg_sleep(60)").await
    });
    assert!(timeout(Duration::from_millis(100), write).await.is_err());
    stage.assert_clean().await;
    assert_eq!(stage.contacts_of_a().await, "1");
}

#[tokio::test]
async fn cancelled_in_the_commit() {
    let stage = Stage::set(1).await;
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$; \
                CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON contacts DEFERRABLE INITIALLY DEFERRED \
                FOR EACH ROW EXECUTE FUNCTION slow()";
    sql::execute(&mut stage.admin().await, slow).await;
    let tenant = stage.a.tenant;
    let mut body_ended = false;
    let write = stage.store.write(&stage.a, async |tx| {
        run(tx, &insert(tenant)).await?;
        body_ended = true;
        Ok::<_, StoreError>(())
    });
    assert!(timeout(Duration::from_millis(300), write).await.is_err());
    assert!(body_ended);
    stage.assert_clean().await;
}

#[tokio::test]
async fn a_panic_in_the_body() {
    let stage = Stage::set(1).await;
    let tenant = stage.a.tenant;
    let write = stage.store.write(&stage.a, async |tx| {
        run(tx, &insert(tenant)).await?;
        assert!(tx.tenant() != tenant, "on purpose");
        Ok::<_, StoreError>(())
    });
    assert!(AssertUnwindSafe(write).catch_unwind().await.is_err());
    stage.assert_clean().await;
    assert_eq!(stage.contacts_of_a().await, "1");
}

#[tokio::test]
async fn a_statement_that_takes_too_long() {
    let stage = Stage::set(1).await;
    let slow = "SET LOCAL statement_timeout = '50ms'; SELECT pg_sleep(60)";
    let refused = stage.store.write(&stage.a, async |tx| run(tx, slow).await).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    stage.assert_clean().await;
}

#[tokio::test]
async fn an_error_in_the_body() {
    let stage = Stage::set(1).await;
    let tenant = stage.a.tenant;
    let refused = stage
        .store
        .write(&stage.a, async |tx| {
            run(tx, &insert(tenant)).await?;
            Err::<(), _>(StoreError::NotFound)
        })
        .await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
    stage.assert_clean().await;
    assert_eq!(stage.contacts_of_a().await, "1");
}

#[tokio::test]
async fn an_error_in_the_begin_batch() {
    let stage = Stage::set(1).await;
    // No caller can have this name; it makes the batch fail after its BEGIN.
    let broken = Caller::system(stage.a.tenant, "x', true), set_config('app.x', (1/0)::text, true) --");
    let refused = stage.store.read(&broken, async |_| Ok::<_, StoreError>(())).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    stage.assert_clean().await;
}

#[tokio::test]
async fn a_rollback_that_fails_because_the_connection_is_gone() {
    let stage = Stage::set(1).await;
    let mut admin = stage.admin().await;
    let refused = stage
        .store
        .write(&stage.a, async |tx| {
            let process = sql::value(tx.conn(), "pg_backend_pid()").await;
            let end = format!("SELECT pg_terminate_backend({process}, 5000)");
            sql::execute(&mut admin, &end).await;
            Err::<(), _>(StoreError::NotFound)
        })
        .await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
    stage.assert_clean().await;
}

#[tokio::test]
async fn connections_that_died_in_the_pool_are_replaced() {
    let stage = Stage::set(3).await;
    let use_all = || async {
        let reads = (0..3).map(|_| {
            stage
                .store
                .read(&stage.a, async |tx| run(tx, "SELECT pg_sleep(0.05)").await)
        });
        for outcome in futures_util::future::join_all(reads).await {
            outcome.unwrap();
        }
    };
    use_all().await;
    let end = format!(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
         WHERE usename = 'switchboard_app' AND datname = '{}'",
        stage.database.name
    );
    sql::execute(&mut stage.admin().await, &end).await;
    use_all().await;
    stage.assert_clean().await;
}

#[tokio::test]
async fn a_nested_call_waits_in_vain_and_harms_nothing() {
    let stage = Stage::set(1).await;
    let outcome = stage
        .store
        .read(&stage.a, async |tx| {
            let nested = stage.store.read(&stage.b, async |_| Ok::<_, StoreError>(()));
            let nested = Box::pin(nested).await;
            let tenant = sql::value(tx.conn(), "current_setting('app.tenant_id')").await;
            Ok::<_, StoreError>((nested, tenant))
        })
        .await;
    let (nested, tenant) = outcome.unwrap();
    assert!(matches!(nested, Err(StoreError::Unreachable(_))), "{nested:?}");
    assert_eq!(tenant, stage.a.tenant.to_string());
    stage.assert_clean().await;
}

#[tokio::test]
async fn a_storm_of_clients_that_disconnect() {
    let stage = Stage::set(8).await;
    let tenant = stage.a.tenant;
    let mut clients: FuturesUnordered<_> = (0..500_u64)
        .map(|n| {
            let write = stage.store.write(&stage.a, async |tx| {
                run(tx, &insert(tenant)).await?;
                run(tx, "SELECT pg_sleep(0.002)").await
            });
            // From at once to long enough, in an order that looks like none.
            timeout(Duration::from_millis(n * 37 % 1500), write)
        })
        .collect();
    let (mut done, mut gone) = (0, 0);
    while let Some(outcome) = clients.next().await {
        match outcome {
            Ok(written) => {
                written.unwrap();
                done += 1;
            }
            Err(_) => gone += 1,
        }
    }
    assert!(gone > 10 && done > 10, "{done} done, {gone} gone");
    for _ in 0..16 {
        stage.assert_clean().await;
    }
    // What was acknowledged is there; what was interrupted in its commit may be there too.
    let stored: usize = stage.contacts_of_a().await.parse().unwrap();
    assert!(stored > done, "{stored} stored, {done} acknowledged");
}

#[tokio::test]
async fn a_read_cannot_write() {
    let stage = Stage::set(1).await;
    let (text, caller) = (insert(stage.a.tenant), stage.a.clone());
    let outcome = stage
        .store
        .read(&caller, async |tx| {
            Ok::<_, StoreError>(tx.conn().batch_execute(&text).await?)
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::Refused(_))), "{outcome:?}");
    stage.assert_clean().await;
}

#[tokio::test]
async fn a_ping_asks_the_database_and_does_not_wait_for_ever() {
    let stage = Stage::set(1).await;
    stage.store.ping().await.unwrap();
    let busy = stage.store.read(&stage.a, async |tx| {
        let late = timeout(Duration::from_secs(4), stage.store.ping()).await.unwrap();
        assert!(matches!(late, Err(StoreError::Unreachable(_))), "{late:?}");
        sql::value(tx.conn(), "1::text").await;
        Ok::<_, StoreError>(())
    });
    Box::pin(busy).await.unwrap();
    let mut admin = stage.admin().await;
    let end = "SELECT pg_terminate_backend(pid, 5000)::text AS value FROM pg_stat_activity \
               WHERE datname = current_database() AND usename = 'switchboard_app'";
    assert_eq!(sql::values(&mut admin, end).await, ["true"]);
    stage.store.ping().await.unwrap();
    stage.assert_clean().await;
}
