//! The bus: owns who hears what, and the newest events of every tenant that someone listens to.
//!
//! The store tells it of commits, sessions attach and subscribe, modules send signals through it; what it has for sessions
//! goes to the relays of their threads. When it dies the process ends: there would be nobody left to tell.

mod line;
mod messages;
mod ports;
mod stream;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use actix::prelude::*;
use kernel::{Caller, ConversationId, Recorded, SessionId, TenantId, UserId};
use store::Store;
use uuid::Uuid;

use crate::batch::{Batch, Frame};
pub use crate::presence::Presence;
use crate::registry::Registry;
use crate::relay::{ClassId, Job, Relay};
use crate::ring::{Missed, Reader, Ring};
use crate::{protocol, wire};
pub(crate) use line::Line;
pub use messages::Signal;
pub(crate) use messages::{AskCensus, AskPresence, AskRelays, Detach, End, Look, Subscribe};
use ports::Ports;
use stream::{Listener, Stream};

const HEAL_AFTER: Duration = Duration::from_millis(40);
const FORGET_EVERY: Duration = Duration::from_secs(600);
const SEND_AGAIN_AFTER: Duration = Duration::from_millis(5);
const HEAL_PAGE: i64 = 1_000;

/// The actor.
pub struct Bus {
    store: Store,
    registry: Arc<Registry>,
    capacity: usize,
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

impl Bus {
    pub(crate) fn new(store: Store, registry: Arc<Registry>, capacity: usize) -> Self {
        Self {
            store,
            registry,
            capacity,
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
            stream.early.extend(events);
            return;
        };
        for entry in ring.take(&self.registry, events) {
            for class in stream.route(&self.registry, &entry) {
                self.dirty.insert((tenant, class));
            }
        }
        self.moved.insert(tenant);
        if stream.ring.as_ref().is_some_and(Ring::has_gap) {
            self.heal(tenant, ctx);
        }
        self.flush_soon(ctx);
    }

