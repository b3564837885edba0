//! The bus: owns who hears what, and the newest events of every tenant that someone listens to.
//!
//! The store tells it of commits, sessions attach and subscribe, modules send signals through it; what it has for sessions
//! goes to the relays of their threads. When it dies its sessions are told to come back, and the next one who needs it starts
//! it anew.

mod attach;
mod line;
mod messages;
mod past;
mod ports;
mod signals;
mod stream;
mod voice;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use kernel::{Caller, Clock, Recorded, TenantId};
use uuid::Uuid;

use crate::audience::Audience;
use crate::batch::{Batch, Frame};
use crate::budget::Rate;
use crate::entry::Entry;
use crate::log::Log;
use crate::relay::{ClassId, Ending, Job};
use crate::ring::{Ring, Room};
pub(crate) use attach::Attach;
use attach::Hearing;
pub(crate) use line::Doubts;
pub use messages::Signal;
pub(crate) use messages::{AskCensus, AskPresence, AskRelays, Detach, End, Hear, Look};
pub(crate) use past::AskMissed;
use ports::{Port, Ports};
use stream::Stream;

const HEAL_AFTER: Duration = Duration::from_millis(40);
const HEAL_AGAIN_AFTER: Duration = Duration::from_secs(2);
/// So many events may come before the head of their log was read; more are read from the log, too.
const MAX_EARLY: usize = 1_000;
const FORGET_EVERY: Duration = Duration::from_secs(600);
const SEND_AGAIN_AFTER: Duration = Duration::from_millis(5);
const HEAL_PAGE: i64 = 1_000;

/// The actor.
pub(crate) struct Bus {
    log: Arc<dyn Log>,
    clock: Clock,
    audience: Arc<Audience>,
    doubts: Arc<Doubts>,
    room: Room,
    signals: Rate,
    presence_grace: Duration,
    streams: HashMap<TenantId, Stream>,
    ports: Ports,
    /// Who has something waiting.
    dirty: HashSet<(TenantId, ClassId)>,
    /// Whose events went on.
    moved: HashSet<TenantId>,
    is_flushing: bool,
    delivered: u64,
    last_class: ClassId,
}

/// What a bus is made of.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) clock: Clock,
    pub(crate) audience: Arc<Audience>,
    pub(crate) doubts: Arc<Doubts>,
    /// What the ring of a tenant has room for.
    pub(crate) room: Room,
    /// How often one connection may signal.
    pub(crate) signals: Rate,
    pub(crate) presence_grace: Duration,
}

