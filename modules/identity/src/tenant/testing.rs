//! A tenant to test with.

use chrono::DateTime;
use kernel::{Clock, TenantId};
use store::testing::TestDatabase;
use store::{Store, StoreConfig};

use super::{Created, NewTenant, create};

/// A store on a database of its own, whose clock stands still until it is moved.
pub(crate) async fn store() -> (TestDatabase, Store) {
    let database = store::testing::database().await.unwrap();
    let store = Store::open(StoreConfig {
        urls: database.urls.clone(),
        pool: 2,
        clock: Clock::standing(DateTime::from_timestamp(1_800_000_000, 0).unwrap()),
    });
    (database, store.unwrap())
}

pub(crate) async fn tenant(store: &Store) -> Created {
    let new = NewTenant {
        company: "Acme".into(),
        name: "Ada".into(),
        email: "ada@example.org".into(),
        password: "a long enough password".into(),
    };
    create(store, new).await.unwrap()
}

/// A store with one tenant in it.
pub(crate) async fn acme() -> (TestDatabase, Store, TenantId) {
    let (database, store) = store().await;
    let tenant = tenant(&store).await.tenant;
    (database, store, tenant)
}
