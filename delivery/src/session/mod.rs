//! A session: owns what one client may do, and carries out its requests in order.
//!
//! The client sends it requests; what the bus has for it goes past it, through its outlet. When it dies nothing is lost: the
//! client comes back with its cursor. This folder is the only place that knows actix-web-actors.

mod arrival;
mod frames;
mod past;
mod requests;

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use actix_http::error::PayloadError;
use actix_http::ws::Codec;
use actix_web::web::Bytes;
use actix_web_actors::ws::WebsocketContext;
use bytestring::ByteString;
use futures_util::Stream;
use futures_util::future::LocalBoxFuture;
use kernel::Problem;
use serde_json::{Value, json};

use crate::audience::Admission;
use crate::budget::{Budget, Rate};
use crate::delivery::Delivery;
use crate::desk::{Desk, Refusal, problem};
use crate::lobby::Place;
use crate::outlet::{Next, Outlet};
use crate::protocol::{self, Request, RequestId};
use crate::relay::CatchUp;
use crate::{bus, relay};
use requests::{Done, Hearing};

const HELLO_WITHIN: Duration = Duration::from_secs(10);
const MAX_WAITING: usize = 64;
/// Whoever has not said hello has little else to say.
const OF_A_STRANGER: Rate = Rate {
    per_minute: 60,
    burst: 10,
};

/// The actor.
pub(crate) struct Session {
    delivery: Delivery,
    desk: Arc<dyn Desk>,
    outlet: Rc<Outlet>,
    admitted: Option<Box<Admission>>,
    budget: Arc<Budget>,
    topics: Vec<String>,
    requests: VecDeque<Request>,
    is_answering: bool,
    partial: Vec<u8>,
    patience: Option<SpawnHandle>,
    /// Where it waits until it has said hello.
    place: Option<Place>,
}

impl Session {
    pub(crate) fn new(delivery: Delivery, desk: Arc<dyn Desk>, outlet: Rc<Outlet>, place: Place) -> Self {
        Self {
            delivery,
            desk,
            outlet,
            admitted: None,
            budget: Arc::new(Budget::new(OF_A_STRANGER)),
            topics: vec![],
            requests: VecDeque::new(),
            is_answering: false,
            partial: vec![],
            patience: None,
            place: Some(place),
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

    fn take(&mut self, text: ByteString, ctx: &mut WebsocketContext<Self>) {
        let Some(request) = Request::parse(text) else {
            return self.end(ctx, 4400, "not a request: an object with id and op is expected");
        };
        if let Err(wait) = self.spend(ctx) {
            return self.refuse(&request.id, &problem(&Refusal::TooFast(wait)), ctx);
        }
        if self.requests.len() >= MAX_WAITING {
            return self.refuse(&request.id, &problem(&Refusal::TooMany), ctx);
        }
        self.requests.push_back(request);
        self.answer_next(ctx);
    }

    /// Counts one more thing that the client wants. Whoever wants too much is not listened to for a while.
    fn spend(&mut self, ctx: &mut WebsocketContext<Self>) -> Result<(), Duration> {
        let spent = self.budget.take();
        if let Err(wait) = spent {
            self.outlet.mute(true);
            ctx.run_later(wait, |this, _| this.outlet.mute(false));
        }
        spent
    }

    /// Carries out requests one after the other, so that what a client sends stays in order.
    fn answer_next(&mut self, ctx: &mut WebsocketContext<Self>) {
        if self.is_answering {
            return self
                .outlet
                .set_asked(self.requests.iter().map(|request| request.text.len()).sum());
        }
        let Some(request) = self.requests.pop_front() else {
            self.outlet.set_asked(0);
            if self.requests.capacity() > 0 {
                self.requests = VecDeque::new();
            }
            return;
        };
        self.is_answering = true;
        let (id, fields) = (request.id.clone(), request.fields());
        let answered = self
            .carry_out(&request.op, fields)
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

    fn carry_out(&self, op: &str, fields: Value) -> LocalBoxFuture<'static, Result<Done, Problem>> {
        let (delivery, session) = (self.delivery.clone(), self.outlet.session);
        match (&self.admitted, op) {
            (None, "hello") => Box::pin(requests::hello(delivery, fields)),
            (Some(_), "hello") => Box::pin(async { Err(problem(&Refusal::SecondHello)) }),
            (None, _) => Box::pin(async { Err(problem(&Refusal::NoHello)) }),
            (Some(_), "renew") => Box::pin(requests::renew(delivery, fields)),
            (Some(me), "subscribe") => Box::pin(self.hearing(me).subscribe(fields)),
            (Some(me), "unsubscribe") => Box::pin(self.hearing(me).unsubscribe(fields)),
            (Some(me), "presence") => Box::pin(requests::be(delivery, me.clone(), session, fields)),
            (Some(me), name) => {
                let answer = self.desk.carry_out(name, me.caller.clone(), session, fields);
                Box::pin(async move { answer.await.map(Done::Answered) })
            }
        }
    }

    fn hearing(&self, me: &Admission) -> Hearing {
        Hearing {
            delivery: self.delivery.clone(),
            me: Box::new(me.clone()),
            session: self.outlet.session,
            topics: self.topics.clone(),
            budget: self.budget.clone(),
        }
    }

    fn finish(&mut self, id: &RequestId, done: Done, ctx: &mut WebsocketContext<Self>) {
        match done {
            Done::Answered(data) => self.outlet.send_frame(protocol::answer_written(id, &data)),
            Done::Greeted { admission, hello } => self.attach(id.clone(), admission, hello, ctx),
            Done::Renewed(admission) => self.renew(id, admission, ctx),
            Done::Subscribed { topics, cursor } => {
                self.topics = topics;
                let data = json!({ "cursor": cursor });
                self.outlet.send_frame(protocol::answer(id, &data));
            }
        }
    }

    fn renew(&mut self, id: &RequestId, admission: Box<Admission>, ctx: &mut WebsocketContext<Self>) {
        if !self.admitted.as_ref().is_some_and(|me| me.is_same(&admission)) {
            return self.refuse(id, &problem(&Refusal::OtherPerson), ctx);
        }
        // The fresh token may allow less than the old one.
        if requests::check_topics(&self.delivery, &admission, &self.topics).is_err() {
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

    fn follow(&mut self, next: Next, ctx: &mut WebsocketContext<Self>) {
        if let Next::CatchUp(cursor) = next {
            self.catch_up(cursor, ctx);
        }
    }

    fn end(&mut self, ctx: &mut WebsocketContext<Self>, code: u16, why: &str) {
        self.outlet.end(code, why);
        ctx.stop();
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
            let bus = self.delivery.bus();
            // Not lost when the bus is full: a socket that is gone must not count as present.
            actix::spawn(async move { bus.send(bus::Detach { tenant, session }).await.ok() });
        }
    }
}

impl Handler<CatchUp> for Session {
    type Result = ();

    fn handle(&mut self, CatchUp(cursor): CatchUp, ctx: &mut Self::Context) {
        self.catch_up(cursor, ctx);
    }
}
