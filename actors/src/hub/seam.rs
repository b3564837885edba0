//! The seam to delivery: what was committed goes up, what clients ask for comes down.

use delivery::{Desk, Written};
use futures_util::future::LocalBoxFuture;
use kernel::{Caller, Problem, TenantId};
use serde_json::Value;
use store::{Announce, Committed};
use uuid::Uuid;

use super::Hub;

/// What was committed is told to those who listen, and to what keeps it in memory.
impl Announce for Hub {
    fn committed(&self, committed: Vec<Committed>) {
        for event in committed.iter().flat_map(|committed| &committed.events) {
            if let Some(hear) = self.0.registry.hearer(&event.kind) {
                hear(self, event);
            }
        }
        for committed in &committed {
            self.tell_followers(committed);
        }
        self.0.delivery.committed(committed);
    }

    fn in_doubt(&self, tenant: TenantId) {
        self.tell_followers_of_doubt(tenant);
        self.0.delivery.in_doubt(tenant);
    }
}

/// What clients ask for is carried out by the modules.
impl Desk for Hub {
    fn carry_out(
        &self,
        op: &str,
        caller: Caller,
        session: Uuid,
        fields: Value,
    ) -> LocalBoxFuture<'static, Result<Written, Problem>> {
        match self.0.registry.find_op(&caller, op) {
            Ok(run) => run(self.clone(), caller, session, fields),
            Err(problem) => Box::pin(async move { Err(problem) }),
        }
    }
}
