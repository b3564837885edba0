//! A session: owns one socket, what it listens to, and the bytes its client has not yet acknowledged.
//!
//! The client sends it requests, which it carries out in order; the bus sends it frames. When it dies nothing is lost: the
//! client comes back with its cursor. This is the only file that knows actix-web-actors.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix::prelude::*;
use actix_http::ws::Item;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_web_actors::ws::{self, CloseCode, CloseReason, WebsocketContext};
use bytestring::ByteString;
use futures_util::future::LocalBoxFuture;
use kernel::Problem;
use serde_json::json;
use tokio::time::Instant;
use uuid::Uuid;

use crate::bus::{self, Deliver, Ending, Frame};
use crate::protocol::{self, Hello, Raw, Renew, Request, RequestId, SetPresence, Topics};
use crate::registry::{Refusal, problem, read_fields};
use crate::ring::{Entry, Missed, Reader};
use crate::{Admission, Hub};

const HELLO_WITHIN: Duration = Duration::from_secs(10);
const MAX_WAITING: usize = 64;
const MAX_TOPICS: usize = 200;
const MAX_HELD: usize = 10_000;
const PAUSE_AT_MOST: Duration = Duration::from_secs(30);
const PING_EVERY_BYTES: usize = 64 * 1024;
/// Further back than this, starting anew is quicker than catching up.
const MAX_BEHIND: i64 = 5_000;
const LOG_PAGE: i64 = 1_000;
const RETRY_AFTER_MS: u64 = 1_000;

/// Answers a WebSocket handshake with a session.
pub fn connect(hub: &Hub, request: &HttpRequest, stream: web::Payload) -> Result<HttpResponse, actix_web::Error> {
    let frame_bytes = hub.config().frame_bytes;
    ws::WsResponseBuilder::new(Session::new(hub.clone()), request, stream)
        .frame_size(frame_bytes)
        .start()
}

/// The actor.
pub struct Session {
    hub: Hub,
    id: Uuid,
    admitted: Option<Admission>,
    topics: Vec<String>,
    requests: VecDeque<Request>,
    is_answering: bool,
    flow: Flow,
    cursor: i64,
    partial: Vec<u8>,
    receipts: Receipts,
    last_heard: Instant,
}

/// How frames go out.
enum Flow {
    Live,
    /// What comes meanwhile is held until the past has been sent.
    CatchingUp {
        held: Vec<Frame>,
        has_lost: bool,
    },
    /// The client is too far behind.
    Paused {
        since: Instant,
    },
}

/// The bytes that were sent and not yet acknowledged.
struct Receipts {
    open: VecDeque<(String, usize)>,
    since_ping: usize,
    pings: u64,
    total: Arc<AtomicUsize>,
}

impl Session {
    fn new(hub: Hub) -> Self {
        let receipts = Receipts {
            open: VecDeque::new(),
            since_ping: 0,
            pings: 0,
            total: Arc::default(),
        };
        Self {
            hub,
            id: Uuid::now_v7(),
            admitted: None,
            topics: vec![],
            requests: VecDeque::new(),
            is_answering: false,
            flow: Flow::Live,
            cursor: 0,
            partial: vec![],
            receipts,
            last_heard: Instant::now(),
        }
    }

    // Requests ----------------------------------------------------------------------------------

    fn take(&mut self, text: &str, ctx: &mut WebsocketContext<Self>) {
        let Some(request) = Request::parse(text) else {
            return self.end(ctx, 4400, "not a request: an object with id and op is expected");
        };
        if self.requests.len() >= MAX_WAITING {
            return self.refuse(&request.id, &problem(&Refusal::TooMany), ctx);
        }
        self.requests.push_back(request);
        self.answer_next(ctx);
    }

