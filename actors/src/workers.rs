//! The workers of one tenant.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use kernel::TenantId;

use crate::Hub;
use crate::census::WorkerRow;
use crate::tenant::WakeWorker;
use crate::worker::{Task, View, Wake, Worker};

#[derive(Default)]
pub(crate) struct Workers(HashMap<Task, Slot>);

struct Slot {
    addr: Addr<Worker>,
    view: Arc<View>,
}

impl Workers {
    /// Wakes a worker, starting it if it is not there or has died.
    pub(crate) fn wake(&mut self, hub: &Hub, tenant: TenantId, wake: WakeWorker) {
        let WakeWorker { task, new, afresh } = wake;
        let known = self.0.remove(&task).filter(|slot| slot.addr.connected());
        let slot = known.unwrap_or_else(|| {
            let view = Arc::new(View::default());
            let addr = Worker::new(hub.clone(), tenant, task, new, view.clone()).start();
            Slot { addr, view }
        });
        wake_up(&slot.addr, afresh);
        self.0.insert(task, slot);
    }

    /// Lets go of those that have long had nothing to do.
    pub(crate) fn sweep(&mut self, idle: Duration) {
        self.0
            .retain(|_, slot| slot.addr.connected() && slot.view.idle_for() < idle);
    }

    pub(crate) fn are_idle(&self) -> bool {
        self.0.values().all(|slot| slot.view.is_idle())
    }

    pub(crate) fn rows(&self) -> Vec<WorkerRow> {
        let mut rows: Vec<_> = self.0.iter().filter_map(|(task, slot)| slot.view.row(*task)).collect();
        rows.sort_by(|one, other| (&one.kind, one.subject).cmp(&(&other.kind, other.subject)));
        rows
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a wake must not be lost; whoever is awake takes them all at once"
)]
fn wake_up(worker: &Addr<Worker>, afresh: bool) {
    worker.do_send(Wake { afresh });
}
