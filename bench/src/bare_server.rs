//! What a machine can do at best: frames made once, written to all in one turn, and nothing else.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice};
use std::rc::{Rc, Weak};

use anyhow::Result;
use bytes::{Bytes, BytesMut};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::spawn_local;

/// Every client of ours asks with the same key, so the answer is always the same.
const UPGRADED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n";
const HELLO: &[u8] = b"\x81\x05hello";
/// Buffers that one system call takes.
const TOGETHER: usize = 64;

/// Serves until it is killed.
pub(crate) async fn serve(port: u16) -> Result<()> {
    let listener = listen(port)?;
    let room = Rc::new(Room::default());
    let _flushing = spawn_local(Rc::clone(&room).flush());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let room = Rc::clone(&room);
        let _served = spawn_local(async move {
            // A client that goes away is no concern of the others.
            let _ended = attend(stream, room).await;
        });
    }
}

fn listen(port: u16) -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(([127, 0, 0, 1], port).into())?;
    socket.listen(4096)
}

#[derive(Default)]
struct Room {
    members: RefCell<Vec<Weak<Member>>>,
    said: RefCell<BytesMut>,
    something: Notify,
}

struct Member {
    stream: TcpStream,
    queue: RefCell<VecDeque<Bytes>>,
    writing: Cell<bool>,
}

impl Room {
    /// Hands on what one turn brought, all of it in one buffer that everybody shares.
    async fn flush(self: Rc<Self>) {
        loop {
            self.something.notified().await;
            tokio::task::yield_now().await;
            let said = self.said.take().freeze();
            let mut members = self.members.borrow_mut();
            members.retain(|member| {
                let member = member.upgrade();
                if let Some(member) = &member {
                    Member::give(member, said.clone());
                }
                member.is_some()
            });
        }
    }

    fn say(&self, payload: &[u8]) {
        let mut said = self.said.borrow_mut();
        said.extend_from_slice(&header(payload.len()));
        said.extend_from_slice(payload);
        self.something.notify_one();
    }
}

impl Member {
    fn give(self: &Rc<Self>, bytes: Bytes) {
        self.queue.borrow_mut().push_back(bytes);
        if self.writing.get() {
            return;
        }
        if self.push() {
            return;
        }
        self.writing.set(true);
        let member = Rc::clone(self);
        let _unattended = spawn_local(async move {
            while member.stream.writable().await.is_ok() && !member.push() {}
            member.writing.set(false);
        });
    }

    /// Writes what the kernel takes; whether that was all.
    fn push(&self) -> bool {
        let mut queue = self.queue.borrow_mut();
        while !queue.is_empty() {
            let slices: Vec<IoSlice<'_>> = queue.iter().take(TOGETHER).map(|bytes| IoSlice::new(bytes)).collect();
            match self.stream.try_write_vectored(&slices) {
                Ok(written) => advance(&mut queue, written),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                Err(_) => queue.clear(),
            }
        }
        *queue = VecDeque::new();
        true
    }
}

fn advance(queue: &mut VecDeque<Bytes>, mut written: usize) {
    while let Some(first) = queue.front_mut() {
        if written < first.len() {
            drop(first.split_to(written));
            return;
        }
        written -= first.len();
        queue.pop_front();
    }
}

/// Reads requests: the upgrade, then `h…` to become a member, and `p…` to say something to all.
async fn attend(stream: TcpStream, room: Rc<Room>) -> Result<()> {
    let member = Rc::new(Member {
        stream,
        queue: RefCell::default(),
        writing: Cell::new(false),
    });
    let mut unread = Vec::new();
    read_more(&member.stream, &mut unread).await?;
    // A request of ours is short and comes in one piece.
    unread.clear();
    Member::give(&member, Bytes::from_static(UPGRADED));
    loop {
        while let Some((payload, length)) = first_frame(&unread) {
            match payload.first() {
                Some(b'p') => room.say(payload),
                Some(b'h') => {
                    room.members.borrow_mut().push(Rc::downgrade(&member));
                    Member::give(&member, Bytes::from_static(HELLO));
                }
                _ => return Ok(()),
            }
            unread.drain(..length);
        }
        if unread.is_empty() {
            unread = Vec::new();
        }
        read_more(&member.stream, &mut unread).await?;
    }
}

async fn read_more(stream: &TcpStream, unread: &mut Vec<u8>) -> Result<()> {
    loop {
        stream.readable().await?;
        // Outside the wait, so that a connection at rest holds no buffer.
        if let Some(read) = read_now(stream, unread)? {
            anyhow::ensure!(read > 0, "closed");
            return Ok(());
        }
    }
}

fn read_now(stream: &TcpStream, unread: &mut Vec<u8>) -> std::io::Result<Option<usize>> {
    let mut bytes = [0; 8192];
    match stream.try_read(&mut bytes) {
        Ok(read) => {
            unread.extend_from_slice(bytes.get(..read).unwrap_or_default());
            Ok(Some(read))
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}

/// The payload of the first frame, whose mask is zeros, and the length of the whole frame.
fn first_frame(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let (length, start) = match bytes.get(1)? & 0x7F {
        126 => (usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), 8),
        short => (usize::from(short), 6),
    };
    Some((bytes.get(start..start + length)?, start + length))
}

fn header(length: usize) -> Vec<u8> {
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..126), _) => vec![0x81, short],
        (_, length) => {
            let [high, low] = length.unwrap_or(u16::MAX).to_be_bytes();
            vec![0x81, 126, high, low]
        }
    }
}
