//! The way to everyone who listens: told of commits, asked to carry a connection. Cheap to clone.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix::prelude::*;
use kernel::{Caller, Clock, ConversationId, SessionId, TenantId, UserId};
use store::{Announce, Committed};
use uuid::Uuid;

use crate::audience::Audience;
use crate::budget::{Budget, Budgets};
use crate::bus::{self, Bus, Signal};
use crate::census::Census;
use crate::config::DeliveryConfig;
use crate::lobby::Lobby;
use crate::log::Log;
use crate::presence::Presence;
use crate::relay;
use crate::ring::Room;

const PATIENCE: Duration = Duration::from_secs(15);

/// The handle.
#[derive(Clone)]
pub struct Delivery(Arc<Inner>);

struct Inner {
    config: DeliveryConfig,
    audience: Arc<Audience>,
    log: Arc<dyn Log>,
    clock: Clock,
    lobby: Lobby,
    visitors: Budgets,
    bus: Mutex<Addr<Bus>>,
    parts: bus::Parts,
    /// Where the bus lives.
    home: ArbiterHandle,
    is_stopping: AtomicBool,
}

impl Delivery {
    /// Starts the bus. Must be called inside an actix system.
    #[must_use]
    pub fn start(log: Arc<dyn Log>, clock: Clock, audience: Audience, config: DeliveryConfig) -> Self {
        let audience = Arc::new(audience);
        let parts = bus::Parts {
            log: log.clone(),
            clock: clock.clone(),
            audience: audience.clone(),
            doubts: Arc::default(),
            room: Room {
                events: config.ring,
                bytes: config.ring_bytes,
            },
            signals: config.signals,
            presence_grace: config.presence_grace,
        };
        let (bus, home) = (Mutex::new(Bus::new(parts.clone()).start()), Arbiter::current());
        let (lobby, visitors) = (Lobby::new(config.lobby), Budgets::new(config.visitor_requests));
        Self(Arc::new(Inner {
            lobby,
            visitors,
            config,
            audience,
            log,
            clock,
            bus,
            parts,
            home,
            is_stopping: AtomicBool::new(false),
        }))
    }

    /// Tells something at once to whoever listens; it may be lost.
    pub fn signal(&self, caller: &Caller, mut signal: Signal) {
        signal.tenant = caller.tenant;
        // A bus that is full has better things to do than typing marks.
        self.bus().try_send(signal).ok();
    }

    /// Notes which conversation a connection looks at.
    pub fn look(&self, caller: &Caller, session: Uuid, conversation: Option<ConversationId>) {
        let at = bus::Look::At(caller.tenant, session, conversation);
        self.bus().try_send(at).ok();
    }

    /// Returns who of the team is here.
    pub async fn presence(&self, tenant: TenantId) -> HashMap<UserId, Presence> {
        self.bus().send(bus::AskPresence(tenant)).await.unwrap_or_default()
    }

    /// Ends the connections of a sign-in.
    #[expect(
        clippy::disallowed_methods,
        reason = "signing out must not be lost, however busy the bus is, and is rare"
    )]
    pub fn close_session(&self, tenant: TenantId, session: SessionId) {
        self.bus().do_send(bus::End::SignIn(tenant, session));
    }

    /// Draws what is delivered to a tenant.
    pub async fn census(&self, tenant: TenantId) -> Result<Census, MailboxError> {
        self.bus().send(bus::AskCensus(tenant)).await
    }

    /// Tells all sessions to come back later, and waits until they have heard it; returns how many there were.
    pub async fn end_all(&self) -> usize {
        self.0.is_stopping.store(true, Ordering::Relaxed);
        let told = self.bus().send(bus::End::All).await.unwrap_or(0);
        for relay in self.bus().send(bus::AskRelays).await.unwrap_or_default() {
            relay.send(relay::Settle).timeout(PATIENCE).await.ok();
        }
        told
    }

    pub(crate) fn config(&self) -> &DeliveryConfig {
        &self.0.config
    }

    pub(crate) fn audience(&self) -> &Audience {
        &self.0.audience
    }

    pub(crate) fn log(&self) -> &dyn Log {
        &*self.0.log
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn lobby(&self) -> &Lobby {
        &self.0.lobby
    }

    /// How much a caller may ask: a customer over all connections, a member on this one.
    pub(crate) fn budget_of(&self, caller: &Caller) -> Arc<Budget> {
        match caller.contact() {
            Some(contact) => self.0.visitors.of(caller.tenant, contact),
            None => Arc::new(Budget::new(self.0.config.member_requests)),
        }
    }

    /// The bus, started anew if it died.
    pub(crate) fn bus(&self) -> Addr<Bus> {
        let mut bus = self.0.bus.lock().unwrap_or_else(PoisonError::into_inner);
        if !bus.connected() {
            if !self.0.is_stopping.load(Ordering::Relaxed) {
                tracing::error!("the bus died and is started anew; all sessions come back");
            }
            let parts = self.0.parts.clone();
            *bus = Bus::start_in_arbiter(&self.0.home, |_| Bus::new(parts));
        }
        bus.clone()
    }
}

impl Announce for Delivery {
    fn committed(&self, committed: Vec<Committed>) {
        self.0.parts.doubts.tell_of(&self.bus(), committed);
    }

    fn in_doubt(&self, tenant: TenantId) {
        self.0.parts.doubts.tell_of_doubt(&self.bus(), tenant);
    }
}
