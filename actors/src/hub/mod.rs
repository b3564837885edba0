//! The hub: finds the actor that owns a thing, and carries commands to it. Cheap to clone, owned by nobody.

mod config;
mod follow;
mod homes;
mod seam;
mod time;

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix::prelude::*;
use chrono::{DateTime, Utc};
use delivery::{Delivery, Presence, Signal};
use futures_util::future::join_all;
use kernel::{Caller, ChannelId, ContactId, ConversationId, SessionId, TenantId, UserId};
use store::Store;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use uuid::Uuid;

use crate::LiveError;
use crate::census::{ActorTree, NodeRow, TimerRow};
use crate::entities::{Entities, Reach};
use crate::entity::{Command, Entity, Handle, Tell};
use crate::follower::Feeds;
use crate::journal::Journal;
use crate::registry::Registry;
use crate::tenant::{self, Find, Tenant};
use crate::timer::{self, Timer};

pub use config::LiveConfig;

/// The way to everything live.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    store: Store,
    config: LiveConfig,
    registry: Arc<Registry>,
    delivery: Delivery,
    timer: Mutex<Option<Addr<Timer>>>,
    /// Where the timer lives.
    home: ArbiterHandle,
    fired: Arc<timer::Pulse>,
    feeds: Feeds,
    /// Who does a step of a job has one.
    job_turns: Semaphore,
    threads: Vec<Thread>,
    tenants: Mutex<HashMap<TenantId, Home>>,
    started_at: DateTime<Utc>,
    is_stopping: AtomicBool,
}

/// A thread that tenants live on, and the journal they share.
struct Thread {
    arbiter: ArbiterHandle,
    journal: Mutex<Option<Addr<Journal>>>,
}

/// A tenant that is awake.
#[derive(Clone)]
struct Home {
    tenant: Addr<Tenant>,
    entities: Entities,
}

const PATIENCE: Duration = Duration::from_secs(15);

impl Hub {
    /// Starts the bus, the timer and the threads for tenants. Must be called inside an actix system.
    #[must_use]
    pub fn start(store: Store, registry: Registry, config: LiveConfig) -> Self {
        let registry = Arc::new(registry);
        let (log, clock, audience) = (
            Arc::new(store.clone()),
            store.clock().clone(),
            registry.audience.clone(),
        );
        let delivery = Delivery::start(log, clock, audience, config.delivery.clone());
        let fired = Arc::new(timer::Pulse::default());
        let feeds = Feeds::new(registry.followers().iter());
        let thread = |_| Thread {
            arbiter: Arbiter::new().handle(),
            journal: Mutex::default(),
        };
        let threads = (0..config.threads.max(1)).map(thread).collect();
        let (tenants, is_stopping) = (Mutex::default(), AtomicBool::new(false));
        let started_at = store.clock().now();
        let job_turns = Semaphore::new(config.jobs.steps.max(1));
        let inner = Inner {
            store,
            config,
            registry,
            delivery,
            timer: Mutex::default(),
            home: Arbiter::current(),
            fired,
            feeds,
            job_turns,
            threads,
            tenants,
            started_at,
            is_stopping,
        };
        let hub = Self(Arc::new(inner));
        hub.store().listen(Arc::new(hub.clone()));
        hub.timer_changed();
        hub
    }

    /// Sends a command to the entity with this id and waits for its answer.
    ///
    /// An entity that went to sleep in between is woken again; one that panicked answers `Crashed` once and starts afresh.
    pub async fn ask<E, C>(&self, caller: &Caller, id: E::Id, command: C) -> Result<C::Reply, E::Error>
    where
        E: Handle<C>,
        C: Command + Clone,
    {
        let mut last = LiveError::Stopping;
        for _ in 0..3 {
            let home = self.home(caller.tenant)?;
            let reach = match home.entities.reach::<E>(id, self.0.config.mailbox)? {
                Some(reach) => reach,
                None => match home.tenant.send(Find::<E>::new(id)).await {
                    Ok(reach) => reach?,
                    Err(error) => {
                        last = error.into();
                        continue;
                    }
                },
            };
            let (caller, command) = (caller.clone(), command.clone());
            let Reach { addr, waiting } = reach;
            let tell = Tell::<E, C> {
                caller,
                command,
                sent: Instant::now(),
                waiting,
                _to: PhantomData,
            };
            match addr.send(tell).timeout(PATIENCE).await {
                Ok(answer) => return answer,
                Err(error) => {
                    last = error.into();
                    if matches!(last, LiveError::Busy) {
                        break;
                    }
                }
            }
        }
        Err(last.into())
    }

