//! The way out of one socket: its queue, how far its client has come, and what the client has not yet acknowledged.
//!
//! The session, its thread's relay and the socket share it; all three live on one thread. Nothing in it grows without end:
//! while much is queued the socket is not read, so that a client which asks and never reads has to wait for itself; frames of
//! the bus stop when it is behind, and what is still too much ends the connection.

mod flow;
mod queue;
mod receipts;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::task::Waker;

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant};
use uuid::Uuid;

use crate::batch::{Batch, Frame};
use crate::{protocol, wire};
use flow::Flow;
use queue::Queue;
use receipts::Receipts;

const PAUSE_AT_MOST: Duration = Duration::from_secs(30);
/// While more than this is queued, the client is not listened to.
const LISTEN_BELOW: usize = 64 * 1024;
/// The same for what it has asked and was not answered yet.
const ASKED_BELOW: usize = 64 * 1024;
/// Whoever has not said who they are needs no larger frame.
const STRANGERS_FRAME: usize = 16 * 1024;

/// The way out of one socket.
pub(crate) struct Outlet {
    pub(crate) session: Uuid,
    io: Rc<TcpStream>,
    bounds: Bounds,
    state: RefCell<State>,
    /// Whether the relay has it on its list already.
    pub(crate) is_listed: Cell<bool>,
    /// The largest frame that may come in.
    frame_room: Cell<usize>,
    /// How many bytes of requests wait for their turn.
    asked: Cell<usize>,
    /// Whether the client asks too often.
    is_muted: Cell<bool>,
}

/// How much of a client's is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// More than this unacknowledged, and it is paused.
    pub(crate) unreceipted: usize,
    /// The largest frame that it may send.
    pub(crate) frame: usize,
}

struct State {
    queue: Queue,
    flow: Flow,
    receipts: Receipts,
    expires_at: Option<DateTime<Utc>>,
    last_heard: Instant,
    writer: Option<Waker>,
    listener: Option<Waker>,
    is_ending: bool,
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
    pub(crate) fn new(session: Uuid, io: Rc<TcpStream>, bounds: Bounds) -> Self {
        let state = State {
            queue: Queue::default(),
            flow: Flow::new(),
            receipts: Receipts::new(bounds.unreceipted),
            expires_at: None,
            last_heard: Instant::now(),
            writer: None,
            listener: None,
            is_ending: false,
        };
        Self {
            session,
            io,
            bounds,
            state: RefCell::new(state),
            is_listed: Cell::new(false),
            frame_room: Cell::new(bounds.frame.min(STRANGERS_FRAME)),
            asked: Cell::new(0),
            is_muted: Cell::new(false),
        }
    }

    /// How many bytes were sent and not yet acknowledged, for whoever wants to look.
    pub(crate) fn unreceipted(&self) -> Arc<AtomicUsize> {
        self.state.borrow().receipts.unreceipted()
    }

    /// Queues a frame that is no event.
    pub(crate) fn send(&self, text: &str) {
        self.send_frame(wire::text(&[text]));
    }

    /// The same, framed already.
    pub(crate) fn send_frame(&self, frame: Bytes) {
        self.push(&mut self.state.borrow_mut(), frame);
    }

    /// Queues bytes that need no receipt.
    pub(crate) fn send_raw(&self, bytes: Bytes) {
        self.state.borrow_mut().queue.push(bytes);
    }

    /// Answers a ping, unless a newer one comes before that.
    pub(crate) fn answer_ping(&self, payload: &[u8]) {
        self.state.borrow_mut().queue.push_pong(payload);
    }

    /// Takes what the bus has for this session.
    pub(crate) fn take(&self, batch: &Arc<Batch>) {
        let state = &mut *self.state.borrow_mut();
        if state.flow.lets_through(batch) {
            self.write(state, batch);
        }
    }

    /// Notes that something could not be handed over.
    pub(crate) fn lose(&self) -> Next {
        let flow = &mut self.state.borrow_mut().flow;
        if flow.lose() {
            Next::CatchUp(flow.cursor)
        } else {
            Next::GoOn
        }
    }

