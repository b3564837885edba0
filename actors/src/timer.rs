//! The timer: owns whose timers are being run, and the next due time. The timers themselves are rows.
//!
//! Writers poke it when they set one. Tenants take their turns beside each other, a few at a time; a tenant that is at it is left
//! out of the next look, so that whoever is slow or has many delays nobody else. What is due is handed to whoever registered for
//! its kind, and removed when that worked; otherwise it is tried again later. When the timer dies the hub starts it anew.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix::prelude::*;
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use kernel::{Caller, TenantId};
use store::StoreError;
use tokio::time::Instant;

use crate::Hub;

/// How many due timers are looked at, and how many of them one tenant may run in a row.
const AT_ONCE: i64 = 256;
const IN_A_ROW: usize = 32;
const TENANTS_AT_ONCE: usize = 8;
/// How long one may take, and after how long the others have their turn.
const PATIENCE: Duration = Duration::from_secs(30);
const TURN: Duration = Duration::from_secs(10);
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
const AT_ONCE_AGAIN: Duration = Duration::from_millis(5);
const AFTER_AN_ERROR: Duration = Duration::from_secs(1);
const AFTER_A_FAILURE: [i64; 5] = [1, 5, 30, 120, 600];

/// The actor.
pub struct Timer {
    hub: Hub,
    pulse: Arc<Pulse>,
    running: HashSet<TenantId>,
    is_looking: bool,
    look_again: bool,
    sleep: Option<SpawnHandle>,
}

/// What can be seen of the timer from outside.
#[derive(Default)]
pub(crate) struct Pulse {
    fired: AtomicU64,
    next: Mutex<Option<DateTime<Utc>>>,
}

impl Pulse {
    pub(crate) fn count(&self) -> u64 {
        self.fired.load(Ordering::Relaxed)
    }

    pub(crate) fn next_due_at(&self) -> Option<DateTime<Utc>> {
        self.next.lock().map(|next| *next).unwrap_or_default()
    }
}

/// What a look found.
type Due = (Vec<store::timers::Timer>, Option<DateTime<Utc>>);

impl Timer {
    pub(crate) fn new(hub: Hub, pulse: Arc<Pulse>) -> Self {
        Self {
            hub,
            pulse,
            running: HashSet::new(),
            is_looking: false,
            look_again: false,
            sleep: None,
        }
    }

    fn look(&mut self, ctx: &mut Context<Self>) {
        if self.is_looking {
            self.look_again = true;
            return;
        }
        if self.running.len() >= TENANTS_AT_ONCE {
            // Whoever is done looks again.
            return;
        }
        self.is_looking = true;
        let (store, busy) = (self.hub.store().clone(), self.running.iter().copied().collect());
        let look = async move { store.due_timers(AT_ONCE, busy).await };
        let looked = look.into_actor(self).map(|outcome, this, ctx| {
            this.is_looking = false;
            let wait = this.begin(outcome, ctx);
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

    /// Gives turns to the tenants of what is due; returns when to look again.
    fn begin(&mut self, outcome: Result<Due, StoreError>, ctx: &mut Context<Self>) -> Duration {
        let (due, next) = match outcome {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "timers could not be read; trying again");
                return AFTER_AN_ERROR;
            }
        };
        let is_full = i64::try_from(due.len()).is_ok_and(|n| n == AT_ONCE);
        // Whoever has waited longest comes first.
        let (mut order, mut turns): (_, HashMap<TenantId, Vec<_>>) = (vec![], HashMap::new());
        for timer in due {
            let tenant = timer.tenant_id;
            let turn = turns.entry(tenant).or_insert_with(|| {
                order.push(tenant);
                vec![]
            });
            turn.push(timer);
        }
        for tenant in order {
            if self.running.len() >= TENANTS_AT_ONCE {
                break;
            }
            let Some(timers) = turns.remove(&tenant) else { continue };
            self.running.insert(tenant);
            let turn = run(self.hub.clone(), self.pulse.clone(), timers);
            let done = turn.into_actor(self).map(move |outcome, this, ctx| {
                this.running.remove(&tenant);
                match outcome {
                    Ok(()) => this.look(ctx),
                    Err(error) => {
                        tracing::warn!(tenant.id = %tenant, %error, "a timer could not be settled");
                        ctx.run_later(AFTER_AN_ERROR, Self::look);
                    }
                }
            });
            ctx.spawn(done);
        }
        if let Ok(mut known) = self.pulse.next.lock() {
            *known = next;
        }
        if is_full && self.running.len() < TENANTS_AT_ONCE {
            // Behind those who are at it now there may be others, who must not wait until they have done.
            return AT_ONCE_AGAIN;
        }
        let until = next.map(|next| (next - self.hub.store().clock().now()).to_std().unwrap_or_default());
        until
            .unwrap_or(LONGEST_SLEEP)
            .clamp(Duration::from_millis(5), LONGEST_SLEEP)
    }
}

/// Runs the due timers of one tenant, as many as its turn allows.
async fn run(hub: Hub, pulse: Arc<Pulse>, timers: Vec<store::timers::Timer>) -> Result<(), StoreError> {
    let (store, began) = (hub.store(), Instant::now());
    for timer in timers.into_iter().take(IN_A_ROW) {
        let caller = Caller::system(timer.tenant_id, "timer");
        let outcome = match hub.registry().find_timer(&timer.kind) {
            Some(run) => {
                let run = run(hub.clone(), caller, timer.subject);
                let run = AssertUnwindSafe(run).catch_unwind();
                match tokio::time::timeout(PATIENCE, run).await {
                    Ok(outcome) => outcome.unwrap_or_else(|_| Err("it crashed".into())),
                    Err(_) => Err("it took too long".into()),
                }
            }
            None => Err(format!("nobody knows timers of the kind {}", timer.kind)),
        };
        match outcome {
            Ok(()) => {
                pulse.fired.fetch_add(1, Ordering::Relaxed);
                store.finish_timer(&timer).await?;
            }
            Err(why) => {
                tracing::warn!(tenant.id = %timer.tenant_id, kind = timer.kind, why, "a timer failed; trying again");
                let until = store.clock().now() + patience_after(timer.attempts);
                store.postpone_timer(&timer, until, &why).await?;
            }
        }
        if began.elapsed() > TURN {
            break;
        }
    }
    Ok(())
}

/// How long to wait after so many failures before this one.
fn patience_after(attempts: i32) -> chrono::Duration {
    let step = usize::try_from(attempts).unwrap_or(0).min(AFTER_A_FAILURE.len() - 1);
    chrono::Duration::seconds(AFTER_A_FAILURE.get(step).copied().unwrap_or(600))
}

impl Actor for Timer {
    type Context = Context<Self>;
}

/// Whatever it died of, what is due must be run.
impl Drop for Timer {
    fn drop(&mut self) {
        self.hub.revive_timer();
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
