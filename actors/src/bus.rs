//! The bus: owns who hears what, and the newest events of every tenant that someone listens to.
//!
//! The store tells it of commits, sessions attach and subscribe, modules send signals through it. When it dies the process
//! ends: there would be nobody left to tell.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use bytestring::ByteString;
use chrono::{DateTime, Utc};
use kernel::{Caller, ContactId, ConversationId, Recorded, SessionId, TenantId, UserId};
use store::{Announce, Committed, Store};
use uuid::Uuid;

use crate::census::SessionRow;
pub use crate::presence::Presence;
use crate::presence::Presences;
use crate::protocol;
use crate::registry::Registry;
use crate::ring::{Entry, Missed, Reader, Ring};

const HEAL_AFTER: Duration = Duration::from_millis(40);
const FORGET_EVERY: Duration = Duration::from_secs(600);
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

/// What one tenant's listeners need.
#[derive(Default)]
struct Stream {
    ring: Option<Ring>,
    early: Vec<Recorded>,
    is_healing: bool,
    sessions: HashMap<Uuid, Listener>,
    by_topic: HashMap<String, HashSet<Uuid>>,
    visitors: HashMap<ContactId, HashSet<Uuid>>,
    presences: Presences,
}

struct Listener {
    out: Recipient<Deliver>,
    reader: Reader,
    caller: Caller,
    sign_in: Option<SessionId>,
    since: DateTime<Utc>,
    unreceipted: Arc<std::sync::atomic::AtomicUsize>,
    queue: Vec<Frame>,
    /// Something could not be handed over: the session must catch up by itself.
    has_lost: bool,
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