    /// Holds what comes from now on, until `go_live`.
    pub(crate) fn hold(&self) {
        self.state.borrow_mut().flow.hold();
    }

    /// Says from where the client goes on.
    pub(crate) fn set_cursor(&self, cursor: i64) {
        self.state.borrow_mut().flow.cursor = cursor;
    }

    /// Sends the past up to `head`, then what was held meanwhile.
    pub(crate) fn go_live(&self, past: &[Frame], head: i64) -> Next {
        let state = &mut *self.state.borrow_mut();
        let held = state.flow.go_live();
        self.write_each(state, past);
        if !state.flow.is_live() {
            return Next::GoOn;
        }
        state.flow.pass(head);
        let Some(held) = held else {
            return Next::GoOn;
        };
        if held.has_lost {
            return Next::CatchUp(state.flow.cursor);
        }
        held.batches.iter().for_each(|batch| self.write(state, batch));
        Next::GoOn
    }

    /// Everything up to `head` has been told; nothing of it that was not sent was for this session.
    pub(crate) fn pass(&self, head: i64) {
        let flow = &mut self.state.borrow_mut().flow;
        if flow.is_live() {
            flow.pass(head);
        }
    }

    fn write(&self, state: &mut State, batch: &Batch) {
        let is_open = state.flow.is_live() && !state.receipts.is_behind();
        match batch.fits(self.session, state.flow.cursor).filter(|_| is_open) {
            Some(cursor) => {
                state.flow.cursor = cursor;
                self.push(state, batch.whole.clone());
            }
            None => self.write_each(state, &batch.frames),
        }
    }

    /// Writes frames in order, each event once, until the client is too far behind.
    fn write_each(&self, state: &mut State, frames: &[Frame]) {
        for frame in frames {
            if !state.flow.is_live() {
                return;
            }
            if state.flow.has_passed(frame) || frame.except == Some(self.session) {
                continue;
            }
            if state.receipts.is_behind() {
                return state.flow.pause();
            }
            state.flow.pass(frame.seq);
            self.push(state, frame.bytes.clone());
        }
    }

    fn push(&self, state: &mut State, bytes: Bytes) {
        if state.is_ending {
            return;
        }
        let wants_receipt = state.receipts.note(bytes.len());
        state.queue.push(bytes);
        if wants_receipt {
            ping(state);
        }
        if state.queue.n_bytes() > self.bounds.unreceipted * 4 {
            drop_all(state, 4413, "too far behind");
        }
    }

    // What comes in -----------------------------------------------------------------------------

    /// Something was heard from the client.
    pub(crate) fn hear(&self) {
        self.state.borrow_mut().last_heard = Instant::now();
    }

    /// The client has received everything up to a ping.
    pub(crate) fn receipt(&self, payload: &[u8]) -> Next {
        let state = &mut *self.state.borrow_mut();
        let is_settled = state.receipts.settle(payload);
        if is_settled && state.flow.paused_since().is_some() && state.receipts.has_caught_up() {
            return Next::CatchUp(state.flow.cursor);
        }
        Next::GoOn
    }

    /// Notes until when the client may stay; until then it is a stranger.
    pub(crate) fn admit(&self, expires_at: DateTime<Utc>) {
        self.state.borrow_mut().expires_at = Some(expires_at);
        self.set_partial(0);
    }

    /// How large the next frame may be.
    pub(crate) fn frame_room(&self) -> usize {
        self.frame_room.get()
    }

    /// Notes how much there is of a message that comes in several frames.
    pub(crate) fn set_partial(&self, n_bytes: usize) {
        let is_stranger = self.state.borrow().expires_at.is_none();
        let most = if is_stranger {
            self.bounds.frame.min(STRANGERS_FRAME)
        } else {
            self.bounds.frame
        };
        self.frame_room.set(most.saturating_sub(n_bytes));
    }