    /// Tells every entity of this kind that is awake, or those of one contact; the others will load what is new.
    pub fn tell_awake<E, C>(&self, tenant: TenantId, of: Option<ContactId>, command: C)
    where
        E: Handle<C>,
        C: Command + Clone,
        E::Error: std::fmt::Display,
    {
        let home = self.tenants().get(&tenant).cloned();
        let awake = home.map(|home| home.entities.awake::<E>(of)).unwrap_or_default();
        let Some(thread) = self.thread(tenant, usize::MAX).filter(|_| !awake.is_empty()) else {
            return;
        };
        let (hub, caller) = (self.clone(), Caller::system(tenant, "hub"));
        thread.arbiter.spawn(async move {
            for id in awake {
                if let Err(error) = hub.ask::<E, C>(&caller, id, command.clone()).await {
                    tracing::warn!(tenant.id = %tenant, kind = E::KIND, %error, "one that is awake was not told");
                }
            }
        });
    }

    /// Returns the customer whose entity it is, if it is awake.
    #[must_use]
    pub fn contact_of<E: Entity>(&self, caller: &Caller, id: E::Id) -> Option<ContactId> {
        self.home(caller.tenant).ok()?.entities.contact_of::<E>(id)
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    #[must_use]
    pub fn config(&self) -> &LiveConfig {
        &self.0.config
    }

    pub(crate) fn job_turns(&self) -> &Semaphore {
        &self.0.job_turns
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// The way to everyone who listens.
    #[must_use]
    pub fn delivery(&self) -> &Delivery {
        &self.0.delivery
    }

    /// Tells something at once to whoever listens; it may be lost.
    pub fn signal(&self, caller: &Caller, signal: Signal) {
        self.0.delivery.signal(caller, signal);
    }

    /// Notes which conversation a connection looks at.
    pub fn look(&self, caller: &Caller, session: Uuid, conversation: Option<ConversationId>) {
        self.0.delivery.look(caller, session, conversation);
    }

    /// Returns who of the team is here.
    pub async fn presence(&self, tenant: TenantId) -> HashMap<UserId, Presence> {
        self.0.delivery.presence(tenant).await
    }

    /// Ends the connections of a sign-in.
    pub fn close_session(&self, tenant: TenantId, session: SessionId) {
        self.0.delivery.close_session(tenant, session);
    }

    /// Says that a channel has something to send.
    pub fn wake_bridge(&self, caller: &Caller, channel: ChannelId) {
        if let Ok(tenant) = self.tenant(caller.tenant) {
            tenant.try_send(tenant::WakeBridge(channel)).ok();
        }
    }

    /// Draws the tree of the caller's tenant.
    pub async fn census(&self, caller: &Caller) -> Result<ActorTree, LiveError> {
        let delivered = self.0.delivery.census(caller.tenant).await?;
        let tenant = match self.tenant(caller.tenant)?.send(tenant::AskCensus).await {
            Ok(census) => census,
            // It was just going to sleep.
            Err(_) => self.tenant(caller.tenant)?.send(tenant::AskCensus).await?,
        };
        let uptime = self.0.store.clock().now() - self.0.started_at;
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Ok(ActorTree {
            node: NodeRow {
                version,
                started_at: self.0.started_at,
                uptime_seconds: uptime.num_seconds(),
            },
            bus: delivered.bus,
            timer: TimerRow {
                next_due_at: self.0.fired.next_due_at(),
                fired: self.0.fired.count(),
            },
            tenant: tenant.tenant,
            journal: tenant.journal,
            entities: tenant.entities,
            bridges: tenant.bridges,
            workers: tenant.workers,
            sessions: delivered.sessions,
        })
    }

    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.0.is_stopping.load(Ordering::Relaxed)
    }

    /// Takes no new work, tells the sessions to come back later, and waits until what was begun is written.
    pub async fn drain(&self) {
        self.0.is_stopping.store(true, Ordering::Relaxed);
        let told = self.0.delivery.end_all().await;
        let homes: Vec<_> = self.tenants().values().cloned().collect();
        let drained = join_all(homes.iter().map(|home| home.tenant.send(tenant::Drain)));
        if tokio::time::timeout(self.0.config.drain, drained).await.is_err() {
            tracing::warn!("some of what was begun could not be written in time");
        }
        tracing::info!(sessions = told, "drained");
    }
}
