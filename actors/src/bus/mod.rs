//! The bus: owns who hears what, and the newest events of every tenant that someone listens to.
//!
//! The store tells it of commits, sessions attach and subscribe, modules send signals through it. When it dies the process
//! ends: there would be nobody left to tell.

mod messages;
mod stream;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use bytestring::ByteString;
use kernel::{Caller, ConversationId, Recorded, SessionId, TenantId, UserId};
use store::{Announce, Committed, Store};
use uuid::Uuid;

pub use crate::presence::Presence;
use crate::protocol;
use crate::registry::Registry;
use crate::ring::{Missed, Reader, Ring};
pub use messages::Signal;
pub(crate) use messages::{AskCensus, AskPresence, Detach, End, Look, Subscribe};
use stream::{Listener, Stream};

const HEAL_AFTER: Duration = Duration::from_millis(40);
const FORGET_EVERY: Duration = Duration::from_secs(600);
const TELL_AGAIN_AFTER: Duration = Duration::from_millis(20);
const HEAL_PAGE: i64 = 1_000;

/// The actor.
pub struct Bus {
    store: Store,
    registry: Arc<Registry>,
    capacity: usize,
    streams: HashMap<TenantId, Stream>,
    dirty: HashSet<(TenantId, Uuid)>,
    delivered: u64,
}

/// A frame and its place in the log; signals have the place 0.
pub(crate) type Frame = (i64, ByteString);

/// Frames for one session, in order.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Deliver {
    pub(crate) frames: Vec<Frame>,
    pub(crate) has_lost: bool,
    pub(crate) ending: Option<Ending>,
}

/// Why a session has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    SignedOut,
    Stopping,
}

impl Bus {
    pub(crate) fn new(store: Store, registry: Arc<Registry>, capacity: usize) -> Self {
        let (streams, dirty) = (HashMap::new(), HashSet::new());
        Self {
            store,
            registry,
            capacity,
            streams,
            dirty,
            delivered: 0,
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
            for session in stream.route(&entry) {
                self.dirty.insert((tenant, session));
            }
        }
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
        if !self.dirty.is_empty() {
            ctx.notify(Flush);
        }
    }

    /// Hands over what is queued; whoever has no room is told again soon that something was lost.
    fn flush(&mut self, ctx: &mut Context<Self>) {
        let mut full = HashSet::new();
        for (tenant, session) in std::mem::take(&mut self.dirty) {
            let Some(stream) = self.streams.get_mut(&tenant) else {
                continue;
            };
            let Some(listener) = stream.sessions.get_mut(&session) else {
                continue;
            };
            let frames = std::mem::take(&mut listener.queue);
            self.delivered += frames.len() as u64;
            let deliver = Deliver {
                frames,
                has_lost: listener.has_lost,
                ending: None,
            };
            // A closed one is about to say that it is gone.
            listener.has_lost = matches!(listener.out.try_send(deliver), Err(SendError::Full(_)));
            if listener.has_lost {
                full.insert((tenant, session));
            }
        }
        if !full.is_empty() {
            self.dirty.extend(full);
            ctx.notify_later(Flush, TELL_AGAIN_AFTER);
        }
    }