    /// Carries out requests one after the other, so that what a client sends stays in order.
    fn answer_next(&mut self, ctx: &mut WebsocketContext<Self>) {
        if self.is_answering {
            return;
        }
        let Some(request) = self.requests.pop_front() else {
            return;
        };
        self.is_answering = true;
        let Request { id, op, fields } = request;
        let work: LocalBoxFuture<'static, Result<Done, Problem>> = match (&self.admitted, op.as_str()) {
            (None, "hello") => Box::pin(hello(self.hub.clone(), fields)),
            (Some(_), "hello") => Box::pin(async { Err(problem(&Refusal::SecondHello)) }),
            (None, _) => Box::pin(async { Err(problem(&Refusal::NoHello)) }),
            (Some(_), "renew") => Box::pin(renew(self.hub.clone(), fields)),
            (Some(me), "subscribe") => Box::pin(subscribe(self.hub.clone(), me.clone(), self.id, fields, true)),
            (Some(me), "unsubscribe") => Box::pin(subscribe(self.hub.clone(), me.clone(), self.id, fields, false)),
            (Some(me), "presence") => Box::pin(be(self.hub.clone(), me.clone(), self.id, fields)),
            (Some(me), name) => match self.hub.registry().find_op(name) {
                Ok(run) => {
                    let answer = run(self.hub.clone(), me.caller.clone(), self.id, fields);
                    Box::pin(async move { answer.await.map(Done::Answered) })
                }
                Err(problem) => Box::pin(async move { Err(problem) }),
            },
        };
        let answered = work.into_actor(self).map(move |outcome, this, ctx| {
            this.is_answering = false;
            match outcome {
                Ok(done) => this.finish(&id, done, ctx),
                Err(problem) => this.refuse(&id, &problem, ctx),
            }
            this.answer_next(ctx);
        });
        ctx.spawn(answered);
    }

    fn finish(&mut self, id: &RequestId, done: Done, ctx: &mut WebsocketContext<Self>) {
        match done {
            Done::Answered(data) => self.send(protocol::answer(id, &data), ctx),
            Done::Greeted { admission, hello } => self.attach(id.clone(), admission, hello, ctx),
            Done::Renewed(admission) => {
                let same = self.admitted.as_ref().is_some_and(|me| me.is_same(&admission));
                if !same {
                    return self.refuse(id, &problem(&Refusal::OtherPerson), ctx);
                }
                self.send(
                    protocol::answer(id, &json!({ "expires_at": admission.expires_at })),
                    ctx,
                );
                self.admitted = Some(admission);
            }
            Done::Subscribed { topics, cursor } => {
                for topic in topics {
                    if !self.topics.contains(&topic) {
                        self.topics.push(topic);
                    }
                }
                self.send(protocol::answer(id, &json!({ "cursor": cursor })), ctx);
            }
            Done::Unsubscribed { topics } => {
                self.topics.retain(|topic| !topics.contains(topic));
                self.send(protocol::answer(id, &json!({})), ctx);
            }
        }
    }

    fn refuse(&mut self, id: &RequestId, problem: &Problem, ctx: &mut WebsocketContext<Self>) {
        self.send(protocol::refusal(id, problem), ctx);
        if self.admitted.is_none() {
            self.end(ctx, 4401, &problem.detail);
        }
    }

    // Coming and catching up --------------------------------------------------------------------

    fn attach(&mut self, id: RequestId, admission: Admission, hello: Hello, ctx: &mut WebsocketContext<Self>) {
        let attach = bus::Attach {
            session: self.id,
            caller: admission.caller.clone(),
            sign_in: admission.session,
            topics: hello.topics.iter().map(|topic| full_topic(&admission, topic)).collect(),
            out: ctx.address().recipient(),
            unreceipted: self.receipts.total.clone(),
        };
        self.topics.clone_from(&attach.topics);
        self.admitted = Some(admission);
        self.flow = Flow::CatchingUp {
            held: vec![],
            has_lost: false,
        };
        let attached = self.hub.bus().send(attach);
        let done = attached.into_actor(self).map(move |outcome, this, ctx| match outcome {
            Ok(Ok(head)) => this.welcome(&id, hello.cursor, head, ctx),
            _ => this.end(ctx, 1011, "the server is busy"),
        });
        ctx.wait(done);
    }

    fn welcome(&mut self, id: &RequestId, cursor: Option<i64>, head: i64, ctx: &mut WebsocketContext<Self>) {
        let can_resume = cursor.is_none_or(|cursor| cursor <= head && head - cursor <= MAX_BEHIND);
        let beat_seconds = self.hub.config().beat.as_secs();
        let data = json!({ "session": self.id, "cursor": head, "resumed": can_resume, "beat_seconds": beat_seconds });
        self.send(protocol::answer(id, &data), ctx);
        match cursor.filter(|_| can_resume) {
            Some(cursor) => self.catch_up(cursor, ctx),
            None => {
                if !can_resume {
                    self.send(protocol::reset(head), ctx);
                }
                self.go_live(vec![], head, ctx);
            }
        }
    }

    /// Sends what happened after `cursor`, then what was held meanwhile.
    fn catch_up(&mut self, cursor: i64, ctx: &mut WebsocketContext<Self>) {
        let Some(me) = self.admitted.clone() else { return };
        self.cursor = cursor;
        if !matches!(self.flow, Flow::CatchingUp { .. }) {
            self.flow = Flow::CatchingUp {
                held: vec![],
                has_lost: false,
            };
        }
        let reader = match me.caller.contact() {
            Some(contact) => Reader::Visitor(contact),
            None => Reader::Team {
                topics: self.topics.clone(),
            },
        };
        let past = read_past(self.hub.clone(), me, self.id, reader, cursor);
        let caught_up = past.into_actor(self).map(|outcome, this, ctx| match outcome {
            Past::Read(frames, head) => this.go_live(frames, head, ctx),
            Past::TooOld(head) => {
                this.send(protocol::reset(head), ctx);
                this.go_live(vec![], head, ctx);
            }
            Past::Unreadable => this.end(ctx, 4413, "catch up by connecting anew"),
        });
        ctx.spawn(caught_up);
    }

    fn go_live(&mut self, past: Vec<Frame>, head: i64, ctx: &mut WebsocketContext<Self>) {
        let held = std::mem::replace(&mut self.flow, Flow::Live);
        if past.is_empty() {
            self.cursor = self.cursor.max(head);
        }
        self.write(past, ctx);
        if matches!(self.flow, Flow::Live) {
            self.cursor = self.cursor.max(head);
        }
        if let Flow::CatchingUp { held, has_lost } = held {
            if has_lost && matches!(self.flow, Flow::Live) {
                return self.catch_up(self.cursor, ctx);
            }
            self.write(held, ctx);
        }
    }

    // Going out ---------------------------------------------------------------------------------

    fn deliver(&mut self, deliver: Deliver, ctx: &mut WebsocketContext<Self>) {
        match &mut self.flow {
            Flow::CatchingUp { held, has_lost } => {
                *has_lost |= deliver.has_lost || held.len() > MAX_HELD;
                if !*has_lost {
                    held.extend(deliver.frames);
                }
            }
            Flow::Paused { .. } => {}
            Flow::Live if deliver.has_lost => {
                let cursor = self.cursor;
                self.catch_up(cursor, ctx);
            }
            Flow::Live => self.write(deliver.frames, ctx),
        }
        match deliver.ending {
            Some(Ending::Stopping) => {
                let bye = protocol::bye("the server is restarting", RETRY_AFTER_MS);
                self.send(bye, ctx);
                self.end(ctx, 1001, "restarting");
            }
            Some(Ending::SignedOut) => self.end(ctx, 4401, "signed out"),
            None => {}
        }
    }

    /// Writes frames in order, each event once, until the client is too far behind.
    fn write(&mut self, frames: Vec<Frame>, ctx: &mut WebsocketContext<Self>) {
        for (seq, frame) in frames {
            if seq != 0 && seq <= self.cursor {
                continue;
            }
            if self.receipts.total.load(Ordering::Relaxed) > self.hub.config().unreceipted_bytes {
                self.flow = Flow::Paused { since: Instant::now() };
                return;
            }
            self.cursor = self.cursor.max(seq);
            self.send(frame, ctx);
        }
    }

    fn send(&mut self, frame: ByteString, ctx: &mut WebsocketContext<Self>) {
        self.receipts.since_ping += frame.len();
        self.receipts.total.fetch_add(frame.len(), Ordering::Relaxed);
        ctx.text(frame);
        if self.receipts.since_ping > PING_EVERY_BYTES {
            self.ping(ctx);
        }
    }

    /// Asks for a receipt for everything sent so far.
    fn ping(&mut self, ctx: &mut WebsocketContext<Self>) {
        self.receipts.pings += 1;
        let name = format!("{}.{}", self.cursor, self.receipts.pings);
        ctx.ping(name.as_bytes());
        let bytes = std::mem::take(&mut self.receipts.since_ping);
        self.receipts.open.push_back((name, bytes));
    }

    fn receipt(&mut self, payload: &[u8], ctx: &mut WebsocketContext<Self>) {
        let Some(place) = self
            .receipts
            .open
            .iter()
            .position(|(name, _)| name.as_bytes() == payload)
        else {
            return;
        };
        let bytes: usize = self.receipts.open.drain(..=place).map(|(_, bytes)| bytes).sum();
        let left = self.receipts.total.fetch_sub(bytes, Ordering::Relaxed) - bytes;
        if matches!(self.flow, Flow::Paused { .. }) && left < self.hub.config().unreceipted_bytes / 2 {
            let cursor = self.cursor;
            self.catch_up(cursor, ctx);
        }
    }

    fn beat(&mut self, ctx: &mut WebsocketContext<Self>) {
        let (now, clock) = (Instant::now(), self.hub.store().clock().now());
        if let Flow::Paused { since } = self.flow
            && now - since > PAUSE_AT_MOST
        {
            return self.end(ctx, 4413, "too far behind");
        }
        if now - self.last_heard > self.hub.config().beat * 3 {
            ctx.stop();
            return;
        }
        if self.admitted.as_ref().is_some_and(|me| me.expires_at < clock) {
            self.send(protocol::bye("the token has ended", 0), ctx);
            return self.end(ctx, 4401, "the token has ended");
        }
        if matches!(self.flow, Flow::Live) && self.admitted.is_some() {
            let beat = protocol::beat(self.cursor, clock);
            self.send(beat, ctx);
        }
        self.ping(ctx);
    }

    fn end(&mut self, ctx: &mut WebsocketContext<Self>, code: u16, why: &str) {
        let description = why.chars().take(100).collect::<String>();
        ctx.close(Some(CloseReason {
            code: CloseCode::from(code),
            description: Some(description),
        }));
        ctx.stop();
    }

    /// Puts a text together that came in several frames.
    fn gather(&mut self, item: Item, ctx: &mut WebsocketContext<Self>) {
        let (bytes, is_last) = match item {
            Item::FirstText(bytes) => {
                self.partial.clear();
                (bytes, false)
            }
            Item::Continue(bytes) => (bytes, false),
            Item::Last(bytes) => (bytes, true),
            Item::FirstBinary(_) => return self.end(ctx, 4400, "text frames are expected"),
        };
        if self.partial.len() + bytes.len() > self.hub.config().frame_bytes {
            return self.end(ctx, 1009, "too large");
        }
        self.partial.extend_from_slice(&bytes);
        if is_last {
            match String::from_utf8(std::mem::take(&mut self.partial)) {
                Ok(text) => self.take(&text, ctx),
                Err(_) => self.end(ctx, 1007, "not UTF-8"),
            }
        }
    }
}

