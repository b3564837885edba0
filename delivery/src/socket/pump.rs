//! What lets a session work, and writes what it and others have for its client.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::net::TcpStream;
use tokio::time::Sleep;

use crate::outlet::Outlet;

/// How long the last words may take to be read.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Lets the session work, and writes what has to go out.
pub(super) struct Pump<S> {
    io: Rc<TcpStream>,
    outlet: Rc<Outlet>,
    session: S,
    /// The session has ended, and this is how long what is left may take.
    is_over: Option<Pin<Box<Sleep>>>,
}

impl<S> Pump<S> {
    pub(super) fn new(io: Rc<TcpStream>, outlet: Rc<Outlet>, session: S) -> Self {
        Self {
            io,
            outlet,
            session,
            is_over: None,
        }
    }
}

impl<S, E> Future for Pump<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        while self.is_over.is_none() {
            match Pin::new(&mut self.session).poll_next(cx) {
                Poll::Ready(Some(Ok(bytes))) => self.outlet.send_raw(bytes),
                Poll::Ready(_) => self.is_over = Some(Box::pin(tokio::time::sleep(LAST_WORDS))),
                Poll::Pending => break,
            }
        }
        if self
            .is_over
            .as_mut()
            .is_some_and(|end| end.as_mut().poll(cx).is_ready())
        {
            return Poll::Ready(());
        }
        loop {
            if self.outlet.flush_as(cx.waker()).is_err() {
                return Poll::Ready(());
            }
            if self.outlet.is_empty() {
                let is_over = self.is_over.is_some() || self.outlet.is_done();
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
