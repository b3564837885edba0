//! Who is measured: our server, what a machine can do at best, and what others do.

pub(crate) mod bare;
mod ejabberd;
mod peer;
pub(crate) mod raw;
mod socketio;
mod soketi;
pub(crate) mod switchboard;

use std::pin::Pin;
use std::rc::Rc;

use anyhow::{Result, bail};
use tempfile::TempDir;

use crate::options::Options;
use crate::wire::{Link, Upgrade};

pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + 'a>>;

/// Every contender, in the order of the report. A new one is one line here.
pub(crate) fn all(options: &Options) -> Vec<Box<dyn Contender>> {
    vec![
        Box::new(bare::Bare),
        Box::new(raw::Raw::new(options)),
        Box::new(switchboard::Switchboard::new(options)),
        Box::new(socketio::SocketIo::new(options)),
        Box::new(soketi::Soketi),
        Box::new(ejabberd::Ejabberd::new(options)),
    ]
}

/// What a scenario may ask of a contender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ability {
    /// Messages are stored, acknowledged and seen.
    Chat,
    /// Many sessions hear what one says.
    Fanout,
    /// Many sessions are there and nothing happens.
    Idle,
    /// Sessions come back at once.
    Reconnect,
    /// And get what they missed.
    Resume,
    /// Also from a server that was killed meanwhile.
    Restart,
}

/// A server that can be started.
pub(crate) trait Contender {
    fn name(&self) -> &'static str;

    /// What stands beside its figures: what it does not promise.
    fn promises(&self) -> &'static str;

    fn can(&self, ability: Ability) -> bool;

    /// How often it runs, when others run so often.
    fn runs(&self, asked: usize) -> usize {
        asked
    }

    /// The most sessions that it lets in within a run.
    fn most_sessions(&self) -> usize {
        usize::MAX
    }

    /// How many watch a chat, when so many are asked for.
    fn watchers(&self, asked: usize) -> usize {
        asked
    }

    /// Its version, or why it cannot be started.
    fn version(&self) -> Result<String>;

    /// Starts it with empty storage and prepares what the scenario needs.
    fn start<'a>(&'a self, needs: &'a Needs) -> Later<'a, Rc<dyn Server>>;
}

/// What a scenario wants to find in a server.
#[derive(Debug, Clone)]
pub(crate) struct Needs {
    /// An empty folder; the server keeps it until it has stopped.
    pub(crate) folder: Rc<TempDir>,
    pub(crate) pinned: bool,
    pub(crate) scene: Scene,
}

/// What goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) ability: Ability,
    pub(crate) tenants: usize,
    /// Of all tenants together.
    pub(crate) conversations: usize,
}

/// For what a session comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Hears everything.
    Watch,
    /// Hears what is theirs.
    Customer,
    /// Posts messages and hears only the answers.
    Send,
    /// Publishes what is not stored.
    Publish,
}

/// One session of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) role: Role,
    pub(crate) n: usize,
}

/// Where a session stands, to come back to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// What a server gave us to show when we come back.
    pub(crate) ticket: String,
    /// The last event that was heard.
    pub(crate) seq: u64,
    /// The server's own mark on the last one, where it has such.
    pub(crate) mark: String,
    /// Frames that came before we were told that we are back.
    pub(crate) missed: Vec<Vec<u8>>,
    /// The last event there is, as a server says when we come back.
    pub(crate) head: u64,
}

/// What a frame means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// What was published or posted under this number has come; `seq` is its place, if the server gives it one.
    Delivery {
        number: u64,
        seq: u64,
    },
    /// Something else happened that has its place.
    Event(u64),
    /// What was posted under this number is done.
    Done(u64),
    /// So many of what this session posted are done.
    Counted(u64),
    /// What was posted under this number was refused.
    Refused(u64),
    /// The server wants this answer.
    Answer(&'static [u8]),
    Other,
}

/// How a server gathered writes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Journal {
    pub(crate) written: u64,
    pub(crate) batches: u64,
}

/// A server that runs. Dropping it stops it.
pub(crate) trait Server {
    /// The processes that all others descend from.
    fn processes(&self) -> Vec<u32>;

    fn upgrade(&self, seat: Seat) -> Upgrade;

    /// So many may knock together: more than its queue holds would wait for repeats.
    fn together(&self) -> usize {
        512
    }

    /// Says who we are and what we want to hear.
    fn join<'a>(&'a self, link: &'a Rc<Link>, seat: Seat) -> Later<'a, Place>;

    /// The same, after having been away.
    fn resume<'a>(&'a self, _link: &'a Rc<Link>, _seat: Seat, _from: &'a Place) -> Later<'a, Place> {
        Box::pin(async { bail!("cannot resume") })
    }

    /// Kills the server and starts it again.
    fn restart(&self) -> Later<'_, ()> {
        Box::pin(async { bail!("cannot restart") })
    }

    /// The frame that publishes 200 bytes under a number below 256.
    fn publish(&self, number: u64) -> Vec<u8>;

    /// The frame by which a sender posts a message under a number.
    fn post(&self, sender: usize, number: u64) -> Vec<u8> {
        let _ours = sender;
        self.publish(number)
    }

    /// What follows each post, in a frame of its own.
    fn after_post(&self) -> Option<&'static [u8]> {
        None
    }

    fn hear(&self, frame: &[u8]) -> Heard;

    /// The server's own mark on an event, to come back to.
    fn mark(&self, _frame: &[u8]) -> Option<String> {
        None
    }

    /// How writes were gathered so far, where that is known.
    fn journal(&self) -> Later<'_, Option<Journal>> {
        Box::pin(async { Ok(None) })
    }
}
