//! The relay of one thread: owns the way out to every session on it, and who of them sees the same.
//!
//! The bus sends it batches, one message for all sessions of the thread; sessions put their outlets here. It keeps the
//! beat of all of them. When it dies its connections end, and the clients come back.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use kernel::TenantId;
use tokio::time::Instant;
use uuid::Uuid;

use crate::Hub;
use crate::batch::Batch;
use crate::protocol;
use crate::session::{CatchUp, Session};
use crate::socket::{Next, Outlet};

const WRITES_AT_ONCE: usize = 128;
const RETRY_AFTER_MS: u64 = 1_000;
const SETTLE_WITHIN: Duration = Duration::from_secs(2);

thread_local! {
    static HERE: RefCell<Option<Addr<Relay>>> = const { RefCell::new(None) };
    static TABLE: Rc<RefCell<Table>> = Rc::default();
}

/// The actor.
pub(crate) struct Relay {
    hub: Hub,
    table: Rc<RefCell<Table>>,
}

/// The sessions of one thread.
#[derive(Default)]
struct Table {
    members: HashMap<Uuid, Member>,
    classes: HashMap<ClassId, Vec<Rc<Outlet>>>,
    /// How far each tenant's events have been told.
    heads: HashMap<TenantId, i64>,
    /// Who has something to write.
    waiting: VecDeque<Rc<Outlet>>,
    is_flushing: bool,
}

struct Member {
    outlet: Rc<Outlet>,
    session: Addr<Session>,
    /// What it belongs to, and its place among the others.
    seat: Option<(TenantId, ClassId, usize)>,
    next_beat: Instant,
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
}

/// Why a session has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    SignedOut,
    Stopping,
}

/// Returns this thread's relay, started if need be, which carries the session from now on.
pub(crate) fn enter(hub: &Hub, outlet: Rc<Outlet>, session: Addr<Session>) -> Addr<Relay> {
    let table = TABLE.with(Rc::clone);
    let member = Member {
        session,
        seat: None,
        next_beat: Instant::now() + hub.config().beat,
        outlet,
    };
    table.borrow_mut().members.insert(member.outlet.session, member);
    HERE.with_borrow_mut(|here| {
        let known = here.take().filter(Addr::connected);
        let hub = hub.clone();
        here.insert(known.unwrap_or_else(|| Relay { hub, table }.start()))
            .clone()
    })
}

/// Forgets a session of this thread.
pub(crate) fn leave(session: Uuid) {
    TABLE.with(|table| table.borrow_mut().remove(session));
}

impl Table {
    /// Carries out one job; returns who must catch up.
    fn carry_out(&mut self, job: Job) -> Vec<(Addr<Session>, i64)> {
        match job {
            Job::Join { session, tenant, class } => self.seat(session, tenant, class),
            Job::Pass { class, batch } => {
                for outlet in self.classes.get(&class).into_iter().flatten() {
                    outlet.take(&batch);
                    list(&mut self.waiting, outlet);
                }
            }
            Job::Give { session, batch } => {
                if let Some(member) = self.members.get(&session) {
                    member.outlet.take(&batch);
                    list(&mut self.waiting, &member.outlet);
                }
            }
            Job::Head { tenant, head } => {
                self.heads.insert(tenant, head);
            }
            Job::Lost => return self.members.values().filter_map(Member::lose).collect(),
            Job::End { session, ending } => {
                if let Some(member) = self.members.get(&session) {
                    member.end(ending);
                    list(&mut self.waiting, &member.outlet);
                }
            }
        }
        vec![]
    }

    fn seat(&mut self, session: Uuid, tenant: TenantId, class: ClassId) {
        self.unseat(session);
        if let Some(member) = self.members.get_mut(&session) {
            let row = self.classes.entry(class).or_default();
            member.seat = Some((tenant, class, row.len()));
            row.push(member.outlet.clone());
        }
    }

