//! A worker: does what there is to do for one thing, round after round, and is woken when there is more.
//!
//! Its tenant starts it at the first wake and lets go of it when it has long had nothing to do. A round that fails is
//! tried again, later and later; one that panics begins anew. What is to be done are rows: a worker that dies has lost
//! nothing.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix::prelude::*;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use kernel::{Caller, TenantId};
use tokio::time::Instant;
use uuid::Uuid;

use crate::Hub;
use crate::census::{WorkerRow, WorkerState};

/// What a worker does for its thing.
pub trait Work: 'static {
    /// Does what there is to do; says when to look again if nobody wakes it before.
    fn round(&mut self) -> LocalBoxFuture<'_, Result<Option<Duration>, String>>;
}

/// Which work, for which thing.
pub(crate) type Task = (&'static str, Uuid);
pub(crate) type NewWork = Arc<dyn Fn(Hub, Caller, Uuid) -> Box<dyn Work> + Send + Sync>;

const AFTER_A_FAILURE: [u64; 5] = [1, 2, 5, 15, 60];

/// The actor.
pub struct Worker {
    hub: Hub,
    tenant: TenantId,
    task: Task,
    new: NewWork,
    work: Option<Box<dyn Work>>,
    view: Arc<View>,
    is_working: bool,
    is_wanted: bool,
    is_outdated: bool,
    failures: usize,
    sleep: Option<SpawnHandle>,
}

/// What can be seen of a worker from outside.
pub(crate) struct View(Mutex<Seen>);

#[derive(Clone)]
struct Seen {
    state: WorkerState,
    rounds: u64,
    last_error: Option<String>,
    last_used: Instant,
}

impl Default for View {
    fn default() -> Self {
        Self(Mutex::new(Seen {
            state: WorkerState::Idle,
            rounds: 0,
            last_error: None,
            last_used: Instant::now(),
        }))
    }
}

impl View {
    pub(crate) fn is_idle(&self) -> bool {
        self.0.lock().is_ok_and(|seen| seen.state == WorkerState::Idle)
    }

    pub(crate) fn idle_for(&self) -> Duration {
        let seen = self.0.lock();
        seen.map_or(Duration::ZERO, |seen| match seen.state {
            WorkerState::Idle => seen.last_used.elapsed(),
            WorkerState::Working | WorkerState::Waiting => Duration::ZERO,
        })
    }

    pub(crate) fn row(&self, (kind, subject): Task) -> Option<WorkerRow> {
        let seen = self.0.lock().ok()?.clone();
        Some(WorkerRow {
            kind: kind.into(),
            subject,
            state: seen.state,
            rounds: seen.rounds,
            last_error: seen.last_error,
        })
    }

    fn set(&self, change: impl FnOnce(&mut Seen)) {
        if let Ok(mut seen) = self.0.lock() {
            seen.last_used = Instant::now();
            change(&mut seen);
        }
    }
}

impl Worker {
    pub(crate) fn new(hub: Hub, tenant: TenantId, task: Task, new: NewWork, view: Arc<View>) -> Self {
        Self {
            hub,
            tenant,
            task,
            new,
            work: None,
            view,
            is_working: false,
            is_wanted: false,
            is_outdated: false,
            failures: 0,
            sleep: None,
        }
    }

    fn begin(&mut self, ctx: &mut Context<Self>) {
        if self.is_working {
            self.is_wanted = true;
            return;
        }
        if self.hub.is_stopping() {
            return;
        }
        if let Some(sleep) = self.sleep.take() {
            ctx.cancel_future(sleep);
        }
        if std::mem::take(&mut self.is_outdated) {
            self.work = None;
        }
        let (kind, subject) = self.task;
        let work = self.work.take();
        let mut work = work.unwrap_or_else(|| (self.new)(self.hub.clone(), Caller::system(self.tenant, kind), subject));
        self.is_working = true;
        self.view.set(|seen| {
            seen.state = WorkerState::Working;
            seen.rounds += 1;
        });
        let round = async move {
            match AssertUnwindSafe(work.round()).catch_unwind().await {
                Ok(outcome) => (Some(work), outcome),
                Err(_) => (None, Err("it crashed".to_owned())),
            }
        };
        let done = round.into_actor(self).map(|(work, outcome), this, ctx| {
            this.work = work;
            this.is_working = false;
            let wait = this.settle(outcome);
            let wait = if std::mem::take(&mut this.is_wanted) {
                Some(Duration::ZERO)
            } else {
                wait
            };
            let state = if wait.is_some() {
                WorkerState::Waiting
            } else {
                WorkerState::Idle
            };
            this.view.set(|seen| seen.state = state);
            if let Some(wait) = wait {
                this.sleep = Some(ctx.run_later(wait, Self::begin));
            }
        });
        ctx.spawn(done);
    }

    /// Notes how a round went; returns when to begin the next one.
    fn settle(&mut self, outcome: Result<Option<Duration>, String>) -> Option<Duration> {
        match outcome {
            Ok(wait) => {
                self.failures = 0;
                self.view.set(|seen| seen.last_error = None);
                wait
            }
            Err(why) => {
                let (kind, subject) = self.task;
                tracing::warn!(tenant.id = %self.tenant, kind, %subject, why, "a round failed; trying again");
                self.view.set(|seen| seen.last_error = Some(why));
                let step = self.failures.min(AFTER_A_FAILURE.len() - 1);
                self.failures += 1;
                Some(Duration::from_secs(AFTER_A_FAILURE.get(step).copied().unwrap_or(60)))
            }
        }
    }
}

impl Actor for Worker {
    type Context = Context<Self>;

    fn started(&mut self, _: &mut Self::Context) {
        metrics::gauge!("switchboard_actors", "kind" => "worker").increment(1);
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        metrics::gauge!("switchboard_actors", "kind" => "worker").decrement(1);
    }
}

/// There is something to do.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Wake {
    /// Whatever the work remembers is not so any more.
    pub(crate) afresh: bool,
}

impl Handler<Wake> for Worker {
    type Result = ();

    fn handle(&mut self, wake: Wake, ctx: &mut Self::Context) {
        self.is_outdated |= wake.afresh;
        self.begin(ctx);
    }
}