    fn signal(&mut self, tenant: TenantId, signal: &Signal, ctx: &mut Context<Self>) {
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        let frame = protocol::signal(&signal.topic, signal.kind, &signal.data);
        let mut to: HashSet<Uuid> = HashSet::new();
        for topic in std::iter::once(signal.topic.as_str()).chain(signal.broad) {
            to.extend(stream.by_topic.get(topic).into_iter().flatten());
        }
        to.extend(
            signal
                .contact
                .and_then(|contact| stream.visitors.get(&contact))
                .into_iter()
                .flatten(),
        );
        for session in to {
            if Some(session) != signal.from
                && let Some(listener) = stream.sessions.get_mut(&session)
            {
                listener.queue.push((0, frame.clone()));
                self.dirty.insert((tenant, session));
            }
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
        let users = self
            .streams
            .get(&tenant)
            .map(|stream| stream.presences.viewers(conversation));
        let data = serde_json::json!({ "conversation_id": conversation, "users": users.unwrap_or_default() });
        let mut signal = Signal::new(&format!("conversation:{conversation}"), "viewing", data);
        signal.broad = Some("inbox");
        self.signal(tenant, &signal, ctx);
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
    pub(crate) out: Recipient<Deliver>,
    pub(crate) unreceipted: Arc<std::sync::atomic::AtomicUsize>,
}

/// Answered with the newest event: everything after it will be told.
impl Message for Attach {
    type Result = Result<i64, store::StoreError>;
}

impl Handler<Attach> for Bus {
    type Result = ResponseActFuture<Self, Result<i64, store::StoreError>>;

    fn handle(&mut self, attach: Attach, _: &mut Self::Context) -> Self::Result {
        let tenant = attach.caller.tenant;
        let is_known = self.streams.entry(tenant).or_default().ring.is_some();
        let (store, caller) = (self.store.clone(), Caller::system(tenant, "bus"));
        let head = async move { if is_known { Ok(0) } else { store.head(&caller).await } };
        Box::pin(head.into_actor(self).map(move |head, this, ctx| {
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
        let Attach {
            session,
            caller,
            sign_in,
            topics,
            out,
            unreceipted,
        } = attach;
        let (tenant, user) = (caller.tenant, caller.user());
        let since = self.store.clock().now();
        let stream = self.streams.entry(tenant).or_default();
        let reader = match caller.contact() {
            Some(contact) => {
                stream.visitors.entry(contact).or_default().insert(session);
                Reader::Visitor(contact)
            }
            None => Reader::Team { topics: vec![] },
        };
        let (queue, has_lost) = (vec![], false);
        let listener = Listener {
            out,
            reader,
            caller,
            sign_in,
            since,
            unreceipted,
            queue,
            has_lost,
        };
        stream.sessions.insert(session, listener);
        stream.subscribe(session, topics);
        let presence = user.and_then(|user| stream.presences.enter(session, user).map(|presence| (user, presence)));
        // Who is already looking at what, for the newcomer.
        let viewed = if user.is_some() {
            stream.presences.viewed()
        } else {
            BTreeSet::new()
        };
        let head = stream.ring.as_ref().map_or(0, Ring::head);
        self.tell_presence(tenant, presence, ctx);
        for conversation in viewed {
            self.tell_viewing(tenant, conversation, ctx);
        }
        head
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
            let (ring, listener) = (stream.ring.as_ref()?, stream.sessions.get(&ask.session)?);
            Some(Standing {
                head: ring.head(),
                missed: ring.missed(ask.cursor, &listener.reader),
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

#[derive(Message)]
#[rtype(result = "()")]
pub(crate) enum Told {
    Committed(Committed),
    InDoubt(TenantId),
}

impl Handler<Told> for Bus {
    type Result = ();

    fn handle(&mut self, told: Told, ctx: &mut Self::Context) {
        match told {
            Told::Committed(Committed { tenant, events }) => self.pass_on(tenant, events, ctx),
            Told::InDoubt(tenant) => self.heal(tenant, ctx),
        }
    }
}

/// The store's line to the bus.
pub(crate) struct Line(pub(crate) Addr<Bus>);

impl Announce for Line {
    fn committed(&self, committed: Committed) {
        let tenant = committed.tenant;
        if let Err(SendError::Full(_)) = self.0.try_send(Told::Committed(committed)) {
            self.in_doubt(tenant);
        }
    }

    fn in_doubt(&self, tenant: TenantId) {
        let bus = self.0.clone();
        // A full bus is asked again when it has room; what it was not told it reads from the log.
        actix::spawn(async move { bus.send(Told::InDoubt(tenant)).await.ok() });
    }
}