    fn unseat(&mut self, session: Uuid) {
        let Some((_, class, place)) = self.members.get_mut(&session).and_then(|member| member.seat.take()) else {
            return;
        };
        let Some(row) = self.classes.get_mut(&class) else {
            return;
        };
        if place < row.len() {
            row.swap_remove(place);
        }
        let moved = row.get(place).map(|outlet| outlet.session);
        if row.is_empty() {
            self.classes.remove(&class);
        }
        if let Some(member) = moved.and_then(|session| self.members.get_mut(&session))
            && let Some(seat) = &mut member.seat
        {
            seat.2 = place;
        }
    }

    fn remove(&mut self, session: Uuid) {
        self.unseat(session);
        self.members.remove(&session);
        if self.members.is_empty() {
            // After a storm, what it needed is given back.
            self.members.shrink_to_fit();
            self.classes.shrink_to_fit();
            self.heads.clear();
        }
    }

    fn beat(&mut self, hub: &Hub) {
        let (now, moment, every) = (hub.store().clock().now(), Instant::now(), hub.config().beat);
        for member in self.members.values_mut().filter(|member| member.next_beat <= moment) {
            member.next_beat = moment + every;
            let head = member.seat.and_then(|(tenant, ..)| self.heads.get(&tenant));
            head.iter().for_each(|head| member.outlet.pass(**head));
            member.outlet.beat(now, every);
            list(&mut self.waiting, &member.outlet);
        }
    }
}

impl Member {
    fn lose(&self) -> Option<(Addr<Session>, i64)> {
        match self.outlet.lose() {
            Next::CatchUp(cursor) => Some((self.session.clone(), cursor)),
            Next::GoOn => None,
        }
    }

    fn end(&self, ending: Ending) {
        match ending {
            Ending::SignedOut => self.outlet.end(4401, "signed out"),
            Ending::Stopping => {
                self.outlet
                    .send(&protocol::bye("the server is restarting", RETRY_AFTER_MS));
                self.outlet.end(1001, "restarting");
            }
        }
    }
}

/// Puts an outlet on the list of those that have something to write, once.
fn list(waiting: &mut VecDeque<Rc<Outlet>>, outlet: &Rc<Outlet>) {
    if !outlet.is_listed.replace(true) {
        waiting.push_back(outlet.clone());
    }
}

/// Writes for everyone on the list; what comes meanwhile for those further down goes out in the same write.
fn flush_soon(table: &Rc<RefCell<Table>>) {
    let mut state = table.borrow_mut();
    if state.is_flushing || state.waiting.is_empty() {
        return;
    }
    state.is_flushing = true;
    let table = table.clone();
    actix::spawn(async move {
        loop {
            // The requests and commits of this turn may bring more for the same sockets.
            tokio::task::yield_now().await;
            let some: Vec<_> = {
                let mut state = table.borrow_mut();
                let n = state.waiting.len().min(WRITES_AT_ONCE);
                state.is_flushing = n > 0;
                state.waiting.drain(..n).collect()
            };
            if some.is_empty() {
                return;
            }
            for outlet in some {
                outlet.is_listed.set(false);
                outlet.flush();
            }
        }
    });
}

impl Actor for Relay {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(64);
        let step = (self.hub.config().beat / 20).clamp(Duration::from_millis(50), Duration::from_secs(1));
        ctx.run_interval(step, |this, _| {
            this.table.borrow_mut().beat(&this.hub);
            flush_soon(&this.table);
        });
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Ok(table) = self.table.try_borrow() {
            table
                .members
                .values()
                .for_each(|member| member.outlet.end(1011, "come back"));
        }
    }
}

impl Handler<Work> for Relay {
    type Result = ();

    fn handle(&mut self, work: Work, _: &mut Self::Context) {
        for job in work.0 {
            let behind = self.table.borrow_mut().carry_out(job);
            for (session, cursor) in behind {
                // A session that is gone needs no past, and one with a full mailbox is asked again by its next loss.
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
            while !table.borrow().members.values().all(|member| member.outlet.is_empty()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        Box::pin(async move {
            tokio::time::timeout(SETTLE_WITHIN, settled).await.ok();
        })
    }
}