    /// Reads from the log what was not told, after a little patience.
    fn heal(&mut self, tenant: TenantId, ctx: &mut Context<Self>) {
        let Some(stream) = self.streams.get_mut(&tenant).filter(|stream| !stream.is_healing) else {
            return;
        };
        stream.is_healing = true;
        let (store, caller) = (self.store.clone(), Caller::system(tenant, "bus"));
        ctx.run_later(HEAL_AFTER, move |this, ctx| {
            let after = this
                .streams
                .get(&tenant)
                .and_then(|stream| stream.ring.as_ref())
                .map_or(0, Ring::head);
            let read = async move { store.events_after(&caller, after, HEAL_PAGE).await };
            let healed = read.into_actor(this).map(move |outcome, this, ctx| {
                if let Some(stream) = this.streams.get_mut(&tenant) {
                    stream.is_healing = false;
                }
                match outcome {
                    Ok(events) => this.pass_on(tenant, events, ctx),
                    Err(error) => {
                        tracing::warn!(tenant.id = %tenant, %error, "the log could not be read; trying again");
                        this.heal(tenant, ctx);
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
        let mut last: Option<Arc<Batch>> = None;
        for (tenant, class_id) in std::mem::take(&mut self.dirty) {
            let class = self
                .streams
                .get_mut(&tenant)
                .and_then(|stream| stream.classes.get_mut(&class_id));
            let Some(class) = class.filter(|class| !class.waiting.is_empty()) else {
                continue;
            };
            let frames = std::mem::take(&mut class.waiting);
            // Most see the same as their colleagues, whatever else they listen to.
            let batch = last.take().filter(|last| last.frames == frames);
            let batch = batch.unwrap_or_else(|| Arc::new(Batch::new(frames)));
            last = Some(batch.clone());
            for (port, n) in class.seats.iter() {
                self.delivered += (batch.frames.len() * n) as u64;
                let batch = batch.clone();
                self.ports.add(port, Job::Pass { class: class_id, batch });
            }
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

    fn signal(&mut self, tenant: TenantId, signal: &Signal, ctx: &mut Context<Self>) {
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        let frame = Frame {
            seq: 0,
            bytes: wire::text(&[&protocol::signal(&signal.topic, signal.kind, &signal.data)]),
            except: signal.from,
        };
        let topics = std::iter::once(signal.topic.as_str()).chain(signal.broad);
        for class in stream.who_hears(topics, signal.contact) {
            stream.put(class, frame.clone());
            self.dirty.insert((tenant, class));
        }
        self.flush_soon(ctx);
    }

    fn tell_presence(&mut self, tenant: TenantId, change: Option<(UserId, Presence)>, ctx: &mut Context<Self>) {
        if let Some((user, presence)) = change {
            let data = serde_json::json!({ "user_id": user, "state": presence });
            self.signal(tenant, &Signal::new("members", "presence", data), ctx);
        }
    }

    fn tell_viewing(&mut self, tenant: TenantId, conversation: ConversationId, ctx: &mut Context<Self>) {
        if let Some(signal) = self.viewing(tenant, conversation) {
            self.signal(tenant, &signal, ctx);
        }
    }

    fn viewing(&self, tenant: TenantId, conversation: ConversationId) -> Option<Signal> {
        let users = self.streams.get(&tenant)?.presences.viewers(conversation);
        let data = serde_json::json!({ "conversation_id": conversation, "users": users });
        let mut signal = Signal::new(&format!("conversation:{conversation}"), "viewing", data);
        signal.broad = Some("inbox");
        Some(signal)
    }

    fn detach(&mut self, tenant: TenantId, session: Uuid, ctx: &mut Context<Self>) {
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        let (presence, viewed) = stream.remove(session);
        self.tell_presence(tenant, presence, ctx);
        if let Some(conversation) = viewed {
            self.tell_viewing(tenant, conversation, ctx);
        }
    }
}

impl Actor for Bus {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(8_192);
        // A tenant nobody listens to needs no ring: whoever comes back is caught up from the log.
        ctx.run_interval(FORGET_EVERY, |this, _| {
            this.streams.retain(|_, stream| !stream.sessions.is_empty());
        });
    }
}

/// A session says hello.
pub(crate) struct Attach {
    pub(crate) session: Uuid,
    pub(crate) caller: Caller,
    pub(crate) sign_in: Option<SessionId>,
    pub(crate) topics: Vec<String>,
    pub(crate) relay: Addr<Relay>,
    pub(crate) unreceipted: Arc<AtomicUsize>,
}

/// Answered with the newest event: everything after it will be told.
impl Message for Attach {
    type Result = Result<i64, store::StoreError>;
}

impl Handler<Attach> for Bus {
    type Result = ActorResponse<Self, Result<i64, store::StoreError>>;

    fn handle(&mut self, attach: Attach, ctx: &mut Self::Context) -> Self::Result {
        let tenant = attach.caller.tenant;
        if self.streams.entry(tenant).or_default().ring.is_some() {
            return ActorResponse::reply(Ok(self.attach(attach, ctx)));
        }
        let (store, caller) = (self.store.clone(), Caller::system(tenant, "bus"));
        let head = async move { store.head(&caller).await };
        ActorResponse::r#async(head.into_actor(self).map(move |head, this, ctx| {
            let head = head?;
            let capacity = this.capacity;
            let stream = this.streams.entry(tenant).or_default();
            stream.ring.get_or_insert_with(|| Ring::new(head, capacity));
            let early = std::mem::take(&mut stream.early);
            this.pass_on(tenant, early, ctx);
            Ok(this.attach(attach, ctx))
        }))
    }
}

impl Bus {
    fn attach(&mut self, attach: Attach, ctx: &mut Context<Self>) -> i64 {
        let (tenant, user, session) = (attach.caller.tenant, attach.caller.user(), attach.session);
        let listener = Listener {
            port: self.ports.of(&attach.relay),
            class: 0,
            name: attach.caller.name.clone(),
            sign_in: attach.sign_in,
            since: self.store.clock().now(),
            unreceipted: attach.unreceipted,
        };
        let reader = Reader::new(attach.caller.contact(), attach.topics);
        self.seat(tenant, session, listener, reader, ctx);
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return 0;
        };
        let head = stream.ring.as_ref().map_or(0, Ring::head);
        let presence = user.and_then(|user| stream.presences.enter(session, user).map(|presence| (user, presence)));
        // Who is already looking at what, for the newcomer.
        let viewed = if user.is_some() {
            stream.presences.viewed()
        } else {
            vec![]
        };
        self.tell_presence(tenant, presence, ctx);
        for conversation in viewed {
            self.show_viewing(tenant, session, conversation, ctx);
        }
        head
    }

    /// Gives a session its place among those who see the same.
    fn seat(
        &mut self,
        tenant: TenantId,
        session: Uuid,
        mut listener: Listener,
        reader: Reader,
        ctx: &mut Context<Self>,
    ) {
        // What waits is for those who were here before.
        self.flush(ctx);
        let stream = self.streams.entry(tenant).or_default();
        let class = stream.class_of(reader, &mut self.last_class);
        listener.class = class;
        let port = listener.port;
        stream.add(session, listener);
        self.ports.add(port, Job::Join { session, tenant, class });
        self.flush_soon(ctx);
    }

    fn show_viewing(&mut self, tenant: TenantId, session: Uuid, conversation: ConversationId, ctx: &mut Context<Self>) {
        let Some(signal) = self.viewing(tenant, conversation) else {
            return;
        };
        let Some(stream) = self.streams.get(&tenant) else {
            return;
        };
        let topics = std::iter::once(signal.topic.as_str()).chain(signal.broad);
        let Some(listener) = stream.sessions.get(&session) else {
            return;
        };
        if stream.who_hears(topics, None).contains(&listener.class) {
            let bytes = wire::text(&[&protocol::signal(&signal.topic, signal.kind, &signal.data)]);
            let batch = Arc::new(Batch::new(vec![Frame::new(0, bytes)]));
            self.ports.add(listener.port, Job::Give { session, batch });
            self.flush_soon(ctx);
        }
    }
}

/// Where a session stands.
pub(crate) struct Standing {
    pub(crate) head: i64,
    pub(crate) missed: Missed,
}

/// A session asks what it missed after a cursor, being attached already.
#[derive(Message)]
#[rtype(result = "Option<Standing>")]
pub(crate) struct AskMissed {
    pub(crate) tenant: TenantId,
    pub(crate) session: Uuid,
    pub(crate) cursor: i64,
}

impl Handler<AskMissed> for Bus {
    type Result = MessageResult<AskMissed>;

    fn handle(&mut self, ask: AskMissed, _: &mut Self::Context) -> Self::Result {
        let missed = self.streams.get(&ask.tenant).and_then(|stream| {
            let (ring, reader) = (stream.ring.as_ref()?, stream.reader_of(ask.session)?);
            Some(Standing {
                head: ring.head(),
                missed: ring.missed(&self.registry, ask.cursor, reader),
            })
        });
        MessageResult(missed)
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
