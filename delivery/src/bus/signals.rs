//! What is told at once and never stored: typing, who is here, who looks at what.

use std::sync::Arc;

use actix::prelude::*;
use kernel::{ConversationId, TenantId, UserId};
use uuid::Uuid;

use super::voice::Voice;
use super::{Bus, Signal};
use crate::batch::{Batch, Frame};
use crate::presence::Presence;
use crate::relay::Job;
use crate::{protocol, wire};

impl Bus {
    /// Whether a connection's signal is to be told; what the server says itself always is.
    pub(super) fn is_heard(&mut self, signal: &Signal) -> bool {
        let Some(from) = signal.from else {
            return true;
        };
        let rate = self.signals;
        let stream = self.streams.get_mut(&signal.tenant);
        // Who is not here says nothing any more.
        stream
            .filter(|stream| stream.sessions.contains_key(&from))
            .is_some_and(|stream| {
                let voice = stream.voices.entry(from).or_insert_with(|| Voice::new(rate));
                voice.is_heard(&signal.topic, &signal.data)
            })
    }

    pub(super) fn signal(&mut self, tenant: TenantId, signal: &Signal, ctx: &mut Context<Self>) {
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        let frame = Frame {
            seq: 0,
            bytes: wire::text(&[&protocol::signal(&signal.topic, signal.kind, &signal.data)]),
            except: signal.from,
        };
        let topics = std::iter::once(signal.topic.as_str()).chain(signal.broad);
        let told = stream.who_hears(topics.clone(), signal.contact);
        let owners = stream.owners(topics, &told);
        let owners = owners
            .into_iter()
            .map(|(session, listener)| (session, listener.port, listener.class))
            .collect();
        for class in told {
            stream.put(class, frame.clone());
            self.dirty.insert((tenant, class));
        }
        self.give(tenant, owners, &frame);
        self.flush_soon(ctx);
    }

    /// Tells the team that someone came, is away or has gone. Who goes may be back in a moment.
    pub(super) fn tell_presence(
        &mut self,
        tenant: TenantId,
        change: Option<(UserId, Presence)>,
        ctx: &mut Context<Self>,
    ) {
        match change {
            None => {}
            Some((user, Presence::Offline)) => {
                ctx.run_later(self.presence_grace, move |this, ctx| {
                    let stream = this.streams.get(&tenant);
                    if stream.is_some_and(|stream| stream.presences.of(user) == Presence::Offline) {
                        this.tell_presence_now(tenant, user, Presence::Offline, ctx);
                    }
                });
            }
            Some((user, presence)) => self.tell_presence_now(tenant, user, presence, ctx),
        }
    }

    /// Tells it, unless that is what everybody believes.
    fn tell_presence_now(&mut self, tenant: TenantId, user: UserId, presence: Presence, ctx: &mut Context<Self>) {
        let Some(stream) = self.streams.get_mut(&tenant) else {
            return;
        };
        let believed = match presence {
            Presence::Offline => stream.believed.remove(&user),
            _ => stream.believed.insert(user, presence),
        };
        if believed.unwrap_or(Presence::Offline) != presence {
            let data = serde_json::json!({ "user_id": user, "state": presence });
            self.signal(tenant, &Signal::new("members", "presence", data), ctx);
        }
    }

    pub(super) fn tell_viewing(&mut self, tenant: TenantId, conversation: ConversationId, ctx: &mut Context<Self>) {
        if let Some(signal) = self.viewing(tenant, conversation) {
            self.signal(tenant, &signal, ctx);
        }
    }

    pub(super) fn viewing(&self, tenant: TenantId, conversation: ConversationId) -> Option<Signal> {
        let users = self.streams.get(&tenant)?.presences.viewers(conversation);
        let data = serde_json::json!({ "conversation_id": conversation, "users": users });
        let mut signal = Signal::new(&format!("conversation:{conversation}"), "viewing", data);
        signal.broad = Some("inbox");
        Some(signal)
    }

    pub(super) fn show_viewing(
        &mut self,
        tenant: TenantId,
        session: Uuid,
        conversation: ConversationId,
        ctx: &mut Context<Self>,
    ) {
        let Some(signal) = self.viewing(tenant, conversation) else {
            return;
        };
        let Some(stream) = self.streams.get(&tenant) else {
            return;
        };
        let topics = std::iter::once(signal.topic.as_str()).chain(signal.broad);
        let Some(listener) = stream.sessions.get(&session) else {
            return;
        };
        if stream.who_hears(topics, None).contains(&listener.class) {
            let bytes = wire::text(&[&protocol::signal(&signal.topic, signal.kind, &signal.data)]);
            let batch = Arc::new(Batch::new(vec![Frame::new(0, bytes)]));
            self.ports.add(listener.port, Job::Give { session, batch });
            self.flush_soon(ctx);
        }
    }
}