    /// Notes how many bytes of requests wait for their turn.
    pub(crate) fn set_asked(&self, n_bytes: usize) {
        self.asked.set(n_bytes);
        self.listen_again(&mut self.state.borrow_mut());
    }

    /// Stops listening to a client that asks too often, or listens again.
    pub(crate) fn mute(&self, is_muted: bool) {
        self.is_muted.set(is_muted);
        self.listen_again(&mut self.state.borrow_mut());
    }

    /// Whether the client may say more; if not, `waker` is told when it may.
    pub(crate) fn is_listening(&self, waker: &Waker) -> bool {
        let state = &mut *self.state.borrow_mut();
        let is_listening = self.has_room(state);
        state.listener = (!is_listening).then(|| waker.clone());
        is_listening
    }

    fn has_room(&self, state: &State) -> bool {
        let is_read = state.queue.n_bytes() <= LISTEN_BELOW && !state.queue.owes_a_pong();
        !self.is_muted.get() && is_read && self.asked.get() <= ASKED_BELOW
    }

    fn listen_again(&self, state: &mut State) {
        if state.listener.is_some()
            && self.has_room(state)
            && let Some(listener) = state.listener.take()
        {
            listener.wake();
        }
    }

    // Staying and ending ------------------------------------------------------------------------

    /// Tells the client that the connection is alive, or ends it when it no longer is.
    pub(crate) fn beat(&self, now: DateTime<Utc>, every: Duration) {
        let state = &mut *self.state.borrow_mut();
        let moment = Instant::now();
        if state.is_ending {
            // Whoever does not read the end is not waited for.
            return drop_all(state, 1001, "nothing was heard");
        }
        if state
            .flow
            .paused_since()
            .is_some_and(|since| moment - since > PAUSE_AT_MOST)
        {
            return end(state, 4413, "too far behind");
        }
        if moment - state.last_heard > every * 3 {
            return drop_all(state, 1001, "nothing was heard");
        }
        if state.expires_at.is_some_and(|expires_at| expires_at < now) {
            let bye = wire::text(&[&protocol::bye("the token has ended", 0)]);
            state.queue.push(bye);
            return end(state, 4401, "the token has ended");
        }
        if state.flow.is_live() {
            if state.receipts.is_behind() {
                // Not only the next event finds it out.
                return state.flow.pause();
            }
            let beat = wire::text(&[&protocol::beat(state.flow.cursor, now)]);
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
    pub(crate) fn is_done(&self) -> bool {
        let state = self.state.borrow();
        state.is_ending && state.queue.is_empty()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.state.borrow().queue.is_empty()
    }

    /// Writes what the socket takes. The rest is for the socket's own task, which is woken for it.
    pub(crate) fn flush(&self) {
        let state = &mut *self.state.borrow_mut();
        let is_stuck = state.queue.write_to(&self.io).is_err() || !state.queue.is_empty();
        self.listen_again(state);
        if (is_stuck || state.is_ending)
            && let Some(writer) = state.writer.take()
        {
            writer.wake();
        }
    }

    /// Like `flush`, for the socket's own task, which learns of errors.
    pub(crate) fn flush_as(&self, writer: &Waker) -> std::io::Result<()> {
        let state = &mut *self.state.borrow_mut();
        if !state.writer.as_ref().is_some_and(|known| known.will_wake(writer)) {
            state.writer = Some(writer.clone());
        }
        state.queue.write_to(&self.io)?;
        self.listen_again(state);
        Ok(())
    }
}

fn ping(state: &mut State) {
    let name = state.receipts.next_ping();
    state.queue.push(wire::ping(name.to_string().as_bytes()));
}

fn end(state: &mut State, code: u16, why: &str) {
    if !state.is_ending {
        state.is_ending = true;
        state.queue.push(wire::close(code, why));
    }
    if let Some(writer) = state.writer.take() {
        writer.wake();
    }
}

/// Ends without what is queued: nobody reads it.
fn drop_all(state: &mut State, code: u16, why: &str) {
    state.queue.clear();
    end(state, code, why);
}
