//! Socket.IO on Node: Engine.IO 4 over a WebSocket.

use std::path::PathBuf;
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::peer::{self, number_behind, payload};
use super::{Ability, Contender, Heard, Later, Needs, Place, Role, Seat, Server};
use crate::machine::postgres::Postgres;
use crate::machine::process::{Process, free_port};
use crate::options::Options;
use crate::wire::{Link, Upgrade};

const NAME: &str = "socketio";

pub(super) struct SocketIo {
    postgres: PathBuf,
}

impl SocketIo {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            postgres: options.postgres(),
        }
    }
}

impl Contender for SocketIo {
    fn name(&self) -> &'static str {
        NAME
    }

    fn promises(&self) -> &'static str {
        "chat keeps one row a message and no log; resumes from memory, so not over a restart; at most once"
    }

    fn can(&self, _ability: Ability) -> bool {
        true
    }

    fn version(&self) -> Result<String> {
        peer::npm_version(&peer::home(NAME)?.join("node_modules/socket.io"))
    }

    fn start<'a>(&'a self, needs: &'a Needs) -> Later<'a, Rc<dyn Server>> {
        Box::pin(async move {
            let mut variables = Vec::new();
            let mut database = None;
            if needs.scene.ability == Ability::Chat {
                let port = free_port()?;
                database = Some(Postgres::start(&self.postgres, needs.folder.path(), Some(port), needs.pinned).await?);
                let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
                variables.push(("DATABASE_URL", url));
            }
            let process = peer::start(NAME, needs, &variables).await?;
            let folder = Rc::clone(&needs.folder);
            Ok(Rc::new(Running {
                process,
                database,
                _folder: folder,
            }) as Rc<dyn Server>)
        })
    }
}

struct Running {
    // The order matters: the server stops before its database, and both before their folder goes.
    process: Process,
    database: Option<Postgres>,
    _folder: Rc<TempDir>,
}

impl Running {
    async fn enter(&self, link: &Rc<Link>, request: &str) -> Result<Place> {
        peer::until(link, "0{").await?;
        link.send(request.as_bytes());
        let (answer, missed) = peer::until(link, r#"40{"#).await?;
        let answer: Value = serde_json::from_str(answer.trim_start_matches("40"))?;
        let ticket = answer.get("pid").and_then(Value::as_str).unwrap_or_default();
        Ok(Place {
            ticket: ticket.to_owned(),
            missed,
            ..Place::default()
        })
    }
}

impl Server for Running {
    fn processes(&self) -> Vec<u32> {
        let database = self.database.as_ref().map(Postgres::id);
        [self.process.id()].into_iter().chain(database).collect()
    }

    fn upgrade(&self, _seat: Seat) -> Upgrade {
        Upgrade::new(self.process.port, "/socket.io/?EIO=4&transport=websocket")
    }

    /// Node's queue is short.
    fn together(&self) -> usize {
        256
    }

    fn join<'a>(&'a self, link: &'a Rc<Link>, seat: Seat) -> Later<'a, Place> {
        Box::pin(async move {
            let place = self.enter(link, "40").await?;
            if seat.role == Role::Watch {
                link.send(br#"420["join"]"#);
                peer::until(link, "430").await?;
            }
            Ok(place)
        })
    }

    fn resume<'a>(&'a self, link: &'a Rc<Link>, _seat: Seat, from: &'a Place) -> Later<'a, Place> {
        Box::pin(async move {
            let request = format!(r#"40{{"pid":"{}","offset":"{}"}}"#, from.ticket, from.mark);
            let place = self.enter(link, &request).await.context("come back")?;
            ensure!(place.ticket == from.ticket, "not resumed");
            Ok(Place { seq: from.seq, ..place })
        })
    }

    fn publish(&self, number: u64) -> Vec<u8> {
        format!(r#"42["publish","{}"]"#, payload(number)).into_bytes()
    }

    fn post(&self, _sender: usize, number: u64) -> Vec<u8> {
        format!(r#"42{number}["send","{}"]"#, payload(number)).into_bytes()
    }

    fn hear(&self, frame: &[u8]) -> Heard {
        if frame == b"2" {
            return Heard::Answer(b"3");
        }
        if let Some(answer) = frame.strip_prefix(b"43") {
            let digits = answer.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number = std::str::from_utf8(answer.get(..digits).unwrap_or_default());
            let Some(number) = number.ok().and_then(|digits| digits.parse().ok()) else {
                return Heard::Other;
            };
            let failed = answer.get(digits..).is_some_and(|rest| rest.starts_with(b"[{"));
            return if failed {
                Heard::Refused(number)
            } else {
                Heard::Done(number)
            };
        }
        // One sender's messages come in the order of their numbers.
        number_behind(br#"["m","p"#, frame).map_or(Heard::Other, |number| Heard::Delivery { number, seq: number })
    }

    /// The last element of an event.
    fn mark(&self, frame: &[u8]) -> Option<String> {
        let frame = frame.strip_suffix(br#""]"#)?;
        let at = memchr::memrchr(b'"', frame)?;
        Some(String::from_utf8_lossy(frame.get(at + 1..)?).into_owned())
    }
}
