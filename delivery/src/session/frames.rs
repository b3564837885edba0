//! What a session does with the frames of its client.

use actix::prelude::*;
use actix_http::ws::Item;
use actix_web_actors::ws::{self, WebsocketContext};

use super::Session;

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Session {
    fn handle(&mut self, message: Result<ws::Message, ws::ProtocolError>, ctx: &mut Self::Context) {
        self.outlet.hear();
        match message {
            Ok(ws::Message::Text(text)) => self.take(text, ctx),
            Ok(ws::Message::Continuation(item)) => self.gather(item, ctx),
            Ok(ws::Message::Ping(payload)) => {
                self.outlet.answer_ping(&payload);
                // It was answered; whether it was one too many shows at the next.
                self.spend(ctx).ok();
            }
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

impl Session {
    /// Puts a text together that came in several frames; the intake sees to it that it does not become too large.
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
        self.partial.extend_from_slice(&bytes);
        self.outlet.set_partial(if is_last { 0 } else { self.partial.len() });
        if is_last {
            match String::from_utf8(std::mem::take(&mut self.partial)) {
                Ok(text) => self.take(text.into(), ctx),
                Err(_) => self.end(ctx, 1007, "not UTF-8"),
            }
        }
    }
}
