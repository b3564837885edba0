//! A tenant: owns the table of its live entities, its journal, its bridges and its workers.
//!
//! The hub sends it requests to find an entity, and starts it anew when it has died. It counts the crashes of its entities
//! and puts one that fails too often to rest; its sweep lets go of those that nobody asked for.

mod event;
mod messages;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix::prelude::*;
use chrono::{DateTime, Utc};
use kernel::{Caller, ChannelId, TenantId};
use tokio::time::Instant;

use crate::bridge::{self, Bridge};
use crate::census::{EntityRow, EntityState, TenantRow};
use crate::entities::{Entities, Key, Reach, Slot};
use crate::entity::{Entity, EntityActor, Live, Vitals};
use crate::journal::{Pen, Pulse};
use crate::workers::Workers;
use crate::{Hub, LiveError};

pub use event::LiveEvent;
pub(crate) use messages::{AskCensus, Census, Crashed, Drain, Find, WakeBridge, WakeWorker};

const REST: Duration = Duration::from_secs(60);

/// The actor.
pub struct Tenant {
    id: TenantId,
    hub: Hub,
    entities: Entities,
    troubled: HashMap<Key, Trouble>,
    bridges: HashMap<ChannelId, BridgeSlot>,
    workers: Workers,
    pen: Option<Pen>,
    pulse: Arc<Pulse>,
    since: DateTime<Utc>,
    last_used: Instant,
    sleepers: u64,
}

/// The crashes of an entity, and until when it rests.
#[derive(Default)]
struct Trouble {
    crashes: VecDeque<Instant>,
    total: usize,
    rests_until: Option<Instant>,
}

struct BridgeSlot {
    addr: Addr<Bridge>,
    view: Arc<bridge::View>,
    restarts: usize,
}

impl Tenant {
    pub(crate) fn new(id: TenantId, hub: Hub, entities: Entities) -> Self {
        let (since, last_used) = (hub.store().clock().now(), Instant::now());
        let (troubled, bridges) = (HashMap::new(), HashMap::new());
        Self {
            id,
            hub,
            entities,
            troubled,
            bridges,
            workers: Workers::default(),
            pen: None,
            pulse: Arc::default(),
            since,
            last_used,
            sleepers: 0,
        }
    }

    fn caller(&self) -> Caller {
        Caller::system(self.id, "tenant")
    }

    /// The way to the journal, found anew if it died.
    fn pen(&mut self) -> Result<Pen, LiveError> {
        if let Some(pen) = self.pen.as_ref().filter(|pen| pen.is_alive()) {
            return Ok(pen.clone());
        }
        let pen = Pen::new(self.hub.journal(self.id)?, self.pulse.clone());
        Ok(self.pen.insert(pen).clone())
    }

    /// Returns the way to an entity, starting it if it is not there.
    fn find<E: Entity>(&mut self, id: E::Id, me: Addr<Self>) -> Result<Reach<E>, LiveError> {
        let (key, now) = (Key::of::<E>(id), Instant::now());
        self.last_used = now;
        if self
            .troubled
            .get(&key)
            .and_then(|trouble| trouble.rests_until)
            .is_some_and(|until| now < until)
        {
            return Err(LiveError::Quarantined);
        }
        if let Some(reach) = self.entities.reach(id, self.hub.config().mailbox)? {
            return Ok(reach);
        }
        let vitals = Arc::new(Vitals::default());
        let live = Live {
            hub: self.hub.clone(),
            caller: Caller::system(self.id, E::KIND),
            journal: self.pen()?,
        };
        let addr = EntityActor::<E>::new(id, live, me, vitals.clone()).start();
        Ok(self.entities.add(id, addr, vitals))
    }

    /// Counts a crash; past the budget the entity rests, and an event says so.
    fn note_crash(&mut self, key: Key, ctx: &mut Context<Self>) {
        let config = self.hub.config();
        let (now, window, budget) = (Instant::now(), config.restart_window, config.restart_budget);
        let trouble = self.troubled.entry(key).or_default();
        trouble.total += 1;
        trouble.crashes.push_back(now);
        while trouble.crashes.front().is_some_and(|at| now - *at > window) {
            trouble.crashes.pop_front();
        }
        tracing::warn!(tenant.id = %self.id, kind = key.kind, id = %key.id, crashes = trouble.total, "an entity crashed");
        if trouble.crashes.len() <= budget {
            return;
        }
        trouble.rests_until = Some(now + REST);
        trouble.crashes.clear();
        self.entities.table().remove(&key);
        let (store, caller) = (self.hub.store().clone(), self.caller());
        let event = LiveEvent::EntityQuarantined {
            kind: key.kind.into(),
            id: key.id,
        };
        let announced = async move {
            let announced = store.write(&caller, async |tx| {
                tx.announce(&event);
                Ok::<_, store::StoreError>(())
            });
            if let Err(error) = announced.await {
                tracing::error!(%error, "a quarantine could not be announced");
            }
        };
        ctx.spawn(announced.into_actor(self));
    }

