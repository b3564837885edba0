//! How a session begins to hear, and how it catches up with what it missed.

use actix::prelude::*;
use actix_web_actors::ws::WebsocketContext;
use serde_json::json;

use super::Session;
use super::past::{MAX_BEHIND, Past, read_past};
use crate::audience::Admission;
use crate::batch::Frame;
use crate::protocol::{self, Hello, RequestId};
use crate::{bus, relay};

impl Session {
    pub(super) fn attach(
        &mut self,
        id: RequestId,
        admission: Box<Admission>,
        hello: Hello,
        ctx: &mut WebsocketContext<Self>,
    ) {
        if let Some(patience) = self.patience.take() {
            ctx.cancel_future(patience);
        }
        drop(self.place.take());
        self.topics = hello.topics;
        self.budget = self.delivery.budget_of(&admission.caller);
        let (clock, beat) = (self.delivery.clock(), self.delivery.config().beat);
        let attach = bus::Attach {
            session: self.outlet.session,
            caller: admission.caller.clone(),
            sign_in: admission.session,
            topics: self.topics.clone(),
            relay: relay::enter(clock, beat, self.outlet.clone(), ctx.address().recipient()),
            unreceipted: self.outlet.unreceipted(),
        };
        self.outlet.admit(admission.expires_at);
        self.outlet.hold();
        self.admitted = Some(admission);
        let bus = self.delivery.bus();
        let attached = async move { bus.send(attach).await };
        let done = attached.into_actor(self).map(move |outcome, this, ctx| match outcome {
            Ok(Ok(head)) => this.welcome(&id, hello.cursor, head, ctx),
            _ => this.end(ctx, 1011, "the server is busy"),
        });
        ctx.wait(done);
    }

    fn welcome(&mut self, id: &RequestId, cursor: Option<i64>, head: i64, ctx: &mut WebsocketContext<Self>) {
        // A customer's part of the log is small, whatever there is between.
        let is_customer = self.admitted.as_ref().is_some_and(|me| me.caller.contact().is_some());
        let is_near = |cursor: i64| is_customer || head - cursor <= MAX_BEHIND;
        let can_resume = cursor.is_none_or(|cursor| cursor <= head && is_near(cursor));
        let beat_seconds = self.delivery.config().beat.as_secs();
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
    pub(super) fn catch_up(&mut self, cursor: i64, ctx: &mut WebsocketContext<Self>) {
        let Some(me) = self.admitted.clone() else { return };
        self.outlet.set_cursor(cursor);
        self.outlet.hold();
        let past = read_past(self.delivery.clone(), me, self.outlet.session, cursor);
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

    fn go_live(&mut self, past: &[Frame], head: i64, ctx: &mut WebsocketContext<Self>) {
        let next = self.outlet.go_live(past, head);
        self.follow(next, ctx);
    }
}
