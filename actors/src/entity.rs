//! One actor per live entity: commands queue here, the entity itself is plain async Rust.
//!
//! Tenants start it, the hub sends commands. When a command fails or panics, the state is forgotten and the next command
//! loads it afresh; when nobody has asked for a while, its tenant lets go of it.

use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use actix::prelude::*;
use futures_util::FutureExt;
use kernel::{Caller, ContactId};
use tokio::time::Instant;

use crate::entities::Key;
use crate::tenant::{Crashed, Tenant};
use crate::{Hub, LiveError};

/// State that must see its commands one at a time.
pub trait Entity: Sized + Unpin + 'static {
    /// What it is called in the actor tree and in events.
    const KIND: &'static str;
    type Id: Copy + Unpin + Send + Into<uuid::Uuid> + From<uuid::Uuid> + 'static;
    type Error: From<LiveError> + Send + 'static;

    /// Reads the state from the store.
    fn load(live: &Live, id: Self::Id) -> impl Future<Output = Result<Self, Self::Error>>;

    /// A short name for people who look at the actor tree.
    fn label(&self) -> String;

    /// The customer it belongs to, which never changes.
    fn contact(&self) -> Option<ContactId> {
        None
    }
}

/// A request to an entity; `Reply` is what its sender waits for.
pub trait Command: Send + 'static {
    type Reply: Send + 'static;
}

/// How an entity answers one command.
pub trait Handle<C: Command>: Entity {
    fn handle(
        &mut self,
        live: &Live,
        caller: &Caller,
        command: C,
    ) -> impl Future<Output = Result<C::Reply, Self::Error>>;
}

/// What an entity may use: the hub, for its tenant.
#[derive(Clone)]
pub struct Live {
    pub hub: Hub,
    pub caller: Caller,
    pub journal: crate::journal::Pen,
}

/// What can be seen of an entity from outside.
#[derive(Default)]
pub(crate) struct Vitals {
    pub(crate) waiting: AtomicUsize,
    pub(crate) handled: AtomicU64,
    pub(crate) label: OnceLock<String>,
    pub(crate) contact: OnceLock<ContactId>,
}

/// One command that waits or is at work; counted off wherever its way ends, be it with a sender who goes away.
pub(crate) struct Waiting(Arc<Vitals>);

impl Waiting {
    pub(crate) fn enter(vitals: &Arc<Vitals>) -> Self {
        vitals.waiting.fetch_add(1, Ordering::Relaxed);
        Self(vitals.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The actor around an entity.
pub struct EntityActor<E: Entity> {
    id: E::Id,
    live: Live,
    tenant: Addr<Tenant>,
    state: Option<E>,
    vitals: Arc<Vitals>,
}

impl<E: Entity> EntityActor<E> {
    pub(crate) fn new(id: E::Id, live: Live, tenant: Addr<Tenant>, vitals: Arc<Vitals>) -> Self {
        Self {
            id,
            live,
            tenant,
            state: None,
            vitals,
        }
    }

    /// Takes what a command left behind: only success is remembered.
    fn settle<R>(&mut self, outcome: Outcome<E, R>) -> Result<R, E::Error> {
        let Ok(outcome) = outcome else {
            metrics::counter!("switchboard_entity_crashes_total", "kind" => E::KIND).increment(1);
            self.tenant.try_send(Crashed(Key::of::<E>(self.id))).ok();
            return Err(LiveError::Crashed.into());
        };
        let (entity, reply) = outcome?;
        self.vitals.label.get_or_init(|| {
            entity.contact().map(|contact| self.vitals.contact.set(contact));
            entity.label()
        });
        self.state = Some(entity);
        Ok(reply)
    }
}

impl<E: Entity> Actor for EntityActor<E> {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.live.hub.config().mailbox);
        metrics::gauge!("switchboard_actors", "kind" => E::KIND).increment(1);
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        metrics::gauge!("switchboard_actors", "kind" => E::KIND).decrement(1);
    }
}

/// A command on its way, with its sender. If the sender goes away before its turn comes, actix does not hand it over.
pub(crate) struct Tell<E, C> {
    pub(crate) caller: Caller,
    pub(crate) command: C,
    pub(crate) sent: Instant,
    pub(crate) waiting: Waiting,
    pub(crate) _to: PhantomData<fn(E)>,
}

impl<E: Entity, C: Command> Message for Tell<E, C> {
    type Result = Result<C::Reply, E::Error>;
}

type Outcome<E, R> = std::thread::Result<Result<(E, R), <E as Entity>::Error>>;

impl<E: Handle<C>, C: Command> Handler<Tell<E, C>> for EntityActor<E> {
    type Result = AtomicResponse<Self, Result<C::Reply, E::Error>>;

    fn handle(&mut self, tell: Tell<E, C>, _: &mut Context<Self>) -> Self::Result {
        self.vitals.handled.fetch_add(1, Ordering::Relaxed);
        metrics::histogram!("switchboard_mailbox_wait_seconds").record(tell.sent.elapsed().as_secs_f64());
        let (id, live, known) = (self.id, self.live.clone(), self.state.take());
        // As long as it is at work, its tenant must not let go of it, or there would be a second owner.
        let waiting = tell.waiting;
        let work = async move {
            let mut entity = match known {
                Some(entity) => entity,
                None => E::load(&live, id).await?,
            };
            let reply = entity.handle(&live, &tell.caller, tell.command).await?;
            Ok::<_, E::Error>((entity, reply))
        };
        let guarded = AssertUnwindSafe(work).catch_unwind().into_actor(self);
        AtomicResponse::new(Box::pin(guarded.map(move |outcome, this, _| {
            drop(waiting);
            this.settle(outcome)
        })))
    }
}
