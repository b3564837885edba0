//! A session: owns what one client may do, and carries out its requests in order.
//!
//! The client sends it requests; what the bus has for it goes past it, through its outlet. When it dies nothing is lost: the
//! client comes back with its cursor. This folder is the only place that knows actix-web-actors.

mod past;
mod requests;

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use actix::prelude::*;
use actix_http::error::PayloadError;
use actix_http::ws::{Codec, Item};
use actix_web::web::Bytes;
use actix_web_actors::ws::{self, WebsocketContext};
use futures_util::Stream;
use futures_util::future::LocalBoxFuture;
use kernel::Problem;
use serde_json::json;

use crate::bus;
use crate::protocol::{self, Hello, Request, RequestId};
use crate::registry::{Refusal, problem};
use crate::ring::Reader;
use crate::socket::{Next, Outlet};
use crate::{Admission, Hub, relay, wire};
use past::{MAX_BEHIND, Past, read_past};
use requests::Done;

const HELLO_WITHIN: Duration = Duration::from_secs(10);
const MAX_WAITING: usize = 64;

/// The actor.
pub(crate) struct Session {
    hub: Hub,
    outlet: Rc<Outlet>,
    admitted: Option<Box<Admission>>,
    topics: Vec<String>,
    requests: VecDeque<Request>,
    is_answering: bool,
    partial: Vec<u8>,
    patience: Option<SpawnHandle>,
}

impl Session {
    pub(crate) fn new(hub: Hub, outlet: Rc<Outlet>) -> Self {
        Self {
            hub,
            outlet,
            admitted: None,
            topics: vec![],
            requests: VecDeque::new(),
            is_answering: false,
            partial: vec![],
            patience: None,
        }
    }

    /// Runs as long as the returned stream is asked for what to write, which is nothing: the outlet has it.
    pub(crate) fn carried_by(
        self,
        intake: impl Stream<Item = Result<Bytes, PayloadError>> + 'static,
        codec: Codec,
    ) -> impl Stream<Item = Result<Bytes, actix_web::Error>> + Unpin {
        WebsocketContext::with_codec(self, intake, codec)
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
        let Some(Request { id, op, fields }) = self.requests.pop_front() else {
            if self.requests.capacity() > 0 {
                self.requests = VecDeque::new();
            }
            return;
        };
        self.is_answering = true;
        let answered = self
            .carry_out(&op, fields)
            .into_actor(self)
            .map(move |outcome, this, ctx| {
                this.is_answering = false;
                match outcome {
                    Ok(done) => this.finish(&id, done, ctx),
                    Err(problem) => this.refuse(&id, &problem, ctx),
                }
                this.answer_next(ctx);
            });
        ctx.spawn(answered);
    }

