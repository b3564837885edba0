//! The timer: owns the next due time. The timers themselves are rows.
//!
//! Writers poke it when they set one. It hands what is due to whoever registered for its kind, and removes it when that
//! worked; otherwise it tries again later. When it dies, the next poke or its interval goes on where the rows stand.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix::prelude::*;
use chrono::{DateTime, Utc};
use kernel::Caller;
use store::{Store, StoreError};

use crate::Hub;

const AT_ONCE: i64 = 64;
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
const AFTER_A_FAILURE: [i64; 5] = [1, 5, 30, 120, 600];

/// The actor.
pub struct Timer {
    store: Store,
    hub: Option<Hub>,
    pulse: Arc<Pulse>,
    is_looking: bool,
    look_again: bool,
    sleep: Option<SpawnHandle>,
}

/// What can be seen of the timer from outside.
#[derive(Default)]
pub(crate) struct Pulse {
    fired: AtomicU64,
    next: Mutex<Option<DateTime<Utc>>>,
    failures: AtomicI64,
}

impl Pulse {
    pub(crate) fn count(&self) -> u64 {
        self.fired.load(Ordering::Relaxed)
    }

    pub(crate) fn next_due_at(&self) -> Option<DateTime<Utc>> {
        self.next.lock().map(|next| *next).unwrap_or_default()
    }
}

impl Timer {
    pub(crate) fn new(store: Store, pulse: Arc<Pulse>) -> Self {
        Self {
            store,
            hub: None,
            pulse,
            is_looking: false,
            look_again: false,
            sleep: None,
        }
    }

    fn look(&mut self, ctx: &mut Context<Self>) {
        let Some(hub) = self.hub.clone() else { return };
        if self.is_looking {
            self.look_again = true;
            return;
        }
        self.is_looking = true;
        let (store, pulse) = (self.store.clone(), self.pulse.clone());
        let work = async move { run_due(&store, &hub, &pulse).await };
        let looked = work.into_actor(self).map(|outcome, this, ctx| {
            this.is_looking = false;
            let wait = match outcome {
                Ok(next) => this.wait_for(next),
                Err(error) => {
                    this.pulse.failures.fetch_add(1, Ordering::Relaxed);
                    tracing::warn!(%error, "timers could not be read; trying again");
                    Duration::from_secs(1)
                }
            };
            let wait = if std::mem::take(&mut this.look_again) {
                Duration::ZERO
            } else {
                wait
            };
            if let Some(sleep) = this.sleep.take() {
                ctx.cancel_future(sleep);
            }
            this.sleep = Some(ctx.run_later(wait, Self::look));
        });
        ctx.spawn(looked);
    }

    fn wait_for(&self, next: Option<DateTime<Utc>>) -> Duration {
        if let Ok(mut known) = self.pulse.next.lock() {
            *known = next;
        }
        let wait = next.and_then(|next| (next - self.store.clock().now()).to_std().ok());
        let at_least = Duration::from_millis(if next.is_some() && wait.is_none() { 0 } else { 5 });
        wait.unwrap_or(if next.is_some() { Duration::ZERO } else { LONGEST_SLEEP })
            .clamp(at_least, LONGEST_SLEEP)
    }
}

/// Runs what is due; returns when the next one will be.
async fn run_due(store: &Store, hub: &Hub, pulse: &Pulse) -> Result<Option<DateTime<Utc>>, StoreError> {
    let (due, next) = store.due_timers(AT_ONCE).await?;
    let is_full = i64::try_from(due.len()).is_ok_and(|n| n == AT_ONCE);
    for timer in due {
        let caller = Caller::system(timer.tenant_id, "timer");
        let outcome = match hub.registry().find_timer(&timer.kind) {
            Some(run) => run(hub.clone(), caller, timer.subject).await,
            None => Err(format!("nobody knows timers of the kind {}", timer.kind)),
        };
        match outcome {
            Ok(()) => {
                pulse.fired.fetch_add(1, Ordering::Relaxed);
                store.finish_timer(&timer).await?;
            }
            Err(why) => {
                let step = usize::try_from(timer.attempts)
                    .unwrap_or(0)
                    .min(AFTER_A_FAILURE.len() - 1);
                let seconds = AFTER_A_FAILURE.get(step).copied().unwrap_or(600);
                tracing::warn!(tenant.id = %timer.tenant_id, kind = timer.kind, why, "a timer failed; trying again");
                store
                    .postpone_timer(&timer, store.clock().now() + chrono::Duration::seconds(seconds), &why)
                    .await?;
            }
        }
    }
    Ok(if is_full { Some(store.clock().now()) } else { next })
}

impl Actor for Timer {
    type Context = Context<Self>;
}

/// Gives the timer the hub it works for.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Begin(pub(crate) Hub);

impl Handler<Begin> for Timer {
    type Result = ();

    fn handle(&mut self, begin: Begin, ctx: &mut Self::Context) {
        self.hub = Some(begin.0);
        self.look(ctx);
    }
}

/// Something was set that may be due earlier.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Look;

impl Handler<Look> for Timer {
    type Result = ();

    fn handle(&mut self, _: Look, ctx: &mut Self::Context) {
        self.look(ctx);
    }
}
