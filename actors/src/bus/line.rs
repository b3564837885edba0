//! The store's line to the bus.

use actix::prelude::*;
use kernel::TenantId;
use store::{Announce, Committed};

use super::Bus;

/// What the store has to tell.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) enum Told {
    Committed(Vec<Committed>),
    InDoubt(TenantId),
}

impl Handler<Told> for Bus {
    type Result = ();

    fn handle(&mut self, told: Told, ctx: &mut Self::Context) {
        match told {
            Told::Committed(committed) => {
                for Committed { tenant, events } in committed {
                    self.pass_on(tenant, events, ctx);
                }
            }
            Told::InDoubt(tenant) => self.heal(tenant, ctx),
        }
    }
}

/// The line.
pub(crate) struct Line(pub(crate) Addr<Bus>);

impl Announce for Line {
    fn committed(&self, committed: Vec<Committed>) {
        if let Err(SendError::Full(Told::Committed(untold))) = self.0.try_send(Told::Committed(committed)) {
            untold.iter().for_each(|committed| self.in_doubt(committed.tenant));
        }
    }

    fn in_doubt(&self, tenant: TenantId) {
        let bus = self.0.clone();
        // A full bus is asked again when it has room; what it was not told it reads from the log.
        actix::spawn(async move { bus.send(Told::InDoubt(tenant)).await.ok() });
    }
}