/// What carrying out a request led to.
enum Done {
    Answered(Raw),
    Greeted { admission: Admission, hello: Hello },
    Renewed(Admission),
    Subscribed { topics: Vec<String>, cursor: i64 },
    Unsubscribed { topics: Vec<String> },
}

async fn hello(hub: Hub, fields: serde_json::Value) -> Result<Done, Problem> {
    let hello: Hello = read_fields(fields)?;
    let admission = hub.registry().check_token(&hello.token)?;
    check_topics(&hub, &admission, &hello.topics)?;
    Ok(Done::Greeted { admission, hello })
}

async fn renew(hub: Hub, fields: serde_json::Value) -> Result<Done, Problem> {
    let renew: Renew = read_fields(fields)?;
    Ok(Done::Renewed(hub.registry().check_token(&renew.token)?))
}

async fn subscribe(
    hub: Hub,
    me: Admission,
    session: Uuid,
    fields: serde_json::Value,
    is_on: bool,
) -> Result<Done, Problem> {
    let asked: Topics = read_fields(fields)?;
    check_topics(&hub, &me, &asked.topics)?;
    let topics: Vec<_> = asked.topics.iter().map(|topic| full_topic(&me, topic)).collect();
    let ask = bus::Subscribe {
        tenant: me.caller.tenant,
        session,
        topics: topics.clone(),
        is_on,
    };
    let cursor = hub
        .bus()
        .send(ask)
        .await
        .map_err(|e| problem(&crate::LiveError::from(e)))?;
    Ok(if is_on {
        Done::Subscribed { topics, cursor }
    } else {
        Done::Unsubscribed { topics }
    })
}

