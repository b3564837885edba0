//! What sessions and the hub ask of the bus.

use std::collections::HashMap;

use actix::prelude::*;
use kernel::{ContactId, ConversationId, SessionId, TenantId, UserId};
use uuid::Uuid;

use super::Bus;
use super::stream::Stream;
use crate::census::SessionRow;
use crate::presence::Presence;
use crate::relay::{Ending, Job, Relay};
use crate::ring::{Reader, Ring};

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

    fn handle(&mut self, ask: Subscribe, ctx: &mut Self::Context) -> i64 {
        let Some(stream) = self.streams.get(&ask.tenant) else {
            return 0;
        };
        let head = stream.ring.as_ref().map_or(0, Ring::head);
        if let Some(Reader::Team { topics }) = stream.reader_of(ask.session) {
            let mut topics = topics.clone();
            if ask.is_on {
                topics.extend(ask.topics);
            } else {
                topics.retain(|topic| !ask.topics.contains(topic));
            }
            if let Some(listener) = stream.sessions.get(&ask.session).cloned() {
                self.seat(ask.tenant, ask.session, listener, Reader::new(None, topics), ctx);
            }
        }
        head
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
        MessageResult(BusCensus {
            topics: stream.map_or(0, Stream::n_topics),
            ring: stream.and_then(|s| s.ring.as_ref()).map_or(0, Ring::len),
            delivered: self.delivered,
            sessions: stream.map(Stream::rows).unwrap_or_default(),
        })
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
        let mut told = 0;
        self.flush(ctx);
        for (tenant, stream) in &self.streams {
            for (session, listener) in &stream.sessions {
                let ending = match &end {
                    End::SignIn(of, sign_in) if of == tenant && listener.sign_in == Some(*sign_in) => Ending::SignedOut,
                    End::SignIn(..) => continue,
                    End::All => Ending::Stopping,
                };
                let session = *session;
                self.ports.add(listener.port, Job::End { session, ending });
                told += 1;
            }
        }
        self.flush(ctx);
        told
    }
}
