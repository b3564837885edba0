//! What sessions missed: the ring knows it, or is filled from the log once for all who ask.

use actix::prelude::*;
use futures_util::future::BoxFuture;
use kernel::{Caller, TenantId};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::Bus;
use crate::entry::Reader;
use crate::ring::Missed;

/// Where a session stands.
pub(crate) struct Standing {
    pub(crate) head: i64,
    pub(crate) missed: Missed,
    pub(crate) reader: Reader,
}

/// A session asks what it missed after a cursor, being attached already.
#[derive(Clone, Copy, Message)]
#[rtype(result = "Option<Standing>")]
pub(crate) struct AskMissed {
    pub(crate) tenant: TenantId,
    pub(crate) session: Uuid,
    pub(crate) cursor: i64,
}

/// Whoever waits for the ring to be filled.
pub(super) struct Waiter {
    ask: AskMissed,
    answer: oneshot::Sender<Option<Standing>>,
}

impl Handler<AskMissed> for Bus {
    type Result = Response<Option<Standing>>;

    fn handle(&mut self, ask: AskMissed, ctx: &mut Self::Context) -> Self::Result {
        let standing = self.standing(ask);
        let wants = standing.as_ref().and_then(|standing| self.wants(ask, standing));
        let Some(to) = wants else {
            return Response::reply(standing);
        };
        let (answer, filled) = oneshot::channel();
        let Some(stream) = self.streams.get_mut(&ask.tenant) else {
            return Response::reply(None);
        };
        stream.waiters.push(Waiter { ask, answer });
        if stream.waiters.len() == 1 {
            self.fill(ask, to, ctx);
        }
        let answered: BoxFuture<'static, _> = Box::pin(async { filled.await.unwrap_or(None) });
        Response::fut(answered)
    }
}

impl Bus {
    fn standing(&self, ask: AskMissed) -> Option<Standing> {
        let stream = self.streams.get(&ask.tenant)?;
        let (ring, reader) = (stream.ring.as_ref()?, stream.reader_of(ask.session)?);
        Some(Standing {
            head: ring.head(),
            missed: ring.missed(&self.audience, ask.cursor, &reader),
            reader,
        })
    }

    /// Up to where the log has to be read for this one. A customer reads their own part of it, which costs less.
    fn wants(&self, ask: AskMissed, standing: &Standing) -> Option<i64> {
        let is_team = matches!(standing.reader, Reader::Team { .. });
        let is_missing = matches!(standing.missed, Missed::InLog);
        let ring = self.streams.get(&ask.tenant)?.ring.as_ref()?;
        ring.wants(ask.cursor).filter(|_| is_team && is_missing)
    }

    fn fill(&mut self, ask: AskMissed, to: i64, ctx: &mut Context<Self>) {
        let caller = Caller::system(ask.tenant, "bus");
        let read = self.log.events_after(&caller, ask.cursor, to - ask.cursor);
        let filled = read.into_actor(self).map(move |outcome, this, ctx| {
            // With a log that is away, going back further helps nobody: they are told, and come back.
            let (past, filled_to) = match outcome {
                Ok(past) => (past, ask.cursor),
                Err(error) => {
                    tracing::warn!(tenant.id = %ask.tenant, %error, "the ring could not be filled");
                    (vec![], i64::MIN)
                }
            };
            let Some(stream) = this.streams.get_mut(&ask.tenant) else {
                return;
            };
            if let Some(ring) = &mut stream.ring {
                ring.fill(&this.audience, ask.cursor, &past);
            }
            let waiters = std::mem::take(&mut stream.waiters);
            this.answer(waiters, filled_to, ctx);
        });
        ctx.spawn(filled);
    }

    /// Answers who waited; who has to go back further than the one before has the ring filled again.
    fn answer(&mut self, waiters: Vec<Waiter>, filled_to: i64, ctx: &mut Context<Self>) {
        for waiter in waiters {
            let standing = self.standing(waiter.ask);
            let wants = standing.as_ref().and_then(|standing| self.wants(waiter.ask, standing));
            let again = wants.filter(|_| waiter.ask.cursor < filled_to);
            match (again, self.streams.get_mut(&waiter.ask.tenant)) {
                (Some(to), Some(stream)) => {
                    let (ask, is_first) = (waiter.ask, stream.waiters.is_empty());
                    stream.waiters.push(waiter);
                    if is_first {
                        self.fill(ask, to, ctx);
                    }
                }
                // Whoever asked may have gone away.
                _ => drop(waiter.answer.send(standing)),
            }
        }
    }
}