    /// Lets go of what nobody asked for; when nothing is left, the tenant itself sleeps.
    fn sweep(&mut self, ctx: &mut Context<Self>) {
        let (now, config) = (Instant::now(), self.hub.config());
        let (idle, sweep) = (config.idle, config.sweep);
        let mut table = self.entities.table();
        let before = table.len();
        table.retain(|_, slot| {
            // What could not be loaded is not worth keeping: most often it never was.
            let limit = if slot.is_loaded() { idle } else { sweep };
            now - slot.last_used < limit || slot.vitals.waiting.load(Ordering::Relaxed) > 0
        });
        let (n_slept, is_empty) = (before - table.len(), table.is_empty());
        drop(table);
        self.sleepers += n_slept as u64;
        self.troubled.retain(|_, trouble| {
            trouble.crashes.back().is_some_and(|at| now - *at < REST) || trouble.rests_until.is_some_and(|at| now < at)
        });
        self.bridges.retain(|_, bridge| bridge.addr.connected());
        self.workers.sweep(idle);
        let is_asleep = is_empty && self.workers.are_idle() && self.bridges.values().all(|b| b.view.is_idle());
        if is_asleep && now - self.last_used > idle * 2 {
            self.hub.forget(self.id);
            ctx.stop();
        }
    }

    fn wake_bridge(&mut self, channel: ChannelId) {
        self.last_used = Instant::now();
        let known = self.bridges.remove(&channel);
        let restarts = known.as_ref().map_or(0, |slot| slot.restarts);
        let slot = match known {
            Some(slot) if slot.addr.connected() => slot,
            dead => {
                let view = Arc::new(bridge::View::default());
                let addr = Bridge::new(self.hub.clone(), self.id, channel, view.clone()).start();
                BridgeSlot {
                    addr,
                    view,
                    restarts: restarts + usize::from(dead.is_some()),
                }
            }
        };
        slot.addr.try_send(bridge::Wake).ok();
        self.bridges.insert(channel, slot);
    }

    fn census(&self) -> Census {
        let now = Instant::now();
        let table = self.entities.table();
        let loaded = table.iter().filter(|(_, slot)| slot.is_loaded());
        let mut entities: Vec<_> = loaded.map(|(key, slot)| self.row(key, slot, now)).collect();
        let resting = self
            .troubled
            .iter()
            .filter(|(key, t)| !table.contains_key(key) && t.rests_until.is_some_and(|until| now < until));
        entities.extend(resting.map(|(key, trouble)| EntityRow {
            kind: key.kind.into(),
            id: key.id,
            label: String::new(),
            state: EntityState::Quarantined,
            mailbox: 0,
            restarts: trouble.total,
            handled: 0,
            idle_seconds: 0,
        }));
        entities.sort_by_key(|row| (row.idle_seconds, row.id));
        let bridges = self
            .bridges
            .iter()
            .map(|(id, slot)| slot.view.row(*id, slot.restarts))
            .collect();
        let journal = self.pen.as_ref().map(Pen::row).unwrap_or_default();
        let tenant = TenantRow {
            id: self.id.0,
            name: String::new(),
            since: self.since,
            sleepers: self.sleepers,
        };
        Census {
            tenant,
            journal,
            entities,
            bridges,
            workers: self.workers.rows(),
        }
    }

    fn row(&self, key: &Key, slot: &Slot, now: Instant) -> EntityRow {
        EntityRow {
            kind: key.kind.into(),
            id: key.id,
            label: slot.vitals.label.get().cloned().unwrap_or_default(),
            state: EntityState::Live,
            mailbox: slot.vitals.waiting.load(Ordering::Relaxed),
            restarts: self.troubled.get(key).map_or(0, |trouble| trouble.total),
            handled: slot.vitals.handled.load(Ordering::Relaxed),
            idle_seconds: (now - slot.last_used).as_secs(),
        }
    }
}

impl Actor for Tenant {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(4_096);
        ctx.run_interval(self.hub.config().sweep, Self::sweep);
        metrics::gauge!("switchboard_actors", "kind" => "tenant").increment(1);
        let (store, caller) = (self.hub.store().clone(), self.caller());
        let left_behind = async move { store.channels_with_parcels(&caller).await };
        let wake = left_behind.into_actor(self).map(|outcome, this, _| match outcome {
            Ok(channels) => channels.into_iter().for_each(|channel| this.wake_bridge(channel)),
            Err(error) => tracing::warn!(tenant.id = %this.id, %error, "the outbox could not be read"),
        });
        ctx.spawn(wake);
        self.hub.look_for_followers(self.id);
        self.hub.look_for_jobs(self.id);
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        metrics::gauge!("switchboard_actors", "kind" => "tenant").decrement(1);
        // Whoever was told to wake in its last moment is told again.
        self.hub.look_for_followers(self.id);
    }
}