async fn be(hub: Hub, me: Admission, session: Uuid, fields: serde_json::Value) -> Result<Done, Problem> {
    let asked: SetPresence = read_fields(fields)?;
    let be = bus::Look::Be(me.caller.tenant, session, asked.state);
    hub.bus()
        .try_send(be)
        .map_err(|_cause| problem(&crate::LiveError::Busy))?;
    serde_json::value::to_raw_value(&json!({}))
        .map(Done::Answered)
        .map_err(|_cause| problem(&crate::LiveError::Busy))
}

fn check_topics(hub: &Hub, me: &Admission, topics: &[String]) -> Result<(), Problem> {
    if topics.len() > MAX_TOPICS {
        return Err(problem(&Refusal::TooManyTopics));
    }
    topics
        .iter()
        .try_for_each(|topic| hub.registry().check_topic(&me.caller, topic))
}

/// `me` stands for the caller's own topic.
fn full_topic(me: &Admission, topic: &str) -> String {
    if topic == "me" {
        me.caller.who.to_string()
    } else {
        topic.to_owned()
    }
}

/// What a look into the past found.
enum Past {
    Read(Vec<Frame>, i64),
    TooOld(i64),
    Unreadable,
}

/// Collects what a reader missed, from the log as far as it must and from the ring as soon as it can.
async fn read_past(hub: Hub, me: Admission, session: Uuid, reader: Reader, cursor: i64) -> Past {
    let (mut frames, mut at) = (vec![], cursor);
    loop {
        let ask = bus::AskMissed {
            tenant: me.caller.tenant,
            session,
            cursor: at,
        };
        let Ok(Some(standing)) = hub.bus().send(ask).await else {
            return Past::Unreadable;
        };
        if let Missed::Frames(newest) = standing.missed {
            frames.extend(newest);
            return Past::Read(frames, standing.head);
        }
        if standing.head - cursor > MAX_BEHIND {
            return Past::TooOld(standing.head);
        }
        let Ok(events) = hub.store().events_after(&me.caller, at, LOG_PAGE).await else {
            return Past::Unreadable;
        };
        for event in &events {
            at = event.seq;
            let entry = Entry::new(hub.registry(), event);
            let frame = entry.as_ref().and_then(|entry| entry.frame_for(&reader).cloned());
            frames.extend(frame.map(|frame| (event.seq, frame)));
        }
        if events.is_empty() {
            return Past::Unreadable;
        }
    }
}