impl Bus {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts {
            log,
            clock,
            audience,
            doubts,
            room,
            signals,
            presence_grace,
        } = parts;
        Self {
            log,
            clock,
            audience,
            doubts,
            room,
            signals,
            presence_grace,
            streams: HashMap::new(),
            ports: Ports::default(),
            dirty: HashSet::new(),
            moved: HashSet::new(),
            is_flushing: false,
            delivered: 0,
            last_class: 0,
        }
    }

    /// Passes on the events whose turn has come.
    fn pass_on(&mut self, tenant: TenantId, events: Vec<Recorded>, ctx: &mut Context<Self>) {
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        let Some(ring) = stream.ring.as_mut() else {
            stream.is_in_doubt |= stream.early.len() >= MAX_EARLY;
            if !stream.is_in_doubt {
                stream.early.extend(events);
            }
            return;
        };
        for entry in ring.take(&self.audience, events) {
            self.route(tenant, &entry);
        }
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        self.moved.insert(tenant);
        if stream.ring.as_ref().is_some_and(Ring::has_gap) {
            self.heal(tenant, ctx);
        }
        self.flush_soon(ctx);
    }

    /// Queues an event for everyone who hears it.
    fn route(&mut self, tenant: TenantId, entry: &Entry) {
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        let told = stream.route(&self.audience, entry);
        let topics = entry.topics.iter().map(String::as_str);
        let owners = stream.owners(topics, &told);
        let owners: Vec<_> = owners
            .into_iter()
            .map(|(session, listener)| (session, listener.port, listener.class))
            .collect();
        self.dirty.extend(told.into_iter().map(|class| (tenant, class)));
        let frame = Frame::new(entry.seq, entry.team.clone());
        self.give(tenant, owners, &frame);
    }

    /// Hands a frame to sessions whose class does not hear it; what waits for their class comes first.
    fn give(&mut self, tenant: TenantId, to: Vec<(Uuid, Port, ClassId)>, frame: &Frame) {
        if to.is_empty() {
            return;
        }
        let batch = Arc::new(Batch::new(vec![frame.clone()]));
        for (session, port, class) in to {
            self.hand_over(tenant, class, &mut None);
            self.delivered += 1;
            let batch = batch.clone();
            self.ports.add(port, Job::Give { session, batch });
        }
    }

    /// Reads from the log what was not told, after a little patience.
    fn heal(&mut self, tenant: TenantId, ctx: &mut Context<Self>) {
        self.heal_after(HEAL_AFTER, tenant, ctx);
    }

    fn heal_after(&mut self, patience: Duration, tenant: TenantId, ctx: &mut Context<Self>) {
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        if stream.is_healing || stream.ring.is_none() {
            // The read under way may have begun too early; without a ring it is not known from where to read.
            stream.is_in_doubt = true;
            return;
        }
        stream.is_healing = true;
        let (log, caller) = (self.log.clone(), Caller::system(tenant, "bus"));
        ctx.run_later(patience, move |this, ctx| {
            let after = this
                .streams
                .get(&tenant)
                .and_then(|stream| stream.ring.as_ref())
                .map_or(0, Ring::head);
            let healed = log
                .events_after(&caller, after, HEAL_PAGE)
                .into_actor(this)
                .map(move |outcome, this, ctx| {
                    if let Some(stream) = this.streams.get_mut(&tenant) {
                        stream.is_healing = false;
                    }
                    match outcome {
                        Ok(events) => {
                            let is_full = i64::try_from(events.len()).is_ok_and(|n| n == HEAL_PAGE);
                            this.pass_on(tenant, events, ctx);
                            let stream = this.streams.get_mut(&tenant);
                            if stream.is_some_and(|stream| std::mem::take(&mut stream.is_in_doubt)) || is_full {
                                this.heal(tenant, ctx);
                            }
                        }
                        Err(error) => {
                            tracing::warn!(tenant.id = %tenant, %error, "the log could not be read; trying again");
                            this.heal_after(HEAL_AGAIN_AFTER, tenant, ctx);
                        }
                    }
                });
            ctx.spawn(healed);
        });
    }

    fn flush_soon(&mut self, ctx: &mut Context<Self>) {
        if !self.is_flushing {
            self.is_flushing = true;
            ctx.notify(Flush);
        }
    }

    /// Hands over what waits: for each class one batch, whatever the number of its sessions.
    fn flush(&mut self, ctx: &mut Context<Self>) {
        let mut last = None;
        for (tenant, class) in std::mem::take(&mut self.dirty) {
            self.hand_over(tenant, class, &mut last);
        }
        for tenant in std::mem::take(&mut self.moved) {
            let Some(stream) = self.streams.get(&tenant) else {
                continue;
            };
            let head = stream.ring.as_ref().map_or(0, Ring::head);
            for (port, _) in stream.seats.iter() {
                self.ports.add(port, Job::Head { tenant, head });
            }
        }
        if self.ports.send() {
            self.is_flushing = false;
        } else {
            self.is_flushing = true;
            ctx.notify_later(Flush, SEND_AGAIN_AFTER);
        }
    }

    /// Hands over what waits for a class. Most see the same as their colleagues, whatever else they listen to: if it is what the
    /// `last` one was given, it is built once.
    fn hand_over(&mut self, tenant: TenantId, id: ClassId, last: &mut Option<Arc<Batch>>) {
        let stream = self.streams.get_mut(&tenant);
        let class = stream.and_then(|stream| stream.classes.get_mut(&id));
        let Some(class) = class.filter(|class| !class.waiting.is_empty()) else {
            return;
        };
        let frames = std::mem::take(&mut class.waiting);
        let batch = last.take().filter(|last| last.frames == frames);
        let batch = batch.unwrap_or_else(|| Arc::new(Batch::new(frames)));
        *last = Some(batch.clone());
        for (port, n) in class.seats.iter() {
            self.delivered += (batch.frames.len() * n) as u64;
            let batch = batch.clone();
            self.ports.add(port, Job::Pass { class: id, batch });
        }
    }
}

impl Actor for Bus {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(8_192);
        // A tenant nobody listens to needs no ring: whoever comes back is caught up from the log.
        ctx.run_interval(FORGET_EVERY, |this, _| {
            this.streams.retain(|_, stream| stream.is_needed());
        });
    }
}

/// Whoever heard something through it comes back, and is heard by the next one.
impl Drop for Bus {
    fn drop(&mut self) {
        self.ports.add_to_all(Job::EndAll(Ending::Forgotten));
        self.ports.send_whatever_waits();
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Flush;

impl Handler<Flush> for Bus {
    type Result = ();

    fn handle(&mut self, _: Flush, ctx: &mut Self::Context) {
        self.flush(ctx);
    }
}