    fn flush(&mut self) {
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

impl Stream {
    /// Queues an event for everyone who may see it and asked for it; returns them.
    fn route(&mut self, entry: &Entry) -> HashSet<Uuid> {
        let mut to = HashSet::new();
        for topic in &entry.topics {
            to.extend(self.by_topic.get(topic).into_iter().flatten().copied());
        }
        let contact = entry.visitor.as_ref().map(|(contact, _)| contact);
        to.extend(
            contact
                .and_then(|contact| self.visitors.get(contact))
                .into_iter()
                .flatten(),
        );
        for session in &to {
            if let Some(listener) = self.sessions.get_mut(session)
                && let Some(frame) = entry.frame_for(&listener.reader)
            {
                listener.queue.push((entry.seq, frame.clone()));
            }
        }
        to
    }

    fn subscribe(&mut self, session: Uuid, topics: Vec<String>) {
        let Some(Listener {
            reader: Reader::Team { topics: heard },
            ..
        }) = self.sessions.get_mut(&session)
        else {
            return;
        };
        for topic in topics {
            self.by_topic.entry(topic.clone()).or_default().insert(session);
            if !heard.contains(&topic) {
                heard.push(topic);
            }
        }
    }

    fn unsubscribe(&mut self, session: Uuid, topics: &[String]) {
        if let Some(Listener {
            reader: Reader::Team { topics: heard },
            ..
        }) = self.sessions.get_mut(&session)
        {
            heard.retain(|topic| !topics.contains(topic));
        }
        for topic in topics {
            forget(&mut self.by_topic, topic, session);
        }
    }

    fn remove(&mut self, session: Uuid) -> (Option<(UserId, Presence)>, Option<ConversationId>) {
        match self.sessions.remove(&session).map(|listener| listener.reader) {
            Some(Reader::Team { topics }) => topics
                .iter()
                .for_each(|topic| forget(&mut self.by_topic, topic, session)),
            Some(Reader::Visitor(contact)) => forget(&mut self.visitors, &contact, session),
            None => {}
        }
        self.presences.leave(session)
    }
}

fn forget<K: std::hash::Hash + Eq>(table: &mut HashMap<K, HashSet<Uuid>>, key: &K, session: Uuid) {
    if let Some(sessions) = table.get_mut(key) {
        sessions.remove(&session);
        if sessions.is_empty() {
            table.remove(key);
        }
    }
}

impl Actor for Bus {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(8_192);
        // A tenant nobody listens to needs no ring: whoever comes back is caught up from the log.
        ctx.run_interval(FORGET_EVERY, |this, _| {
            this.streams.retain(|_, stream| !stream.sessions.is_empty())
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

/// A session changes what it hears; answered with where it stands.
#[derive(Message)]
#[rtype(result = "i64")]
pub(crate) struct Subscribe {
    pub(crate) tenant: TenantId,
    pub(crate) session: Uuid,
    pub(crate) topics: Vec<String>,
    pub(crate) is_on: bool,
}

impl Handler<Subscribe> for Bus {
    type Result = i64;

    fn handle(&mut self, ask: Subscribe, _: &mut Self::Context) -> i64 {
        let Some(stream) = self.streams.get_mut(&ask.tenant) else {
            return 0;
        };
        if ask.is_on {
            stream.subscribe(ask.session, ask.topics);
        } else {
            stream.unsubscribe(ask.session, &ask.topics);
        }
        stream.ring.as_ref().map_or(0, Ring::head)
    }
}

/// A session is gone.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Detach {
    pub(crate) tenant: TenantId,
    pub(crate) session: Uuid,
}

impl Handler<Detach> for Bus {
    type Result = ();

    fn handle(&mut self, detach: Detach, ctx: &mut Self::Context) {
        self.detach(detach.tenant, detach.session, ctx);
    }
}

/// Something that is told at once and never stored.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Signal {
    pub tenant: TenantId,
    pub topic: String,
    pub kind: &'static str,
    pub data: serde_json::Value,
    /// A second topic that hears it.
    pub broad: Option<&'static str>,
    /// The contact who hears it, too.
    pub contact: Option<ContactId>,
    /// The connection that caused it and need not hear it.
    pub from: Option<Uuid>,
}

impl Signal {
    /// A signal for one topic; the tenant is set by whoever sends it.
    #[must_use]
    pub fn new(topic: &str, kind: &'static str, data: serde_json::Value) -> Self {
        let tenant = TenantId(Uuid::nil());
        Self {
            tenant,
            topic: topic.to_owned(),
            kind,
            data,
            broad: None,
            contact: None,
            from: None,
        }
    }
}

impl Handler<Signal> for Bus {
    type Result = ();

    fn handle(&mut self, signal: Signal, ctx: &mut Self::Context) {
        self.signal(signal.tenant, &signal, ctx);
    }
}

/// A connection says where its user looks, or how present they are.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) enum Look {
    At(TenantId, Uuid, Option<ConversationId>),
    Be(TenantId, Uuid, Presence),
}

impl Handler<Look> for Bus {
    type Result = ();

    fn handle(&mut self, look: Look, ctx: &mut Self::Context) {
        match look {
            Look::At(tenant, session, conversation) => {
                let Some(stream) = self.streams.get_mut(&tenant) else {
                    return;
                };
                for changed in stream.presences.view(session, conversation) {
                    self.tell_viewing(tenant, changed, ctx);
                }
            }
            Look::Be(tenant, session, presence) => {
                let Some(stream) = self.streams.get_mut(&tenant) else {
                    return;
                };
                let change = stream.presences.set(session, presence);
                self.tell_presence(tenant, change, ctx);
            }
        }
    }
}

/// What others ask the bus.
#[derive(Message)]
#[rtype(result = "HashMap<UserId, Presence>")]
pub(crate) struct AskPresence(pub(crate) TenantId);

impl Handler<AskPresence> for Bus {
    type Result = MessageResult<AskPresence>;

    fn handle(&mut self, ask: AskPresence, _: &mut Self::Context) -> Self::Result {
        MessageResult(
            self.streams
                .get(&ask.0)
                .map(|stream| stream.presences.all())
                .unwrap_or_default(),
        )
    }
}

/// The bus as administrators see it.
pub(crate) struct BusCensus {
    pub(crate) topics: usize,
    pub(crate) ring: usize,
    pub(crate) delivered: u64,
    pub(crate) sessions: Vec<SessionRow>,
}

#[derive(Message)]
#[rtype(result = "BusCensus")]
pub(crate) struct AskCensus(pub(crate) TenantId);

impl Handler<AskCensus> for Bus {
    type Result = MessageResult<AskCensus>;

    fn handle(&mut self, ask: AskCensus, _: &mut Self::Context) -> Self::Result {
        let stream = self.streams.get(&ask.0);
        let mut sessions: Vec<_> = stream
            .into_iter()
            .flat_map(|s| &s.sessions)
            .map(|(id, l)| l.row(*id))
            .collect();
        sessions.sort_by_key(|row| row.id);
        MessageResult(BusCensus {
            topics: stream.map_or(0, |s| s.by_topic.len() + s.visitors.len()),
            ring: stream.and_then(|s| s.ring.as_ref()).map_or(0, Ring::len),
            delivered: self.delivered,
            sessions,
        })
    }
}

impl Listener {
    fn row(&self, id: Uuid) -> SessionRow {
        SessionRow {
            id,
            who: self.caller.name.to_string(),
            kind: if self.caller.contact().is_some() {
                "visitor"
            } else {
                "user"
            }
            .into(),
            topics: if let Reader::Team { topics } = &self.reader {
                topics.len()
            } else {
                1
            },
            unreceipted_bytes: self.unreceipted.load(std::sync::atomic::Ordering::Relaxed),
            since: self.since,
        }
    }
}

/// Ends the connections of one sign-in, or all of them.
#[derive(Message)]
#[rtype(result = "usize")]
pub(crate) enum End {
    SignIn(TenantId, SessionId),
    All,
}

impl Handler<End> for Bus {
    type Result = usize;

    fn handle(&mut self, end: End, _: &mut Self::Context) -> usize {
        let mut told = 0;
        for (tenant, stream) in &mut self.streams {
            for listener in stream.sessions.values_mut() {
                let ending = match &end {
                    End::SignIn(of, session) if of == tenant && listener.sign_in == Some(*session) => Ending::SignedOut,
                    End::SignIn(..) => continue,
                    End::All => Ending::Stopping,
                };
                let frames = std::mem::take(&mut listener.queue);
                let deliver = Deliver {
                    frames,
                    has_lost: false,
                    ending: Some(ending),
                };
                told += usize::from(listener.out.try_send(deliver).is_ok());
            }
        }
        told
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Flush;

impl Handler<Flush> for Bus {
    type Result = ();

    fn handle(&mut self, _: Flush, _: &mut Self::Context) {
        self.flush();
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
