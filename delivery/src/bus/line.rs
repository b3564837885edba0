//! The line to the bus: whoever commits tells it, from whatever thread, and never waits.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use actix::prelude::*;
use kernel::TenantId;
use store::Committed;

use super::Bus;

/// What there is to tell.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) enum Told {
    Committed(Vec<Committed>),
    /// Look who is in doubt.
    InDoubt,
}

impl Handler<Told> for Bus {
    type Result = ();

    fn handle(&mut self, told: Told, ctx: &mut Self::Context) {
        if let Told::Committed(committed) = told {
            for Committed { tenant, events } in committed {
                self.pass_on(tenant, events, ctx);
            }
        }
        // A full mailbox loses the word, not the doubt: whatever comes through next settles it.
        for tenant in self.doubts.take() {
            self.heal(tenant, ctx);
        }
    }
}

/// Tenants whose newest commits may or may not have happened: what they wrote is read from the log.
#[derive(Default)]
pub(crate) struct Doubts(Mutex<HashSet<TenantId>>);

impl Doubts {
    pub(crate) fn add(&self, tenant: TenantId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
    }

    pub(super) fn take(&self) -> HashSet<TenantId> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn tell(&self, bus: &Addr<Bus>, told: Told) {
        if let Err(SendError::Full(Told::Committed(untold))) = bus.try_send(told) {
            untold.iter().for_each(|committed| self.add(committed.tenant));
        }
    }

    /// Tells of commits, or else of doubts.
    pub(crate) fn tell_of(&self, bus: &Addr<Bus>, committed: Vec<Committed>) {
        self.tell(bus, Told::Committed(committed));
    }

    /// Tells of a doubt.
    pub(crate) fn tell_of_doubt(&self, bus: &Addr<Bus>, tenant: TenantId) {
        self.add(tenant);
        self.tell(bus, Told::InDoubt);
    }
}
