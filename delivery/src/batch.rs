//! What the bus hands to everyone who sees the same: frames in order, and all of them in one piece.

use std::sync::Arc;

use actix_web::web::{Bytes, BytesMut};
use uuid::Uuid;

/// A frame, ready to send. One that is no event has the place 0.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) seq: i64,
    pub(crate) bytes: Bytes,
    /// The session that caused it and need not hear it.
    pub(crate) except: Option<Uuid>,
}

impl Frame {
    /// An event's frame.
    pub(crate) fn new(seq: i64, bytes: Bytes) -> Self {
        Self {
            seq,
            bytes,
            except: None,
        }
    }
}

/// Two frames are the same when they share their bytes.
impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        let is_shared = self.bytes.as_ptr() == other.bytes.as_ptr() && self.bytes.len() == other.bytes.len();
        self.seq == other.seq && self.except == other.except && is_shared
    }
}

impl Eq for Frame {}

/// Frames for a whole audience, built once.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) frames: Vec<Frame>,
    /// All frames, one after the other.
    pub(crate) whole: Bytes,
    /// The first and the last place in the log that is in it.
    span: Option<(i64, i64)>,
    has_exceptions: bool,
}

impl Batch {
    pub(crate) fn new(frames: Vec<Frame>) -> Self {
        let whole = match frames.as_slice() {
            [one] => one.bytes.clone(),
            all => {
                let mut whole = BytesMut::with_capacity(all.iter().map(|frame| frame.bytes.len()).sum());
                all.iter().for_each(|frame| whole.extend_from_slice(&frame.bytes));
                whole.freeze()
            }
        };
        let mut places = frames.iter().map(|frame| frame.seq).filter(|seq| *seq != 0);
        let first = places.next();
        let span = first.map(|first| (first, places.last().unwrap_or(first)));
        let has_exceptions = frames.iter().any(|frame| frame.except.is_some());
        Self {
            frames,
            whole,
            span,
            has_exceptions,
        }
    }

    /// Puts batches together that came one after the other.
    pub(crate) fn join(mut batches: Vec<Arc<Self>>) -> Arc<Self> {
        match batches.pop() {
            Some(only) if batches.is_empty() => only,
            last => {
                let all = batches.iter().chain(last.iter());
                Arc::new(Self::new(all.flat_map(|batch| batch.frames.iter().cloned()).collect()))
            }
        }
    }

    /// The cursor after the whole batch, for a session that can take it in one piece.
    pub(crate) fn fits(&self, session: Uuid, cursor: i64) -> Option<i64> {
        let is_for_me = !self.has_exceptions || self.frames.iter().all(|frame| frame.except != Some(session));
        match self.span {
            _ if !is_for_me => None,
            None => Some(cursor),
            Some((first, last)) => (cursor < first).then_some(last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(seq: i64, text: &'static str) -> Frame {
        Frame::new(seq, Bytes::from_static(text.as_bytes()))
    }

    #[test]
    fn a_batch_is_taken_whole_unless_some_of_it_was_seen_or_is_ones_own() {
        let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let batch = Batch::new(vec![frame(4, "a"), frame(0, "b"), frame(6, "c")]);
        assert_eq!(batch.whole.as_ref(), b"abc");
        assert_eq!(
            [batch.fits(me, 3), batch.fits(me, 4), batch.fits(me, 9)],
            [Some(6), None, None]
        );
        let joined = Batch::join(vec![Arc::new(batch), Arc::new(Batch::new(vec![frame(7, "d")]))]);
        assert_eq!((joined.whole.as_ref(), joined.fits(me, 3)), (&b"abcd"[..], Some(7)));
        let mut own = frame(0, "typing");
        own.except = Some(me);
        let batch = Batch::new(vec![own]);
        assert_eq!((batch.fits(me, 7), batch.fits(other, 7)), (None, Some(7)));
    }
}
