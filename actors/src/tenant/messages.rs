//! What a tenant is told and asked.

use std::marker::PhantomData;

use actix::prelude::*;
use kernel::ChannelId;
use tokio::time::Instant;

use super::Tenant;
use crate::LiveError;
use crate::census::{BridgeRow, EntityRow, JournalRow, TenantRow, WorkerRow};
use crate::entities::{Key, Reach};
use crate::entity::Entity;
use crate::worker;

/// Asks for the way to an entity.
pub(crate) struct Find<E: Entity> {
    id: E::Id,
    _of: PhantomData<fn(E)>,
}

impl<E: Entity> Find<E> {
    pub(crate) fn new(id: E::Id) -> Self {
        Self { id, _of: PhantomData }
    }
}

impl<E: Entity> Message for Find<E> {
    type Result = Result<Reach<E>, LiveError>;
}

impl<E: Entity> Handler<Find<E>> for Tenant {
    type Result = Result<Reach<E>, LiveError>;

    fn handle(&mut self, find: Find<E>, ctx: &mut Self::Context) -> Self::Result {
        self.find(find.id, ctx.address())
    }
}

/// An entity says that it panicked and starts afresh.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Crashed(pub(crate) Key);

impl Handler<Crashed> for Tenant {
    type Result = ();

    fn handle(&mut self, crashed: Crashed, ctx: &mut Self::Context) {
        self.note_crash(crashed.0, ctx);
    }
}

/// A channel has something to send.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct WakeBridge(pub(crate) ChannelId);

impl Handler<WakeBridge> for Tenant {
    type Result = ();

    fn handle(&mut self, wake: WakeBridge, _: &mut Self::Context) {
        self.wake_bridge(wake.0);
    }
}

/// There is something for a worker to do.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct WakeWorker {
    pub(crate) task: worker::Task,
    pub(crate) new: worker::NewWork,
    pub(crate) afresh: bool,
}

impl Handler<WakeWorker> for Tenant {
    type Result = ();

    fn handle(&mut self, wake: WakeWorker, _: &mut Self::Context) {
        self.last_used = Instant::now();
        self.workers.wake(&self.hub, self.id, wake);
    }
}

/// The tenant's part of the tree.
pub(crate) struct Census {
    pub(crate) tenant: TenantRow,
    pub(crate) journal: JournalRow,
    pub(crate) entities: Vec<EntityRow>,
    pub(crate) bridges: Vec<BridgeRow>,
    pub(crate) workers: Vec<WorkerRow>,
}

#[derive(Message)]
#[rtype(result = "Census")]
pub(crate) struct AskCensus;

impl Handler<AskCensus> for Tenant {
    type Result = MessageResult<AskCensus>;

    fn handle(&mut self, _: AskCensus, _: &mut Self::Context) -> Self::Result {
        MessageResult(self.census())
    }
}

/// Waits until the journal has written what it was given.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Drain;

impl Handler<Drain> for Tenant {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Drain, _: &mut Self::Context) -> Self::Result {
        let pen = self.pen.clone();
        Box::pin(async move {
            if let Some(pen) = pen {
                pen.drain().await;
            }
        })
    }
}
