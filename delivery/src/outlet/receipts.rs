//! What was sent and not yet acknowledged: pings go along with what is sent, and their answers say how far the client has come.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const PING_EVERY_BYTES: usize = 64 * 1024;

/// The open pings of one connection.
pub(super) struct Receipts {
    /// How many bytes are on their way, for whoever wants to look.
    unreceipted: Arc<AtomicUsize>,
    /// More than this and the client is behind.
    bound: usize,
    /// What was sent before each ping that is not answered yet.
    open: VecDeque<(u64, usize)>,
    since_ping: usize,
    pings: u64,
}

impl Receipts {
    pub(super) fn new(bound: usize) -> Self {
        Self {
            unreceipted: Arc::default(),
            bound,
            open: VecDeque::new(),
            since_ping: 0,
            pings: 0,
        }
    }

    pub(super) fn unreceipted(&self) -> Arc<AtomicUsize> {
        self.unreceipted.clone()
    }

    /// Notes that so much is on its way; returns whether it is time to ask for a receipt.
    pub(super) fn note(&mut self, n_bytes: usize) -> bool {
        self.since_ping += n_bytes;
        self.unreceipted.fetch_add(n_bytes, Ordering::Relaxed);
        self.since_ping > PING_EVERY_BYTES
    }

    /// The name of the next ping, which stands for everything sent before it.
    pub(super) fn next_ping(&mut self) -> u64 {
        self.pings += 1;
        self.open.push_back((self.pings, std::mem::take(&mut self.since_ping)));
        self.pings
    }

    /// The client has received everything up to a ping; returns whether there was such a ping.
    pub(super) fn settle(&mut self, payload: &[u8]) -> bool {
        let text = std::str::from_utf8(payload).ok();
        let name = text.and_then(|text| text.parse::<u64>().ok());
        let Some(place) = name.and_then(|name| self.open.iter().position(|(ping, _)| *ping == name)) else {
            return false;
        };
        let n_bytes: usize = self.open.drain(..=place).map(|(_, n_bytes)| n_bytes).sum();
        self.unreceipted.fetch_sub(n_bytes, Ordering::Relaxed);
        true
    }

    pub(super) fn is_behind(&self) -> bool {
        self.unreceipted.load(Ordering::Relaxed) > self.bound
    }

    /// Whether a client that was behind may go on.
    pub(super) fn has_caught_up(&self) -> bool {
        self.unreceipted.load(Ordering::Relaxed) < self.bound / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_stands_for_everything_before_its_ping() {
        let mut receipts = Receipts::new(100);
        let sent = receipts.unreceipted();
        assert!(!receipts.note(80));
        let first = receipts.next_ping();
        receipts.note(50);
        let second = receipts.next_ping();
        receipts.note(5);
        assert!(receipts.is_behind());
        for stranger in [&b"99"[..], b"", b"\xff", b"-1"] {
            assert!(!receipts.settle(stranger));
        }
        assert!(receipts.settle(second.to_string().as_bytes()));
        assert_eq!(sent.load(Ordering::Relaxed), 5);
        assert!(receipts.has_caught_up());
        assert!(
            !receipts.settle(first.to_string().as_bytes()),
            "it was settled by the one after it"
        );
    }

    #[test]
    fn a_receipt_is_asked_for_now_and_then() {
        let mut receipts = Receipts::new(usize::MAX);
        assert!(!receipts.note(PING_EVERY_BYTES));
        assert!(receipts.note(1));
        receipts.next_ping();
        assert!(!receipts.note(1));
    }
}