impl Actor for Session {
    type Context = WebsocketContext<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(64);
        metrics::gauge!("switchboard_actors", "kind" => "session").increment(1);
        ctx.run_later(HELLO_WITHIN, |this, ctx| {
            if this.admitted.is_none() {
                this.end(ctx, 4408, "no hello in time");
            }
        });
        ctx.run_interval(self.hub.config().beat, Self::beat);
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        metrics::gauge!("switchboard_actors", "kind" => "session").decrement(1);
        if let Some(me) = &self.admitted {
            let detach = bus::Detach {
                tenant: me.caller.tenant,
                session: self.id,
            };
            let bus = self.hub.bus().clone();
            // Not lost when the bus is full: a socket that is gone must not count as present.
            actix::spawn(async move { bus.send(detach).await.ok() });
        }
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Session {
    fn handle(&mut self, message: Result<ws::Message, ws::ProtocolError>, ctx: &mut Self::Context) {
        self.last_heard = Instant::now();
        match message {
            Ok(ws::Message::Text(text)) => self.take(&text, ctx),
            Ok(ws::Message::Continuation(item)) => self.gather(item, ctx),
            Ok(ws::Message::Ping(payload)) => ctx.pong(&payload),
            Ok(ws::Message::Pong(payload)) => self.receipt(&payload, ctx),
            Ok(ws::Message::Binary(_)) => self.end(ctx, 4400, "text frames are expected"),
            Ok(ws::Message::Close(reason)) => {
                ctx.close(reason);
                ctx.stop();
            }
            Ok(ws::Message::Nop) => {}
            Err(ws::ProtocolError::Overflow) => self.end(ctx, 1009, "too large"),
            Err(_) => self.end(ctx, 1002, "not WebSocket"),
        }
    }
}

impl Handler<Deliver> for Session {
    type Result = ();

    fn handle(&mut self, deliver: Deliver, ctx: &mut Self::Context) {
        self.deliver(deliver, ctx);
    }
}
