//! The bus: owns who hears what, and the newest events of every tenant that someone listens to.
//!
//! The store tells it of commits, sessions attach and subscribe, modules send signals through it; what it has for sessions
//! goes to the relays of their threads. When it dies its sessions are told to come back, and the next one who needs it starts
//! it anew.

mod line;
mod messages;
mod past;
mod ports;
mod stream;
mod voice;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use actix::prelude::*;
use kernel::{Caller, Clock, ConversationId, Recorded, SessionId, TenantId, UserId};
use uuid::Uuid;

use crate::audience::{Audience, ME};
use crate::batch::{Batch, Frame};
use crate::budget::Rate;
use crate::log::Log;
use crate::presence::Presence;
use crate::relay::{ClassId, Ending, Job, Relay};
use crate::ring::{Entry, Reader, Ring};
use crate::{protocol, wire};
pub(crate) use line::Doubts;
pub use messages::Signal;
pub(crate) use messages::{AskCensus, AskPresence, AskRelays, Detach, End, Hear, Look};
pub(crate) use past::AskMissed;
use ports::{Port, Ports};
use stream::{Listener, Stream};
use voice::Voice;

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
    capacity: usize,
    signals: Rate,
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
    /// How many events the ring of a tenant has room for.
    pub(crate) capacity: usize,
    /// How often one connection may signal.
    pub(crate) signals: Rate,
}

/// What a member of the team asked for: what they share with others, and what is only theirs.
struct Hearing {
    topics: Vec<String>,
    is_own: bool,
}

impl Hearing {
    fn new(mut topics: Vec<String>) -> Self {
        let n_asked = topics.len();
        topics.retain(|topic| topic != ME);
        let is_own = topics.len() < n_asked;
        Self { topics, is_own }
    }
}

impl Bus {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts {
            log,
            clock,
            audience,
            doubts,
            capacity,
            signals,
        } = parts;
        Self {
            log,
            clock,
            audience,
            doubts,
            capacity,
            signals,
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
        let Some(stream) = self.streams.get_mut(&tenant).filter(|stream| !stream.is_healing) else {
            return;
        };
        if stream.ring.is_none() {
            // As soon as it is known from where.
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
                        Ok(events) => this.pass_on(tenant, events, ctx),
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

    /// Whether a connection's signal is to be told; what the server says itself always is.
    fn is_heard(&mut self, signal: &Signal) -> bool {
        let Some(from) = signal.from else {
            return true;
        };
        let rate = self.signals;
        let stream = self.streams.get_mut(&signal.tenant);
        // Who is not here says nothing any more.
        stream
            .filter(|stream| stream.sessions.contains_key(&from))
            .is_some_and(|stream| {
                let voice = stream.voices.entry(from).or_insert_with(|| Voice::new(rate));
                voice.is_heard(&signal.topic, &signal.data)
            })
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
        let told = stream.who_hears(topics.clone(), signal.contact);
        let owners = stream.owners(topics, &told);
        let owners = owners
            .into_iter()
            .map(|(session, listener)| (session, listener.port, listener.class))
            .collect();
        for class in told {
            stream.put(class, frame.clone());
            self.dirty.insert((tenant, class));
        }
        self.give(tenant, owners, &frame);
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
            this.streams.retain(|_, stream| stream.is_needed());
        });
    }
}

/// Whoever heard something through it comes back, and is heard by the next one.
impl Drop for Bus {
    fn drop(&mut self) {
        self.ports.add_to_all(Job::EndAll(Ending::Forgotten));
        self.ports.send();
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
        if let Some(stream) = self.streams.get_mut(&tenant) {
            stream.n_arriving += 1;
        }
        let head = self.log.head(tenant);
        ActorResponse::r#async(head.into_actor(self).map(move |head, this, ctx| {
            let capacity = this.capacity;
            let stream = this.streams.entry(tenant).or_default();
            stream.n_arriving = stream.n_arriving.saturating_sub(1);
            let early = std::mem::take(&mut stream.early);
            let head = head?;
            stream.ring.get_or_insert_with(|| Ring::new(head, capacity));
            let is_in_doubt = std::mem::take(&mut stream.is_in_doubt);
            this.pass_on(tenant, early, ctx);
            if is_in_doubt {
                this.heal(tenant, ctx);
            }
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
            own: None,
            who: attach.caller.who,
            name: attach.caller.name.clone(),
            sign_in: attach.sign_in,
            since: self.clock.now(),
            unreceipted: attach.unreceipted,
        };
        let hearing = Hearing::new(attach.topics);
        self.seat(tenant, session, listener, hearing, ctx);
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
        hearing: Hearing,
        ctx: &mut Context<Self>,
    ) {
        // What waits is for those who were here before.
        self.flush(ctx);
        let stream = self.streams.entry(tenant).or_default();
        let contact = listener.contact();
        listener.own = hearing.is_own.then(|| listener.who.to_string().into());
        let class = stream.class_of(Reader::new(contact, hearing.topics), &mut self.last_class);
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

#[derive(Message)]
#[rtype(result = "()")]
struct Flush;

impl Handler<Flush> for Bus {
    type Result = ();

    fn handle(&mut self, _: Flush, ctx: &mut Self::Context) {
        self.flush(ctx);
    }
}
