//! What comes in from one connection, a frame at a time.
//!
//! Whoever decodes the frames reads as long as there is something to read, so it is given no more than one: what a client sends
//! ahead stays in its own socket, and what it sends while it does not read its answers stays there, too.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_http::error::PayloadError;
use actix_web::web::{Buf, Bytes, BytesMut};
use futures_util::Stream;
use tokio::net::TcpStream;

use crate::outlet::Outlet;

const READ_AT_ONCE: usize = 16 * 1024;
/// After so many reads others have their turn.
const READS_IN_A_ROW: u32 = 4;

thread_local! {
    /// Where bytes arrive: one place for all connections of a thread, so that an idle one needs none.
    static LANDING: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_AT_ONCE]);
}

/// The frames that a client sends.
pub(super) struct Intake {
    io: Rc<TcpStream>,
    outlet: Rc<Outlet>,
    /// What was read and is no whole frame yet, or not its turn.
    read: BytesMut,
    has_given: bool,
}

impl Intake {
    /// `early` is what came together with the handshake.
    pub(super) fn new(io: Rc<TcpStream>, outlet: Rc<Outlet>, early: BytesMut) -> Self {
        Self {
            io,
            outlet,
            read: early,
            has_given: false,
        }
    }

    /// Takes the next frame, if all of it is here.
    fn next_frame(&mut self) -> Result<Option<Bytes>, TooLarge> {
        let Some((header, payload)) = measure(&self.read) else {
            return Ok(None);
        };
        if payload > self.outlet.frame_room() {
            return Err(TooLarge);
        }
        let Some(frame) = self.read.get(..header + payload).map(Bytes::copy_from_slice) else {
            return Ok(None);
        };
        self.read.advance(frame.len());
        if self.read.is_empty() {
            self.read = BytesMut::new();
        }
        Ok(Some(frame))
    }

    /// Reads what is there; returns how much that was.
    fn read(&mut self) -> std::io::Result<usize> {
        let (io, read) = (&self.io, &mut self.read);
        LANDING.with_borrow_mut(|landing| {
            let n = io.try_read(landing)?;
            read.extend_from_slice(landing.get(..n).unwrap_or_default());
            Ok(n)
        })
    }
}

impl Stream for Intake {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // The frame before is decoded now.
        if std::mem::take(&mut self.has_given) {
            return Poll::Pending;
        }
        if !self.outlet.is_listening(cx.waker()) {
            return Poll::Pending;
        }
        let mut reads = 0;
        loop {
            match self.next_frame() {
                Ok(None) => {}
                Ok(Some(frame)) => {
                    self.has_given = true;
                    return Poll::Ready(Some(Ok(frame)));
                }
                Err(TooLarge) => {
                    self.outlet.end(1009, "too large");
                    return Poll::Ready(None);
                }
            }
            reads += 1;
            if reads > READS_IN_A_ROW {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            match self.io.poll_read_ready(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(PayloadError::Io(error)))),
                Poll::Ready(Ok(())) => {}
            }
            match self.read() {
                Ok(0) => return Poll::Ready(None),
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                Err(error) => return Poll::Ready(Some(Err(PayloadError::Io(error)))),
            }
        }
    }
}

/// More than may come in one frame.
struct TooLarge;

/// How long a frame's header and its payload are, as soon as the header tells.
fn measure(read: &[u8]) -> Option<(usize, usize)> {
    let second = *read.get(1)?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (header, payload) = match second & 0x7f {
        126 => (4, u64::from(u16::from_be_bytes(read.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(read.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    Some((header + mask, usize::try_from(payload).unwrap_or(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_measured_by_its_header() {
        let cases: [(&[u8], _); 8] = [
            (b"", None),
            (b"\x81", None),
            (b"\x81\x05", Some((2, 5))),
            (b"\x81\x85", Some((6, 5))),
            (b"\x81\xfe\x01", None),
            (b"\x81\xfe\x01\x00", Some((8, 256))),
            (b"\x81\xff\0\0\0\0\0\x01\0\0", Some((14, 65_536))),
            (b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", Some((14, usize::MAX))),
        ];
        for (read, expect) in cases {
            assert_eq!(measure(read), expect, "{read:?}");
        }
    }
}
