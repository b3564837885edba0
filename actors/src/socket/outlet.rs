//! The way out of one socket: its queue, how far its client has come, and what the client has not yet acknowledged.
//!
//! The session, its thread's relay and the socket share it; all three live on one thread.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Waker;

use actix_web::web::{Buf, Bytes};
use chrono::{DateTime, Utc};
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant};
use uuid::Uuid;

use crate::batch::{Batch, Frame};
use crate::{protocol, wire};

const MAX_HELD: usize = 10_000;
const PAUSE_AT_MOST: Duration = Duration::from_secs(30);
const PING_EVERY_BYTES: usize = 64 * 1024;
const MAX_SLICES: usize = 32;

/// The way out of one socket.
pub(crate) struct Outlet {
    pub(crate) session: Uuid,
    io: Rc<TcpStream>,
    unreceipted: Arc<AtomicUsize>,
    bound: usize,
    state: RefCell<State>,
    /// Whether the relay has it on its list already.
    pub(crate) is_listed: Cell<bool>,
}

struct State {
    queue: VecDeque<Bytes>,
    flow: Flow,
    cursor: i64,
    /// What was sent before each ping that is not answered yet.
    open: VecDeque<(u64, usize)>,
    since_ping: usize,
    pings: u64,
    expires_at: Option<DateTime<Utc>>,
    last_heard: Instant,
    writer: Option<Waker>,
    is_ending: bool,
}

/// How frames of the bus go out.
enum Flow {
    Live,
    /// What comes meanwhile is held until the past has been sent.
    CatchingUp {
        held: Vec<Arc<Batch>>,
        has_lost: bool,
    },
    /// The client is too far behind.
    Paused {
        since: Instant,
    },
}

/// What a session has to do after its outlet was given something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Next {
    GoOn,
    /// Something is missing after this place.
    CatchUp(i64),
}

impl Outlet {
    pub(super) fn new(session: Uuid, io: Rc<TcpStream>, bound: usize) -> Self {
        let state = State {
            queue: VecDeque::new(),
            flow: Flow::Live,
            cursor: 0,
            open: VecDeque::new(),
            since_ping: 0,
            pings: 0,
            expires_at: None,
            last_heard: Instant::now(),
            writer: None,
            is_ending: false,
        };
        Self {
            session,
            io,
            unreceipted: Arc::default(),
            bound,
            state: RefCell::new(state),
            is_listed: Cell::new(false),
        }
    }

    /// How many bytes were sent and not yet acknowledged, for whoever wants to look.
    pub(crate) fn unreceipted(&self) -> Arc<AtomicUsize> {
        self.unreceipted.clone()
    }

    /// Queues a frame that is no event.
    pub(crate) fn send(&self, text: &str) {
        let mut state = self.state.borrow_mut();
        self.push(&mut state, wire::text(&[text]));
    }

    /// The same, framed already.
    pub(crate) fn send_frame(&self, frame: Bytes) {
        let mut state = self.state.borrow_mut();
        self.push(&mut state, frame);
    }

    /// Queues bytes that need no receipt.
    pub(crate) fn send_raw(&self, bytes: Bytes) {
        self.state.borrow_mut().queue.push_back(bytes);
    }

    /// Takes what the bus has for this session.
    pub(crate) fn take(&self, batch: &Arc<Batch>) {
        let state = &mut *self.state.borrow_mut();
        match &mut state.flow {
            Flow::Live => self.write(state, batch),
            Flow::CatchingUp { held, has_lost } => {
                *has_lost |= held.len() > MAX_HELD;
                if !*has_lost {
                    held.push(batch.clone());
                }
            }
            Flow::Paused { .. } => {}
        }
    }

    /// Notes that something could not be handed over.
    pub(crate) fn lose(&self) -> Next {
        let state = &mut *self.state.borrow_mut();
        match &mut state.flow {
            Flow::Live => {
                state.flow = Flow::CatchingUp {
                    held: vec![],
                    has_lost: false,
                };
                Next::CatchUp(state.cursor)
            }
            Flow::CatchingUp { has_lost, .. } => {
                *has_lost = true;
                Next::GoOn
            }
            Flow::Paused { .. } => Next::GoOn,
        }
    }

