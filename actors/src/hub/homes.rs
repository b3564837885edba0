//! Where tenants live: on one thread each, with a journal that the tenants of a thread share.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use actix::prelude::*;
use kernel::TenantId;

use super::{Home, Hub, Thread};
use crate::LiveError;
use crate::entities::Entities;
use crate::journal::Journal;
use crate::tenant::Tenant;

/// Each has connections of its own, and more would not write faster.
const MOST_JOURNALS: usize = 4;

impl Hub {
    /// The tenant's actor, started if need be.
    pub(super) fn tenant(&self, id: TenantId) -> Result<Addr<Tenant>, LiveError> {
        Ok(self.home(id)?.tenant)
    }

    pub(super) fn home(&self, id: TenantId) -> Result<Home, LiveError> {
        if self.is_stopping() {
            return Err(LiveError::Stopping);
        }
        let mut tenants = self.tenants();
        if let Some(home) = tenants.get(&id).filter(|home| home.tenant.connected()) {
            return Ok(home.clone());
        }
        let arbiter = &self.thread(id, usize::MAX).ok_or(LiveError::Stopping)?.arbiter;
        let hub = self.clone();
        // A table of its own: what one that died had started is not found any more.
        let entities = Entities::default();
        let shared = entities.clone();
        let tenant = Tenant::start_in_arbiter(arbiter, move |_| Tenant::new(id, hub, shared));
        let home = Home { tenant, entities };
        tenants.insert(id, home.clone());
        Ok(home)
    }

    /// One of the first threads, always the same for a tenant.
    pub(super) fn thread(&self, id: TenantId, most: usize) -> Option<&Thread> {
        let n = u64::try_from(self.0.threads.len().min(most)).unwrap_or(1);
        let place = usize::try_from(id.0.as_u64_pair().1 % n).unwrap_or(0);
        self.0.threads.get(place)
    }

    /// The journal that a tenant writes with, started anew if it died.
    pub(crate) fn journal(&self, id: TenantId) -> Result<Addr<Journal>, LiveError> {
        let thread = self.thread(id, MOST_JOURNALS).ok_or(LiveError::Stopping)?;
        let mut journal = thread.journal.lock().unwrap_or_else(PoisonError::into_inner);
        let known = journal.take().filter(Addr::connected);
        let store = self.0.store.clone();
        let known = known.unwrap_or_else(|| Journal::start_in_arbiter(&thread.arbiter, |_| Journal::new(store)));
        Ok(journal.insert(known).clone())
    }

    /// Forgets a tenant that went to sleep.
    pub(crate) fn forget(&self, id: TenantId) {
        self.tenants().remove(&id);
        self.0.feeds.forget(id);
    }

    pub(super) fn tenants(&self) -> MutexGuard<'_, HashMap<TenantId, Home>> {
        self.0.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
