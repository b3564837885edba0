//! The relays, and what waits to be sent to each of them.

use actix::Addr;
use actix::prelude::SendError;

use crate::relay::{Job, Relay, Work};

/// A relay that takes nothing for this long is not fed any more: its sessions catch up from the log.
const MAX_WAITING: usize = 50_000;

/// Which relay.
pub(super) type Port = usize;

/// The relays, each with what waits for it.
#[derive(Default)]
pub(super) struct Ports(Vec<(Addr<Relay>, Vec<Job>)>);

impl Ports {
    /// The place of a relay, which may be new.
    pub(super) fn of(&mut self, relay: &Addr<Relay>) -> Port {
        let known = self.0.iter().position(|(known, _)| known == relay);
        known.unwrap_or_else(|| {
            self.0.push((relay.clone(), vec![]));
            self.0.len() - 1
        })
    }

    pub(super) fn add(&mut self, port: Port, job: Job) {
        let Some((_, jobs)) = self.0.get_mut(port) else {
            return;
        };
        if jobs.len() >= MAX_WAITING {
            jobs.retain(|job| !matches!(job, Job::Pass { .. } | Job::Give { .. } | Job::Head { .. }));
            jobs.push(Job::Lost);
        }
        jobs.push(job);
    }

    pub(super) fn add_to_all(&mut self, job: Job) {
        self.0.iter_mut().for_each(|(_, jobs)| jobs.push(job.clone()));
    }

    /// Sends what waits; returns whether everything went.
    pub(super) fn send(&mut self) -> bool {
        let mut is_all = true;
        for (relay, jobs) in self.0.iter_mut().filter(|(_, jobs)| !jobs.is_empty()) {
            match relay.try_send(Work(std::mem::take(jobs))) {
                // The sessions of a relay that is gone are gone with it.
                Ok(()) | Err(SendError::Closed(_)) => {}
                Err(SendError::Full(Work(back))) => {
                    *jobs = back;
                    is_all = false;
                }
            }
        }
        is_all
    }

    /// Sends everything, also to those that are busy: nobody will be there to try again.
    #[expect(
        clippy::disallowed_methods,
        reason = "one last message to each relay, when the bus goes"
    )]
    pub(super) fn send_whatever_waits(&mut self) {
        for (relay, jobs) in &mut self.0 {
            relay.do_send(Work(std::mem::take(jobs)));
        }
    }

    pub(super) fn relays(&self) -> Vec<Addr<Relay>> {
        self.0.iter().map(|(relay, _)| relay.clone()).collect()
    }
}
