//! Followers and workers: who is woken when something was committed, or when somebody says so.

use futures_util::{StreamExt, stream};
use kernel::{Caller, TenantId};
use store::{Committed, StoreError, followers};
use uuid::Uuid;

use super::Hub;
use crate::follower::Feeds;
use crate::tenant::WakeWorker;

/// So many tenants are woken at once when the server starts.
const AT_ONCE: usize = 8;

impl Hub {
    /// Lets new followers begin where the logs end now. To be called before anything else is written.
    pub async fn begin_followers(&self) -> Result<(), StoreError> {
        let names: Vec<_> = self
            .0
            .registry
            .followers()
            .iter()
            .map(|follower| follower.name)
            .collect();
        self.store().begin_followers(&names).await
    }

    /// Wakes the followers that have something left to hear.
    pub async fn wake_followers(&self) -> Result<(), StoreError> {
        let behind = self.store().followers_behind().await?;
        let woken = stream::iter(behind).for_each_concurrent(AT_ONCE, async |(tenant, name)| {
            self.wake(&Caller::system(tenant, "hub"), &name, tenant.0);
            // Not all tenants in the same moment.
            tokio::task::yield_now().await;
        });
        woken.await;
        Ok(())
    }

    /// Wakes the followers of a tenant that woke up, if there is something left to hear. What was told to those before is
    /// forgotten.
    pub(crate) fn look_for_followers(&self, tenant: TenantId) {
        self.0.feeds.forget(tenant);
        let (hub, caller) = (self.clone(), Caller::system(tenant, "hub"));
        if self.0.registry.followers().is_empty() || self.is_stopping() {
            return;
        }
        actix::spawn(async move {
            match hub
                .store()
                .read(&caller, async |tx| followers::behind(tx, &hub.followers()).await)
                .await
            {
                Ok(behind) => behind.iter().for_each(|name| hub.wake(&caller, name, tenant.0)),
                Err(error) => tracing::warn!(tenant.id = %tenant, %error, "the followers could not be looked for"),
            }
        });
    }

    /// The followers' names.
    #[must_use]
    pub fn followers(&self) -> Vec<&'static str> {
        self.0
            .registry
            .followers()
            .iter()
            .map(|follower| follower.name)
            .collect()
    }

    /// Says that there is work of this kind to do for a thing.
    pub fn wake(&self, caller: &Caller, kind: &str, subject: Uuid) {
        self.wake_worker(caller.tenant, kind, subject, false);
    }

    /// The same, and what the worker remembers is not so any more.
    pub fn wake_afresh(&self, caller: &Caller, kind: &str, subject: Uuid) {
        self.wake_worker(caller.tenant, kind, subject, true);
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a wake must not be lost; a follower is woken once until it looks, and others by writes that were answered"
    )]
    fn wake_worker(&self, tenant: TenantId, kind: &str, subject: Uuid, afresh: bool) {
        let Some((kind, new)) = self.0.registry.find_work(kind) else {
            tracing::error!(kind, "nobody does work of this kind");
            return;
        };
        if let Ok(tenant) = self.tenant(tenant) {
            let task = (kind, subject);
            tenant.do_send(WakeWorker { task, new, afresh });
        }
    }

    pub(crate) fn feeds(&self) -> &Feeds {
        &self.0.feeds
    }

    pub(super) fn tell_followers(&self, committed: &Committed) {
        let places = self.0.feeds.keep(committed);
        self.wake_places(committed.tenant, &places);
    }

    pub(super) fn tell_followers_of_doubt(&self, tenant: TenantId) {
        let places = self.0.feeds.doubt(tenant);
        self.wake_places(tenant, &places);
    }

    fn wake_places(&self, tenant: TenantId, places: &[usize]) {
        let all = self.0.registry.followers();
        for follower in places.iter().filter_map(|place| all.get(*place)) {
            self.wake_worker(tenant, follower.name, tenant.0, false);
        }
    }
}
