//! One connection: frames in, frames out, and no memory held while nothing happens.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::rc::Rc;

use anyhow::{Result, bail};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::Instant;

use super::frame::{self, Opcode};

const SCRATCH: usize = 256 * 1024;

thread_local! {
    /// All connections read into this; only what is left of a frame is kept by its connection.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; SCRATCH]);
}

/// An open connection.
pub(crate) struct Link {
    stream: TcpStream,
    /// The beginning of a frame whose end has not come.
    rest: RefCell<Vec<u8>>,
    unsent: RefCell<Vec<u8>>,
}

/// A connection that is being read. Reading ends when this is dropped.
pub(crate) struct Listening(JoinHandle<()>);

impl Listening {
    /// Whether the connection has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.0.is_finished()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Link {
    pub(super) fn new(stream: TcpStream, rest: Vec<u8>) -> Rc<Self> {
        Rc::new(Self {
            stream,
            rest: RefCell::new(rest),
            unsent: RefCell::default(),
        })
    }

    /// Sends a text; what the kernel does not take at once follows by itself.
    pub(crate) fn send(self: &Rc<Self>, text: &[u8]) {
        self.write(Opcode::Text, text);
    }

    /// The next text, while nobody listens.
    pub(crate) async fn next(self: &Rc<Self>) -> Result<Vec<u8>> {
        loop {
            if let Some(text) = self.take_first()? {
                return Ok(text);
            }
            self.stream.readable().await?;
            BUFFER.with_borrow_mut(|buffer| {
                let read = self.read(buffer)?;
                self.rest
                    .borrow_mut()
                    .extend_from_slice(buffer.get(..read).unwrap_or_default());
                anyhow::Ok(())
            })?;
        }
    }

    /// Calls back for every text, with the time at which it was read, until the connection ends.
    pub(crate) fn listen(self: &Rc<Self>, mut hear: impl FnMut(&[u8], Instant) + 'static) -> Listening {
        let link = Rc::clone(self);
        Listening(spawn_local(async move {
            // The end of a connection is seen by what is missing afterwards.
            let _ended = link.pump(&mut hear).await;
        }))
    }

    /// The same, and says how the connection ended.
    async fn pump(self: &Rc<Self>, hear: &mut impl FnMut(&[u8], Instant)) -> Result<()> {
        let first = std::mem::take(&mut *self.rest.borrow_mut());
        self.hear_all(&first, Instant::now(), hear)?;
        loop {
            self.stream.readable().await?;
            BUFFER.with_borrow_mut(|buffer| {
                let read = self.read(buffer)?;
                let bytes = buffer.get(..read).unwrap_or_default();
                let mut whole = std::mem::take(&mut *self.rest.borrow_mut());
                if whole.is_empty() {
                    return self.hear_all(bytes, Instant::now(), hear);
                }
                whole.extend_from_slice(bytes);
                self.hear_all(&whole, Instant::now(), hear)
            })?;
        }
    }

    fn hear_all(self: &Rc<Self>, mut bytes: &[u8], at: Instant, hear: &mut impl FnMut(&[u8], Instant)) -> Result<()> {
        while let Some(frame) = frame::parse(bytes)? {
            match frame.opcode {
                Opcode::Text | Opcode::Binary => hear(frame.payload, at),
                other => self.control(other, frame.payload)?,
            }
            bytes = frame.rest;
        }
        if !bytes.is_empty() {
            self.rest.borrow_mut().extend_from_slice(bytes);
        }
        Ok(())
    }

    fn take_first(self: &Rc<Self>) -> Result<Option<Vec<u8>>> {
        loop {
            let bytes = std::mem::take(&mut *self.rest.borrow_mut());
            let Some(frame) = frame::parse(&bytes)? else {
                *self.rest.borrow_mut() = bytes;
                return Ok(None);
            };
            *self.rest.borrow_mut() = frame.rest.to_vec();
            match frame.opcode {
                Opcode::Text | Opcode::Binary => return Ok(Some(frame.payload.to_vec())),
                other => self.control(other, frame.payload)?,
            }
        }
    }

    fn control(self: &Rc<Self>, opcode: Opcode, payload: &[u8]) -> Result<()> {
        match opcode {
            Opcode::Ping => self.write(Opcode::Pong, payload),
            Opcode::Close => bail!("closed: {}", String::from_utf8_lossy(payload)),
            _ => {}
        }
        Ok(())
    }

    fn read(&self, buffer: &mut [u8]) -> Result<usize> {
        match self.stream.try_read(buffer) {
            Ok(0) => bail!("closed"),
            Ok(read) => Ok(read),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    fn write(self: &Rc<Self>, opcode: Opcode, payload: &[u8]) {
        let mut unsent = self.unsent.borrow_mut();
        let flushing = !unsent.is_empty();
        frame::write(&mut unsent, opcode, payload);
        if flushing {
            return;
        }
        self.push(&mut unsent);
        if !unsent.is_empty() {
            let link = Rc::clone(self);
            let _unattended = spawn_local(async move { link.flush().await });
        }
    }

    async fn flush(self: Rc<Self>) {
        while !self.unsent.borrow().is_empty() && self.stream.writable().await.is_ok() {
            self.push(&mut self.unsent.borrow_mut());
        }
    }

    /// Writes what the kernel takes; a dead connection takes and forgets everything.
    fn push(&self, unsent: &mut Vec<u8>) {
        match self.stream.try_write(unsent) {
            Ok(written) if written == unsent.len() => *unsent = Vec::new(),
            Ok(written) => drop(unsent.drain(..written)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => *unsent = Vec::new(),
        }
    }
}