    /// Holds what comes from now on, until `go_live`.
    pub(crate) fn hold(&self) {
        let state = &mut *self.state.borrow_mut();
        if !matches!(state.flow, Flow::CatchingUp { .. }) {
            state.flow = Flow::CatchingUp {
                held: vec![],
                has_lost: false,
            };
        }
    }

    /// Says from where the client goes on.
    pub(crate) fn set_cursor(&self, cursor: i64) {
        self.state.borrow_mut().cursor = cursor;
    }

    /// Sends the past up to `head`, then what was held meanwhile.
    pub(crate) fn go_live(&self, past: &[Frame], head: i64) -> Next {
        let state = &mut *self.state.borrow_mut();
        let held = std::mem::replace(&mut state.flow, Flow::Live);
        self.write_each(state, past);
        if matches!(state.flow, Flow::Paused { .. }) {
            return Next::GoOn;
        }
        state.cursor = state.cursor.max(head);
        let Flow::CatchingUp { held, has_lost } = held else {
            return Next::GoOn;
        };
        if has_lost {
            return Next::CatchUp(state.cursor);
        }
        held.iter().for_each(|batch| self.write(state, batch));
        Next::GoOn
    }

    /// Everything up to `head` has been told; nothing of it that was not sent was for this session.
    pub(crate) fn pass(&self, head: i64) {
        let state = &mut *self.state.borrow_mut();
        if matches!(state.flow, Flow::Live) {
            state.cursor = state.cursor.max(head);
        }
    }

    fn write(&self, state: &mut State, batch: &Batch) {
        let is_open = matches!(state.flow, Flow::Live) && !self.is_behind();
        match batch.fits(self.session, state.cursor).filter(|_| is_open) {
            Some(cursor) => {
                state.cursor = cursor;
                self.push(state, batch.whole.clone());
            }
            None => self.write_each(state, &batch.frames),
        }
    }

    /// Writes frames in order, each event once, until the client is too far behind.
    fn write_each(&self, state: &mut State, frames: &[Frame]) {
        for frame in frames {
            let was_seen = frame.seq != 0 && frame.seq <= state.cursor;
            if was_seen || frame.except == Some(self.session) {
                continue;
            }
            if matches!(state.flow, Flow::Paused { .. }) {
                return;
            }
            if self.is_behind() {
                state.flow = Flow::Paused { since: Instant::now() };
                return;
            }
            state.cursor = state.cursor.max(frame.seq);
            self.push(state, frame.bytes.clone());
        }
    }

    fn push(&self, state: &mut State, bytes: Bytes) {
        state.since_ping += bytes.len();
        self.unreceipted.fetch_add(bytes.len(), Ordering::Relaxed);
        state.queue.push_back(bytes);
        if state.since_ping > PING_EVERY_BYTES {
            ping(state);
        }
    }

    fn is_behind(&self) -> bool {
        self.unreceipted.load(Ordering::Relaxed) > self.bound
    }

    // What comes back ---------------------------------------------------------------------------

    /// Something was heard from the client.
    pub(crate) fn hear(&self) {
        self.state.borrow_mut().last_heard = Instant::now();
    }

    /// The client has received everything up to a ping.
    pub(crate) fn receipt(&self, payload: &[u8]) -> Next {
        let state = &mut *self.state.borrow_mut();
        let name = std::str::from_utf8(payload)
            .ok()
            .and_then(|text| text.parse::<u64>().ok());
        let Some(place) = name.and_then(|name| state.open.iter().position(|(ping, _)| *ping == name)) else {
            return Next::GoOn;
        };
        let bytes: usize = state.open.drain(..=place).map(|(_, bytes)| bytes).sum();
        let left = self.unreceipted.fetch_sub(bytes, Ordering::Relaxed) - bytes;
        if matches!(state.flow, Flow::Paused { .. }) && left < self.bound / 2 {
            return Next::CatchUp(state.cursor);
        }
        Next::GoOn
    }

