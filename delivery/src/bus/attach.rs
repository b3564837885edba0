//! How sessions come and go: a place among those who see the same.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use actix::prelude::*;
use kernel::{Caller, SessionId, TenantId};
use uuid::Uuid;

use super::Bus;
use super::stream::Listener;
use crate::audience::ME;
use crate::entry::Reader;
use crate::relay::{Job, Relay};
use crate::ring::Ring;

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
            stream.arriving.insert(attach.session);
        }
        let head = self.log.head(tenant);
        ActorResponse::r#async(head.into_actor(self).map(move |head, this, ctx| {
            let room = this.room;
            let stream = this.streams.entry(tenant).or_default();
            let is_still_here = stream.arriving.remove(&attach.session);
            let early = std::mem::take(&mut stream.early);
            // What is lost with a head that could not be read, whoever reads it next has to ask the log for.
            stream.is_in_doubt |= head.is_err() && !early.is_empty();
            let head = head?;
            stream.ring.get_or_insert_with(|| Ring::new(head, room));
            let is_in_doubt = std::mem::take(&mut stream.is_in_doubt);
            this.pass_on(tenant, early, ctx);
            if is_in_doubt {
                this.heal(tenant, ctx);
            }
            // Nobody would take one away that has gone before it came.
            Ok(if is_still_here { this.attach(attach, ctx) } else { head })
        }))
    }
}

impl Bus {
    pub(super) fn attach(&mut self, attach: Attach, ctx: &mut Context<Self>) -> i64 {
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
    pub(super) fn seat(
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
        // A customer hears what is theirs in the view of customers; the topic of that name is the team's.
        let is_own = hearing.is_own && contact.is_none();
        listener.own = is_own.then(|| listener.who.to_string().into());
        let class = stream.class_of(Reader::new(contact, hearing.topics), &mut self.last_class);
        listener.class = class;
        let port = listener.port;
        stream.add(session, listener);
        self.ports.add(port, Job::Join { session, tenant, class });
        self.flush_soon(ctx);
    }

    pub(super) fn detach(&mut self, tenant: TenantId, session: Uuid, ctx: &mut Context<Self>) {
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        stream.arriving.remove(&session);
        let (presence, viewed) = stream.remove(session);
        self.tell_presence(tenant, presence, ctx);
        if let Some(conversation) = viewed {
            self.tell_viewing(tenant, conversation, ctx);
        }
    }
}

/// What a member of the team asked for: what they share with others, and what is only theirs.
pub(super) struct Hearing {
    topics: Vec<String>,
    is_own: bool,
}

impl Hearing {
    pub(super) fn new(mut topics: Vec<String>) -> Self {
        let n_asked = topics.len();
        topics.retain(|topic| topic != ME);
        let is_own = topics.len() < n_asked;
        Self { topics, is_own }
    }
}
