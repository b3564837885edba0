//! What sessions and the hub ask of the bus.

use std::collections::HashMap;

use actix::prelude::*;
use kernel::{ContactId, ConversationId, SessionId, TenantId, UserId};
use uuid::Uuid;

use super::stream::Stream;
use super::{Bus, Hearing};
use crate::census::{BusRow, Census};
use crate::entry::Reader;
use crate::presence::Presence;
use crate::relay::{Ending, Job, Relay};
use crate::ring::Ring;

/// A session hears these topics from now on; answered with where it stands.
#[derive(Message)]
#[rtype(result = "Option<i64>")]
pub(crate) struct Hear {
    pub(crate) tenant: TenantId,
    pub(crate) session: Uuid,
    pub(crate) topics: Vec<String>,
}

impl Handler<Hear> for Bus {
    type Result = Option<i64>;

    fn handle(&mut self, ask: Hear, ctx: &mut Self::Context) -> Option<i64> {
        let stream = self.streams.get(&ask.tenant)?;
        let head = stream.ring.as_ref()?.head();
        let is_team = matches!(stream.reader_of(ask.session)?, Reader::Team { .. });
        if let Some(listener) = stream.sessions.get(&ask.session).cloned().filter(|_| is_team) {
            self.seat(ask.tenant, ask.session, listener, Hearing::new(ask.topics), ctx);
        }
        Some(head)
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
        if self.is_heard(&signal) {
            self.signal(signal.tenant, &signal, ctx);
        }
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
#[derive(Message)]
#[rtype(result = "Census")]
pub(crate) struct AskCensus(pub(crate) TenantId);

impl Handler<AskCensus> for Bus {
    type Result = MessageResult<AskCensus>;

    fn handle(&mut self, ask: AskCensus, _: &mut Self::Context) -> Self::Result {
        let stream = self.streams.get(&ask.0);
        let sessions = stream.map(Stream::rows).unwrap_or_default();
        let bus = BusRow {
            sessions: sessions.len(),
            topics: stream.map_or(0, Stream::n_topics),
            classes: stream.map_or(0, |stream| stream.classes.len()),
            ring: stream.and_then(|s| s.ring.as_ref()).map_or(0, Ring::len),
            delivered: self.delivered,
        };
        MessageResult(Census { bus, sessions })
    }
}

#[derive(Message)]
#[rtype(result = "Vec<Addr<Relay>>")]
pub(crate) struct AskRelays;

impl Handler<AskRelays> for Bus {
    type Result = Vec<Addr<Relay>>;

    fn handle(&mut self, _: AskRelays, _: &mut Self::Context) -> Self::Result {
        self.ports.relays()
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

    fn handle(&mut self, end: End, ctx: &mut Self::Context) -> usize {
        self.flush(ctx);
        let End::SignIn(tenant, sign_in) = end else {
            self.ports.add_to_all(Job::EndAll(Ending::Stopping));
            self.flush(ctx);
            return self.streams.values().map(|stream| stream.sessions.len()).sum();
        };
        let sessions = self
            .streams
            .get(&tenant)
            .into_iter()
            .flat_map(|stream| &stream.sessions);
        let ended: Vec<_> = sessions
            .filter(|(_, listener)| listener.sign_in == Some(sign_in))
            .map(|(session, listener)| (*session, listener.port))
            .collect();
        for (session, port) in &ended {
            let (session, ending) = (*session, Ending::SignedOut);
            self.ports.add(*port, Job::End { session, ending });
        }
        self.flush(ctx);
        ended.len()
    }
}
