//! The sessions of one thread: what waits for them, and whose turn it is to be written to.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::Recipient;
use chrono::{DateTime, Utc};
use kernel::TenantId;
use tokio::time::Instant;
use uuid::Uuid;

use super::{CatchUp, ClassId, Ending, Job};
use crate::batch::Batch;
use crate::outlet::{Next, Outlet};
use crate::protocol;

/// After so many writes others have their turn; a class of more waits until everyone of the round was written to.
const WRITES_AT_ONCE: usize = 128;
const RETRY_AFTER_MS: u64 = 1_000;
/// After a round of a large class the next one waits half as long as the round took: under load, more goes out in each write.
const REST_AT_MOST: Duration = Duration::from_millis(10);

/// The sessions of one thread.
#[derive(Default)]
pub(super) struct Table {
    members: HashMap<Uuid, Member>,
    classes: HashMap<ClassId, Class>,
    /// How far each tenant's events have been told.
    heads: HashMap<TenantId, i64>,
    /// Classes that something came for.
    fed: Vec<ClassId>,
    /// Who has something to write, and how many of them are of this round.
    waiting: VecDeque<Rc<Outlet>>,
    round: usize,
    is_flushing: bool,
    /// When the round of a large class began, and until when the next one is put off.
    began: Option<Instant>,
    rests_until: Option<Instant>,
    has_alarm: bool,
}

struct Member {
    outlet: Rc<Outlet>,
    session: Recipient<CatchUp>,
    /// What it belongs to, and its place among the others.
    seat: Option<(TenantId, ClassId, usize)>,
    next_beat: Instant,
}

/// Everyone who sees the same.
#[derive(Default)]
struct Class {
    row: Vec<Rc<Outlet>>,
    /// What came since they were last given something.
    came: Vec<Arc<Batch>>,
}

impl Table {
    pub(super) fn add(&mut self, outlet: Rc<Outlet>, session: Recipient<CatchUp>, beat: Duration) {
        let member = Member {
            session,
            seat: None,
            next_beat: Instant::now() + beat,
            outlet,
        };
        self.members.insert(member.outlet.session, member);
    }

    pub(super) fn remove(&mut self, session: Uuid) {
        self.unseat(session);
        self.members.remove(&session);
        if self.members.is_empty() {
            // After a storm, what it needed is given back.
            self.members.shrink_to_fit();
            self.classes.shrink_to_fit();
            self.heads.clear();
        }
    }

    /// Carries out one job; returns who must catch up.
    pub(super) fn carry_out(&mut self, job: Job) -> Vec<(Recipient<CatchUp>, i64)> {
        match job {
            Job::Pass { class, batch } => {
                if let Some(known) = self.classes.get_mut(&class) {
                    if known.came.is_empty() {
                        self.fed.push(class);
                    }
                    known.came.push(batch);
                }
                return vec![];
            }
            Job::Head { tenant, head } => {
                self.heads.insert(tenant, head);
                return vec![];
            }
            Job::Join { .. } | Job::Give { .. } | Job::Lost | Job::End { .. } | Job::EndAll(_) => {}
        }
        // What came before comes first.
        self.feed(|_| true);
        match job {
            Job::Join { session, tenant, class } => self.seat(session, tenant, class),
            Job::Give { session, batch } => {
                if let Some(member) = self.members.get(&session) {
                    member.outlet.take(&batch);
                    list(&mut self.waiting, &member.outlet);
                }
            }
            Job::Lost => return self.members.values().filter_map(Member::lose).collect(),
            Job::End { session, ending } => {
                if let Some(member) = self.members.get(&session) {
                    member.end(ending);
                    list(&mut self.waiting, &member.outlet);
                }
            }
            Job::EndAll(ending) => {
                for member in self.members.values() {
                    member.end(ending);
                    list(&mut self.waiting, &member.outlet);
                }
            }
            Job::Pass { .. } | Job::Head { .. } => {}
        }
        vec![]
    }

    /// Gives the members of those classes what came for them, in one piece.
    fn feed(&mut self, which: impl Fn(&Class) -> bool) {
        for id in std::mem::take(&mut self.fed) {
            let Some(class) = self.classes.get_mut(&id) else {
                continue;
            };
            if !which(class) {
                self.fed.push(id);
                continue;
            }
            let batch = Batch::join(std::mem::take(&mut class.came));
            for outlet in &class.row {
                outlet.take(&batch);
                list(&mut self.waiting, outlet);
            }
        }
    }

