//! What waits to be written to one socket, and how it gets there.

use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice};

use actix_web::web::{Buf, Bytes};
use tokio::net::TcpStream;

use crate::wire;

const MAX_SLICES: usize = 32;

/// Frames in the order they go out.
#[derive(Default)]
pub(super) struct Queue {
    frames: VecDeque<Bytes>,
    n_bytes: usize,
    /// The answer to the newest ping: whoever sends many is owed one.
    pong: Option<Bytes>,
}

impl Queue {
    pub(super) fn push(&mut self, frame: Bytes) {
        self.n_bytes += frame.len();
        self.frames.push_back(frame);
    }

    pub(super) fn push_pong(&mut self, payload: &[u8]) {
        self.pong = Some(wire::pong(payload));
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Whether a ping could not be answered yet, since what comes before is not read.
    pub(super) fn owes_a_pong(&self) -> bool {
        self.pong.is_some() && !self.frames.is_empty()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.pong.is_none()
    }

    /// Writes until everything is written or the socket is full.
    pub(super) fn write_to(&mut self, io: &TcpStream) -> std::io::Result<()> {
        if let Some(pong) = self.pong.take() {
            self.push(pong);
        }
        while !self.frames.is_empty() {
            let written = match self.frames.len() {
                1 => self.frames.front().map_or(Ok(0), |only| io.try_write(only)),
                _ => {
                    let mut slices = [IoSlice::new(&[]); MAX_SLICES];
                    for (slice, bytes) in slices.iter_mut().zip(self.frames.iter()) {
                        *slice = IoSlice::new(bytes);
                    }
                    io.try_write_vectored(&slices)
                }
            };
            match written {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => self.advance(n),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        // An idle connection keeps no room for the busy hour.
        if self.frames.capacity() > MAX_SLICES {
            self.frames.shrink_to_fit();
        }
        Ok(())
    }

    fn advance(&mut self, mut n: usize) {
        self.n_bytes -= n;
        while let Some(first) = self.frames.front_mut() {
            if n < first.len() {
                return first.advance(n);
            }
            n -= first.len();
            self.frames.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_pings_the_newest_is_answered_and_what_went_out_is_counted_off() {
        let mut queue = Queue::default();
        queue.push(Bytes::from_static(b"first"));
        queue.push(Bytes::from_static(b"second"));
        (0..1_000).for_each(|n: u32| queue.push_pong(n.to_string().as_bytes()));
        assert_eq!((queue.n_bytes(), queue.frames.len()), (11, 2));
        assert_eq!(queue.pong.as_deref(), Some(&b"\x8a\x03999"[..]));
        queue.advance(7);
        assert_eq!((queue.n_bytes(), queue.frames.front().map(Bytes::len)), (4, Some(4)));
        queue.clear();
        assert!(queue.is_empty() && queue.n_bytes() == 0);
    }
}
