//! The relay of one thread: owns the way out to every session on it, and who of them sees the same.
//!
//! The bus sends it batches, one message for all sessions of the thread; sessions put their outlets here. It keeps the
//! beat of all of them. When it dies its connections end, and the clients come back.

mod table;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use kernel::{Clock, TenantId};
use uuid::Uuid;

use crate::batch::Batch;
use crate::outlet::Outlet;
use table::Table;

const SETTLE_WITHIN: Duration = Duration::from_secs(2);

thread_local! {
    static HERE: RefCell<Option<Addr<Relay>>> = const { RefCell::new(None) };
    static TABLE: Rc<RefCell<Table>> = Rc::default();
}

/// The actor.
pub(crate) struct Relay {
    clock: Clock,
    beat: Duration,
    table: Rc<RefCell<Table>>,
}

/// Names everyone who sees the same.
pub(crate) type ClassId = u64;

/// What the bus wants done, in this order.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Work(pub(crate) Vec<Job>);

/// One thing to do.
#[derive(Clone, Debug)]
pub(crate) enum Job {
    /// A session sees from now on what this class sees.
    Join {
        session: Uuid,
        tenant: TenantId,
        class: ClassId,
    },
    /// For everyone of a class.
    Pass { class: ClassId, batch: Arc<Batch> },
    /// For one session.
    Give { session: Uuid, batch: Arc<Batch> },
    /// Everything up to there has been told.
    Head { tenant: TenantId, head: i64 },
    /// Something could not be handed over.
    Lost,
    /// A connection has to end.
    End { session: Uuid, ending: Ending },
    /// All of them have to.
    EndAll(Ending),
}

/// Why a session has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    SignedOut,
    Stopping,
    /// Nobody knows any more what they hear.
    Forgotten,
}

/// Something was lost on the way to a session; everything after this place is needed.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct CatchUp(pub(crate) i64);

/// Returns this thread's relay, started if need be, which carries the session from now on.
pub(crate) fn enter(clock: &Clock, beat: Duration, outlet: Rc<Outlet>, session: Recipient<CatchUp>) -> Addr<Relay> {
    let table = TABLE.with(Rc::clone);
    table.borrow_mut().add(outlet, session, beat);
    HERE.with_borrow_mut(|here| {
        let known = here.take().filter(Addr::connected);
        let clock = clock.clone();
        here.insert(known.unwrap_or_else(|| Relay { clock, beat, table }.start()))
            .clone()
    })
}

/// Forgets a session of this thread.
pub(crate) fn leave(session: Uuid) {
    TABLE.with(|table| table.borrow_mut().remove(session));
}

/// Writes for everyone who waits; what comes meanwhile for the same sockets goes out in one piece in the next round.
fn flush_soon(table: &Rc<RefCell<Table>>) {
    if !table.borrow_mut().begin() {
        return;
    }
    let table = table.clone();
    actix::spawn(async move {
        loop {
            // The requests and commits of this turn may bring more for the same sockets.
            tokio::task::yield_now().await;
            let turn = table.borrow_mut().next_turn();
            if turn.is_empty() {
                break;
            }
            turn.iter().for_each(|outlet| outlet.flush());
        }
        let alarm = table.borrow_mut().alarm();
        if let Some(at) = alarm {
            tokio::time::sleep_until(at).await;
            table.borrow_mut().wake();
            flush_soon(&table);
        }
    });
}

impl Actor for Relay {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(64);
        let step = (self.beat / 20).clamp(Duration::from_millis(50), Duration::from_secs(1));
        ctx.run_interval(step, |this, _| {
            this.table.borrow_mut().beat(this.clock.now(), this.beat);
            flush_soon(&this.table);
        });
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Ok(table) = self.table.try_borrow() {
            table.end_all();
        }
    }
}

impl Handler<Work> for Relay {
    type Result = ();

    fn handle(&mut self, work: Work, _: &mut Self::Context) {
        for job in work.0 {
            let behind = self.table.borrow_mut().carry_out(job);
            for (session, cursor) in behind {
                // It holds what comes until it has caught up, so it is asked however full its mailbox is.
                actix::spawn(async move { session.send(CatchUp(cursor)).await.ok() });
            }
        }
        flush_soon(&self.table);
    }
}

/// Waits until everything queued has gone out, or nobody reads it.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Settle;

impl Handler<Settle> for Relay {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Settle, _: &mut Self::Context) -> Self::Result {
        let table = self.table.clone();
        let settled = async move {
            while !table.borrow().is_settled() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        Box::pin(async move {
            tokio::time::timeout(SETTLE_WITHIN, settled).await.ok();
        })
    }
}