    fn carry_out(&self, op: &str, fields: serde_json::Value) -> LocalBoxFuture<'static, Result<Done, Problem>> {
        let (hub, session) = (self.hub.clone(), self.outlet.session);
        match (&self.admitted, op) {
            (None, "hello") => Box::pin(requests::hello(hub, fields)),
            (Some(_), "hello") => Box::pin(async { Err(problem(&Refusal::SecondHello)) }),
            (None, _) => Box::pin(async { Err(problem(&Refusal::NoHello)) }),
            (Some(_), "renew") => Box::pin(requests::renew(hub, fields)),
            (Some(me), "subscribe") => Box::pin(requests::subscribe(hub, me.clone(), session, fields, true)),
            (Some(me), "unsubscribe") => Box::pin(requests::subscribe(hub, me.clone(), session, fields, false)),
            (Some(me), "presence") => Box::pin(requests::be(hub, me.clone(), session, fields)),
            (Some(me), name) => match self.hub.registry().find_op(name) {
                Ok(run) => {
                    let answer = run(hub, me.caller.clone(), session, fields);
                    Box::pin(async move { answer.await.map(Done::Answered) })
                }
                Err(problem) => Box::pin(async move { Err(problem) }),
            },
        }
    }

    fn finish(&mut self, id: &RequestId, done: Done, ctx: &mut WebsocketContext<Self>) {
        match done {
            Done::Answered(data) => self.outlet.send_frame(protocol::answer_written(id, &data)),
            Done::Greeted { admission, hello } => self.attach(id.clone(), admission, hello, ctx),
            Done::Renewed(admission) => self.renew(id, admission, ctx),
            Done::Subscribed { topics, cursor } => {
                for topic in topics {
                    if !self.topics.contains(&topic) {
                        self.topics.push(topic);
                    }
                }
                self.outlet
                    .send_frame(protocol::answer(id, &json!({ "cursor": cursor })));
            }
            Done::Unsubscribed { topics } => {
                self.topics.retain(|topic| !topics.contains(topic));
                self.outlet.send_frame(protocol::answer(id, &json!({})));
            }
        }
    }

    fn renew(&mut self, id: &RequestId, admission: Box<Admission>, ctx: &mut WebsocketContext<Self>) {
        if !self.admitted.as_ref().is_some_and(|me| me.is_same(&admission)) {
            return self.refuse(id, &problem(&Refusal::OtherPerson), ctx);
        }
        // The fresh token may allow less than the old one.
        if requests::check_topics(&self.hub, &admission, &requests::asked(&admission, &self.topics)).is_err() {
            return self.end(ctx, 4401, "some topics may no longer be heard");
        }
        self.outlet.admit(admission.expires_at);
        let data = json!({ "expires_at": admission.expires_at });
        self.outlet.send_frame(protocol::answer(id, &data));
        self.admitted = Some(admission);
    }

    fn refuse(&mut self, id: &RequestId, problem: &Problem, ctx: &mut WebsocketContext<Self>) {
        self.outlet.send(&protocol::refusal(id, problem));
        if self.admitted.is_none() {
            self.end(ctx, 4401, &problem.detail);
        }
    }

    // Coming and catching up --------------------------------------------------------------------

    fn attach(&mut self, id: RequestId, admission: Box<Admission>, hello: Hello, ctx: &mut WebsocketContext<Self>) {
        if let Some(patience) = self.patience.take() {
            ctx.cancel_future(patience);
        }
        self.topics = requests::full_topics(&admission, &hello.topics);
        let attach = bus::Attach {
            session: self.outlet.session,
            caller: admission.caller.clone(),
            sign_in: admission.session,
            topics: self.topics.clone(),
            relay: relay::enter(&self.hub, self.outlet.clone(), ctx.address()),
            unreceipted: self.outlet.unreceipted(),
        };
        self.outlet.admit(admission.expires_at);
        self.outlet.hold();
        self.admitted = Some(admission);
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
        let session = self.outlet.session;
        let data = json!({ "session": session, "cursor": head, "resumed": can_resume, "beat_seconds": beat_seconds });
        self.outlet.send_frame(protocol::answer(id, &data));
        match cursor.filter(|_| can_resume) {
            Some(cursor) if cursor < head => self.catch_up(cursor, ctx),
            _ => {
                if !can_resume {
                    self.outlet.send(&protocol::reset(head));
                }
                self.go_live(&[], head, ctx);
            }
        }
    }

    /// Sends what happened after `cursor`, then what was held meanwhile.
    fn catch_up(&mut self, cursor: i64, ctx: &mut WebsocketContext<Self>) {
        let Some(me) = self.admitted.clone() else { return };
        self.outlet.set_cursor(cursor);
        self.outlet.hold();
        let reader = Reader::new(me.caller.contact(), self.topics.clone());
        let past = read_past(self.hub.clone(), me, self.outlet.session, reader, cursor);
        let caught_up = past.into_actor(self).map(|outcome, this, ctx| match outcome {
            Past::Read(frames, head) => this.go_live(&frames, head, ctx),
            Past::TooOld(head) => {
                this.outlet.send(&protocol::reset(head));
                this.go_live(&[], head, ctx);
            }
            Past::Unreadable => this.end(ctx, 4413, "catch up by connecting anew"),
        });
        ctx.spawn(caught_up);
    }

    fn go_live(&mut self, past: &[crate::batch::Frame], head: i64, ctx: &mut WebsocketContext<Self>) {
        let next = self.outlet.go_live(past, head);
        self.follow(next, ctx);
    }

    fn follow(&mut self, next: Next, ctx: &mut WebsocketContext<Self>) {
        if let Next::CatchUp(cursor) = next {
            self.catch_up(cursor, ctx);
        }
    }

    fn end(&mut self, ctx: &mut WebsocketContext<Self>, code: u16, why: &str) {
        self.outlet.end(code, why);
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

impl Actor for Session {
    type Context = WebsocketContext<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        metrics::gauge!("switchboard_actors", "kind" => "session").increment(1);
        self.patience = Some(ctx.run_later(HELLO_WITHIN, |this, ctx| {
            if this.admitted.is_none() {
                this.end(ctx, 4408, "no hello in time");
            }
        }));
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        metrics::gauge!("switchboard_actors", "kind" => "session").decrement(1);
        let session = self.outlet.session;
        relay::leave(session);
        if let Some(me) = &self.admitted {
            let tenant = me.caller.tenant;
            let bus = self.hub.bus().clone();
            // Not lost when the bus is full: a socket that is gone must not count as present.
            actix::spawn(async move { bus.send(bus::Detach { tenant, session }).await.ok() });
        }
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Session {
    fn handle(&mut self, message: Result<ws::Message, ws::ProtocolError>, ctx: &mut Self::Context) {
        self.outlet.hear();
        match message {
            Ok(ws::Message::Text(text)) => self.take(&text, ctx),
            Ok(ws::Message::Continuation(item)) => self.gather(item, ctx),
            Ok(ws::Message::Ping(payload)) => self.outlet.send_raw(wire::pong(&payload)),
            Ok(ws::Message::Pong(payload)) => {
                let next = self.outlet.receipt(&payload);
                self.follow(next, ctx);
            }
            Ok(ws::Message::Binary(_)) => self.end(ctx, 4400, "text frames are expected"),
            Ok(ws::Message::Close(reason)) => {
                let code = reason.map_or(1000, |reason| reason.code.into());
                self.end(ctx, code, "");
            }
            Ok(ws::Message::Nop) => {}
            Err(ws::ProtocolError::Overflow) => self.end(ctx, 1009, "too large"),
            Err(_) => self.end(ctx, 1002, "not WebSocket"),
        }
    }
}

/// Something was lost on the way; everything after this place is needed.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct CatchUp(pub(crate) i64);

impl Handler<CatchUp> for Session {
    type Result = ();

    fn handle(&mut self, CatchUp(cursor): CatchUp, ctx: &mut Self::Context) {
        self.catch_up(cursor, ctx);
    }
}
