//! Where delivery reads what happened while nobody listened.

use futures_util::future::BoxFuture;
use kernel::{Caller, ContactId, Recorded, TenantId};
use store::{Store, StoreError};

/// What is being read.
pub type Reading<T> = BoxFuture<'static, Result<T, StoreError>>;

/// The log of every tenant, as far as it is read.
pub trait Log: Send + Sync + 'static {
    /// The newest place in the tenant's log.
    fn head(&self, tenant: TenantId) -> Reading<i64>;

    /// Up to `limit` events after `seq`, oldest first.
    fn events_after(&self, caller: &Caller, seq: i64, limit: i64) -> Reading<Vec<Recorded>>;

    /// The same, of those that concern a customer.
    fn events_of(&self, caller: &Caller, contact: ContactId, seq: i64, limit: i64) -> Reading<Vec<Recorded>>;
}

impl Log for Store {
    fn head(&self, tenant: TenantId) -> Reading<i64> {
        let (store, caller) = (self.clone(), Caller::system(tenant, "bus"));
        Box::pin(async move { Self::head(&store, &caller).await })
    }

    fn events_after(&self, caller: &Caller, seq: i64, limit: i64) -> Reading<Vec<Recorded>> {
        let (store, caller) = (self.clone(), caller.clone());
        Box::pin(async move { Self::events_after(&store, &caller, seq, limit).await })
    }

    fn events_of(&self, caller: &Caller, contact: ContactId, seq: i64, limit: i64) -> Reading<Vec<Recorded>> {
        let (store, caller) = (self.clone(), caller.clone());
        Box::pin(async move { Self::events_of(&store, &caller, contact, seq, limit).await })
    }
}
