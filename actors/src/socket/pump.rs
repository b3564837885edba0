//! What moves bytes between a connection and its session.

use std::cell::RefCell;
use std::future::Future;
use std::io::ErrorKind;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_http::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::net::TcpStream;

use super::Outlet;

const READ_AT_ONCE: usize = 16 * 1024;
/// After so many reads others have their turn.
const READS_IN_A_ROW: u32 = 4;

thread_local! {
    /// Where bytes arrive: one place for all connections of a thread, so that an idle one needs none.
    static LANDING: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_AT_ONCE]);
}

/// The bytes that a client sends.
pub(super) struct Intake {
    io: Rc<TcpStream>,
    early: Bytes,
    reads: u32,
}

impl Intake {
    /// `early` is what came together with the handshake.
    pub(super) fn new(io: Rc<TcpStream>, early: Bytes) -> Self {
        Self { io, early, reads: 0 }
    }

    fn read(&self) -> std::io::Result<Bytes> {
        LANDING.with_borrow_mut(|landing| {
            let n = self.io.try_read(landing)?;
            Ok(landing.get(..n).map(Bytes::copy_from_slice).unwrap_or_default())
        })
    }
}

impl Stream for Intake {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.early.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.early))));
        }
        self.reads += 1;
        if self.reads > READS_IN_A_ROW {
            self.reads = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            match self.io.poll_read_ready(cx) {
                Poll::Pending => {
                    self.reads = 0;
                    return Poll::Pending;
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(PayloadError::Io(error)))),
                Poll::Ready(Ok(())) => {}
            }
            match self.read() {
                Ok(bytes) if bytes.is_empty() => return Poll::Ready(None),
                Ok(bytes) => return Poll::Ready(Some(Ok(bytes))),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                Err(error) => return Poll::Ready(Some(Err(PayloadError::Io(error)))),
            }
        }
    }
}

/// Lets the session work, and writes what has to go out.
pub(super) struct Pump<S> {
    io: Rc<TcpStream>,
    outlet: Rc<Outlet>,
    session: S,
    is_over: bool,
}

impl<S> Pump<S> {
    pub(super) fn new(io: Rc<TcpStream>, outlet: Rc<Outlet>, session: S) -> Self {
        Self {
            io,
            outlet,
            session,
            is_over: false,
        }
    }
}

impl<S, E> Future for Pump<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        while !self.is_over {
            match Pin::new(&mut self.session).poll_next(cx) {
                Poll::Ready(Some(Ok(bytes))) => self.outlet.send_raw(bytes),
                Poll::Ready(_) => self.is_over = true,
                Poll::Pending => break,
            }
        }
        loop {
            if self.outlet.flush_as(cx.waker()).is_err() {
                return Poll::Ready(());
            }
            if self.outlet.is_empty() {
                let is_over = self.is_over || self.outlet.is_done();
                return if is_over { Poll::Ready(()) } else { Poll::Pending };
            }
            match self.io.poll_write_ready(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Ready(Ok(())) => {}
            }
        }
    }
}
