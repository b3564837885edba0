//! Followers of the log: each hears the events it wants after their commit, in order, and moves its cursor together with
//! the rows that it writes.
//!
//! What happened lately is in memory, shared by all followers of a tenant (`feed`); whoever is further behind reads the
//! log (`round`).

mod feed;
mod round;

use std::future::Future;
use std::sync::Arc;

use kernel::{Caller, Fault, Recorded};
use store::{StoreError, Tx};

use crate::Hub;
use crate::worker::Work;

pub(crate) use feed::{Feeds, MOST_FOLLOWERS};

/// What a module does about what happens. One for each tenant, while the tenant is awake.
pub trait Follow: Sized + 'static {
    /// Its name, for people, and in the table of cursors.
    const NAME: &'static str;
    /// The kinds of events that it wants.
    const PATTERNS: &'static [&'static str];
    type Error: Fault + From<StoreError>;

    /// Reads what it needs to know of the tenant.
    fn open(hub: &Hub, caller: &Caller) -> impl Future<Output = Result<Self, Self::Error>>;

    /// Whether an event of these kinds is for it. Must not wait: many events pass by.
    fn wants(&mut self, event: &Recorded) -> bool {
        let _ = event;
        true
    }

    /// Takes events, oldest first. The cursor moves in the same transaction, so this happens once; if it fails, it did not.
    fn take(&mut self, tx: &mut Tx<'_>, events: &[Arc<Recorded>]) -> impl Future<Output = Result<(), Self::Error>>;

    /// What it took is durable.
    fn taken(&mut self, hub: &Hub, caller: &Caller, events: &[Arc<Recorded>]) {
        let _ = (hub, caller, events);
    }
}

/// A follower as the registry knows it.
#[derive(Clone)]
pub(crate) struct Follower {
    pub(crate) name: &'static str,
    pub(crate) patterns: &'static [&'static str],
    pub(crate) place: usize,
}

/// The work of a follower.
pub(crate) fn work<F: Follow>(hub: Hub, caller: Caller, place: usize) -> Box<dyn Work> {
    Box::new(round::Following::<F>::new(hub, caller, place))
}