    /// Notes until when the client may stay; `None` while it has not said who it is.
    pub(crate) fn admit(&self, expires_at: DateTime<Utc>) {
        self.state.borrow_mut().expires_at = Some(expires_at);
    }

    /// Tells the client that the connection is alive, or ends it when it no longer is.
    pub(crate) fn beat(&self, now: DateTime<Utc>, every: Duration) {
        let state = &mut *self.state.borrow_mut();
        let moment = Instant::now();
        if state.is_ending {
            // Whoever does not read the end is not waited for.
            state.queue.clear();
            return end(state, 1001, "nothing was heard");
        }
        if let Flow::Paused { since } = state.flow
            && moment - since > PAUSE_AT_MOST
        {
            return end(state, 4413, "too far behind");
        }
        if moment - state.last_heard > every * 3 {
            state.queue.clear();
            return end(state, 1001, "nothing was heard");
        }
        if state.expires_at.is_some_and(|expires_at| expires_at < now) {
            state
                .queue
                .push_back(wire::text(&[&protocol::bye("the token has ended", 0)]));
            return end(state, 4401, "the token has ended");
        }
        if matches!(state.flow, Flow::Live) {
            let beat = wire::text(&[&protocol::beat(state.cursor, now)]);
            self.push(state, beat);
        }
        ping(state);
    }

    /// Closes the connection once everything queued has gone out.
    pub(crate) fn end(&self, code: u16, why: &str) {
        end(&mut self.state.borrow_mut(), code, why);
    }

    // Onto the wire -----------------------------------------------------------------------------

    /// Whether nothing will follow.
    pub(super) fn is_done(&self) -> bool {
        let state = self.state.borrow();
        state.is_ending && state.queue.is_empty()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.state.borrow().queue.is_empty()
    }

    /// Writes what the socket takes. The rest is for the socket's own task, which is woken for it.
    pub(crate) fn flush(&self) {
        let state = &mut *self.state.borrow_mut();
        let is_stuck = write_queue(&self.io, &mut state.queue).is_err() || !state.queue.is_empty();
        if (is_stuck || state.is_ending)
            && let Some(writer) = state.writer.take()
        {
            writer.wake();
        }
    }

    /// Like `flush`, for the socket's own task, which learns of errors.
    pub(super) fn flush_as(&self, writer: &Waker) -> std::io::Result<()> {
        let state = &mut *self.state.borrow_mut();
        if !state.writer.as_ref().is_some_and(|known| known.will_wake(writer)) {
            state.writer = Some(writer.clone());
        }
        write_queue(&self.io, &mut state.queue)
    }
}

fn ping(state: &mut State) {
    state.pings += 1;
    state.queue.push_back(wire::ping(state.pings.to_string().as_bytes()));
    let bytes = std::mem::take(&mut state.since_ping);
    state.open.push_back((state.pings, bytes));
}

fn end(state: &mut State, code: u16, why: &str) {
    if !state.is_ending {
        state.is_ending = true;
        state.queue.push_back(wire::close(code, why));
    }
    if let Some(writer) = state.writer.take() {
        writer.wake();
    }
}

/// Writes until everything is written or the socket is full.
fn write_queue(io: &TcpStream, queue: &mut VecDeque<Bytes>) -> std::io::Result<()> {
    while !queue.is_empty() {
        let written = match queue.len() {
            1 => queue.front().map_or(Ok(0), |only| io.try_write(only)),
            _ => {
                let mut slices = [IoSlice::new(&[]); MAX_SLICES];
                for (slice, bytes) in slices.iter_mut().zip(queue.iter()) {
                    *slice = IoSlice::new(bytes);
                }
                io.try_write_vectored(&slices)
            }
        };
        match written {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(n) => advance(queue, n),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    // An idle connection keeps no room for the busy hour.
    if queue.capacity() > MAX_SLICES {
        queue.shrink_to_fit();
    }
    Ok(())
}

fn advance(queue: &mut VecDeque<Bytes>, mut n: usize) {
    while let Some(first) = queue.front_mut() {
        if n < first.len() {
            return first.advance(n);
        }
        n -= first.len();
        queue.pop_front();
    }
}
