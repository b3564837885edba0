//! A lane: batches that follow each other, be it those of all tenants or those of one that writes by itself.

use std::collections::VecDeque;

use kernel::TenantId;
use tokio::time::Instant;

use super::batch::Batch;

/// Those who write by themselves leave one connection to all others.
const PLACES: usize = store::Scribe::CONNECTIONS - 1;

/// One batch at a time: two that share a processor are both small, and all of them together slower.
#[derive(Default)]
pub(super) struct Lane {
    pub(super) waiting: Batch,
    /// When the first of those came, if they are of one tenant.
    pub(super) since: Option<Instant>,
    pub(super) is_writing: bool,
    pub(super) until: Option<Instant>,
}

impl Lane {
    pub(super) fn is_over(&self) -> bool {
        !self.is_writing && self.waiting.is_empty() && self.until.is_none_or(|until| until <= Instant::now())
    }
}

/// The connections of those who write by themselves, and who waits for one, in order.
#[derive(Default)]
pub(super) struct Places {
    n_taken: usize,
    line: VecDeque<TenantId>,
}

impl Places {
    /// Whether a tenant may begin; else it stands in line.
    pub(super) fn take(&mut self, tenant: TenantId) -> bool {
        let is_free = self.n_taken < PLACES;
        if is_free {
            self.n_taken += 1;
        } else if !self.line.contains(&tenant) {
            self.line.push_back(tenant);
        }
        is_free
    }

    pub(super) fn give_back(&mut self) {
        self.n_taken -= 1;
    }

    /// Whose turn it is, if there is a place.
    pub(super) fn next(&mut self) -> Option<TenantId> {
        if self.n_taken < PLACES {
            self.line.pop_front()
        } else {
            None
        }
    }
}
