//! The limit: a server that does nothing but hand on frames, in its own process.

use std::process::Command;
use std::rc::Rc;

use anyhow::Result;
use tempfile::TempDir;

use super::{Ability, Contender, Heard, Later, Needs, Place, Seat, Server};
use crate::machine::process::{Process, free_port};
use crate::wire::{Link, Upgrade};

pub(crate) const NAME: &str = "bare";

/// Frames of this many bytes.
const FRAME: usize = 200;

pub(super) struct Bare;

impl Contender for Bare {
    fn name(&self) -> &'static str {
        NAME
    }

    fn promises(&self) -> &'static str {
        "the bare server: knows no users, checks nothing, stores nothing, resumes nothing"
    }

    fn can(&self, ability: Ability) -> bool {
        matches!(ability, Ability::Fanout | Ability::Idle | Ability::Reconnect)
    }

    fn version(&self) -> Result<String> {
        Ok(env!("CARGO_PKG_VERSION").to_owned())
    }

    fn start<'a>(&'a self, needs: &'a Needs) -> Later<'a, Rc<dyn Server>> {
        Box::pin(async move {
            let port = free_port()?;
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["bare-server", &port.to_string()]);
            let log = needs.folder.path().join("bare.log");
            let mut process = Process::start(command, port, &log, needs.pinned)?;
            process.accepting(&log).await?;
            let folder = Rc::clone(&needs.folder);
            Ok(Rc::new(Running {
                process,
                _folder: folder,
            }) as Rc<dyn Server>)
        })
    }
}

struct Running {
    process: Process,
    _folder: Rc<TempDir>,
}

impl Server for Running {
    fn processes(&self) -> Vec<u32> {
        vec![self.process.id()]
    }

    fn upgrade(&self, _seat: Seat) -> Upgrade {
        Upgrade::new(self.process.port, "/")
    }

    fn join<'a>(&'a self, link: &'a Rc<Link>, seat: Seat) -> Later<'a, Place> {
        Box::pin(async move {
            if seat.role == super::Role::Watch {
                link.send(b"hello");
                link.next().await?;
            }
            Ok(Place::default())
        })
    }

    fn publish(&self, number: u64) -> Vec<u8> {
        let mut frame = format!("p{number:016x}").into_bytes();
        frame.resize(FRAME, b'.');
        frame
    }

    fn hear(&self, frame: &[u8]) -> Heard {
        let number = frame
            .strip_prefix(b"p")
            .and_then(|rest| std::str::from_utf8(rest.get(..16)?).ok())
            .and_then(|hex| u64::from_str_radix(hex, 16).ok());
        number.map_or(Heard::Other, |number| Heard::Delivery { number, seq: 0 })
    }
}