    fn seat(&mut self, session: Uuid, tenant: TenantId, class: ClassId) {
        self.unseat(session);
        if let Some(member) = self.members.get_mut(&session) {
            let row = &mut self.classes.entry(class).or_default().row;
            member.seat = Some((tenant, class, row.len()));
            row.push(member.outlet.clone());
        }
    }

    fn unseat(&mut self, session: Uuid) {
        let Some((_, id, place)) = self.members.get_mut(&session).and_then(|member| member.seat.take()) else {
            return;
        };
        let Some(class) = self.classes.get_mut(&id) else {
            return;
        };
        if place < class.row.len() {
            class.row.swap_remove(place);
        }
        let moved = class.row.get(place).map(|outlet| outlet.session);
        if class.row.is_empty() {
            self.classes.remove(&id);
        }
        if let Some(member) = moved.and_then(|session| self.members.get_mut(&session))
            && let Some(seat) = &mut member.seat
        {
            seat.2 = place;
        }
    }

    pub(super) fn beat(&mut self, now: DateTime<Utc>, every: Duration) {
        self.feed(|_| true);
        let moment = Instant::now();
        for member in self.members.values_mut().filter(|member| member.next_beat <= moment) {
            member.next_beat = moment + every;
            let head = member.seat.and_then(|(tenant, ..)| self.heads.get(&tenant));
            head.iter().for_each(|head| member.outlet.pass(**head));
            member.outlet.beat(now, every);
            list(&mut self.waiting, &member.outlet);
        }
    }

    // Whose turn it is --------------------------------------------------------------------------

    /// Returns whether there is something to write that nobody sees to yet.
    pub(super) fn begin(&mut self) -> bool {
        let has_work = !self.is_flushing && (!self.fed.is_empty() || !self.waiting.is_empty());
        self.is_flushing |= has_work;
        has_work
    }

    /// Who is to be written to next. Small classes need not wait for the end of a large one's round.
    pub(super) fn next_turn(&mut self) -> Vec<Rc<Outlet>> {
        let now = Instant::now();
        if self.round == 0 && self.rests_until.is_none_or(|until| until <= now) {
            self.feed(|_| true);
            self.round = self.waiting.len();
            self.began = (self.round > WRITES_AT_ONCE).then_some(now);
        } else {
            self.feed(|class| class.row.len() <= WRITES_AT_ONCE);
        }
        let n = self.waiting.len().min(WRITES_AT_ONCE);
        self.round = self.round.saturating_sub(n);
        self.is_flushing = n > 0;
        let turn: Vec<_> = self.waiting.drain(..n).collect();
        turn.iter().for_each(|outlet| outlet.is_listed.set(false));
        if self.round == 0
            && let Some(began) = self.began.take()
        {
            self.rests_until = Some(now + ((now - began) / 2).min(REST_AT_MOST));
        }
        turn
    }

    /// When somebody has to look again, unless somebody will.
    pub(super) fn alarm(&mut self) -> Option<Instant> {
        let needs_alarm = !self.fed.is_empty() && !self.has_alarm;
        self.has_alarm |= needs_alarm;
        self.rests_until.filter(|_| needs_alarm)
    }

    pub(super) fn wake(&mut self) {
        self.has_alarm = false;
    }

    pub(super) fn is_settled(&self) -> bool {
        self.fed.is_empty() && self.members.values().all(|member| member.outlet.is_empty())
    }

    pub(super) fn end_all(&self) {
        self.members
            .values()
            .for_each(|member| member.outlet.end(1011, "come back"));
    }
}

impl Member {
    fn lose(&self) -> Option<(Recipient<CatchUp>, i64)> {
        match self.outlet.lose() {
            Next::CatchUp(cursor) => Some((self.session.clone(), cursor)),
            Next::GoOn => None,
        }
    }

    fn end(&self, ending: Ending) {
        match ending {
            Ending::SignedOut => self.outlet.end(4401, "signed out"),
            Ending::Forgotten => self.outlet.end(1011, "come back"),
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
