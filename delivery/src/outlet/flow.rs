//! How the bus's frames go out: at once, or held until the past has been sent, or not at all while the client is behind.

use std::sync::Arc;

use tokio::time::Instant;

use crate::batch::{Batch, Frame};

/// So much may be held for a client that is catching up.
const MAX_HELD_BYTES: usize = 256 * 1024;

/// The flow, and how far it has come.
pub(super) struct Flow {
    pub(super) cursor: i64,
    stage: Stage,
}

enum Stage {
    Live,
    /// What comes meanwhile is held until the past has been sent.
    CatchingUp(Held),
    /// The client is too far behind.
    Paused {
        since: Instant,
    },
}

/// What came while the past was being read.
#[derive(Default)]
pub(super) struct Held {
    pub(super) batches: Vec<Arc<Batch>>,
    n_bytes: usize,
    /// More came than could be held: it has to be read, too.
    pub(super) has_lost: bool,
}

impl Flow {
    pub(super) fn new() -> Self {
        let (cursor, stage) = (0, Stage::Live);
        Self { cursor, stage }
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Live)
    }

    pub(super) fn paused_since(&self) -> Option<Instant> {
        match self.stage {
            Stage::Paused { since } => Some(since),
            Stage::Live | Stage::CatchingUp(_) => None,
        }
    }

    /// Returns whether a batch is to be written now; otherwise it is held, or will be read from the past.
    pub(super) fn lets_through(&mut self, batch: &Arc<Batch>) -> bool {
        match &mut self.stage {
            Stage::Live => return true,
            Stage::CatchingUp(held) => held.keep(batch),
            Stage::Paused { .. } => {}
        }
        false
    }

    /// Notes that something could not be handed over; returns whether nobody sees to it yet.
    pub(super) fn lose(&mut self) -> bool {
        match &mut self.stage {
            Stage::Live => {
                self.hold();
                return true;
            }
            Stage::CatchingUp(held) => held.has_lost = true,
            Stage::Paused { .. } => {}
        }
        false
    }

    /// Holds what comes from now on.
    pub(super) fn hold(&mut self) {
        if !matches!(self.stage, Stage::CatchingUp(_)) {
            self.stage = Stage::CatchingUp(Held::default());
        }
    }

    pub(super) fn pause(&mut self) {
        self.stage = Stage::Paused { since: Instant::now() };
    }

    /// Lets everything through from now on; returns what was held.
    pub(super) fn go_live(&mut self) -> Option<Held> {
        match std::mem::replace(&mut self.stage, Stage::Live) {
            Stage::CatchingUp(held) => Some(held),
            Stage::Live | Stage::Paused { .. } => None,
        }
    }

    /// Whether a frame has been sent already.
    pub(super) fn has_passed(&self, frame: &Frame) -> bool {
        frame.seq != 0 && frame.seq <= self.cursor
    }

    /// Everything up to there has been told.
    pub(super) fn pass(&mut self, seq: i64) {
        self.cursor = self.cursor.max(seq);
    }
}

impl Held {
    fn keep(&mut self, batch: &Arc<Batch>) {
        self.n_bytes += batch.whole.len();
        self.has_lost |= self.n_bytes > MAX_HELD_BYTES;
        if self.has_lost {
            self.batches = vec![];
        } else {
            self.batches.push(batch.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::web::Bytes;

    use super::*;

    fn batch(seq: i64, n_bytes: usize) -> Arc<Batch> {
        Arc::new(Batch::new(vec![Frame::new(seq, Bytes::from(vec![b'x'; n_bytes]))]))
    }

    #[test]
    fn what_comes_while_catching_up_is_held_up_to_a_bound() {
        let mut flow = Flow::new();
        assert!(flow.lets_through(&batch(1, 10)));
        assert!(flow.lose(), "somebody must read what is missing");
        assert!(!flow.lets_through(&batch(2, 10)));
        let held = flow.go_live().unwrap();
        assert_eq!((held.batches.len(), held.has_lost), (1, false));
        flow.hold();
        (0..3).for_each(|n| assert!(!flow.lets_through(&batch(3 + n, MAX_HELD_BYTES / 2))));
        let held = flow.go_live().unwrap();
        assert_eq!((held.batches.len(), held.has_lost), (0, true));
        assert!(flow.is_live());
    }

    #[test]
    fn while_it_is_paused_nothing_is_kept() {
        let mut flow = Flow::new();
        flow.pause();
        assert!(!flow.lets_through(&batch(1, 10)) && !flow.lose());
        assert!(flow.paused_since().is_some());
        flow.hold();
        assert!(flow.paused_since().is_none());
        assert_eq!(flow.go_live().map(|held| held.batches.len()), Some(0));
    }
}
