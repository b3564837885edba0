//! soketi: the Pusher protocol, on Node with a server in C++ below.

use std::rc::Rc;

use anyhow::{Context, Result};
use hmac::{Hmac, KeyInit, Mac};
use rustix::process::Signal;
use serde_json::{Value, json};
use sha2::Sha256;
use tempfile::TempDir;

use super::peer::{self, number_behind, payload};
use super::{Ability, Contender, Heard, Later, Needs, Place, Seat, Server};
use crate::machine::process::Process;
use crate::wire::{Link, Upgrade};

const NAME: &str = "soketi";
const SECRET: &[u8] = b"bench-secret";

pub(super) struct Soketi;

impl Contender for Soketi {
    fn name(&self) -> &'static str {
        NAME
    }

    fn promises(&self) -> &'static str {
        "keeps nothing, acknowledges nothing, resumes nothing"
    }

    fn can(&self, ability: Ability) -> bool {
        matches!(ability, Ability::Fanout | Ability::Idle | Ability::Reconnect)
    }

    fn version(&self) -> Result<String> {
        peer::npm_version(&peer::home(NAME)?.join("node_modules/@soketi/soketi"))
    }

    fn start<'a>(&'a self, needs: &'a Needs) -> Later<'a, Rc<dyn Server>> {
        Box::pin(async move {
            // It takes its time after the usual signal.
            let process = peer::start(NAME, needs, &[]).await?.stopped_by(Signal::KILL);
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

impl Running {
    async fn subscribe(&self, link: &Rc<Link>) -> Result<Place> {
        let (greeting, _) = peer::until(link, "connection_established").await?;
        let greeting: Value = serde_json::from_str(&greeting)?;
        let inner = greeting.get("data").and_then(Value::as_str).context("no data")?;
        let inner: Value = serde_json::from_str(inner)?;
        let socket = inner.get("socket_id").and_then(Value::as_str).context("no socket_id")?;
        let mut signature = Hmac::<Sha256>::new_from_slice(SECRET)?;
        signature.update(format!("{socket}:private-room").as_bytes());
        let hex: String = signature
            .finalize()
            .into_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let data = json!({ "channel": "private-room", "auth": format!("bench:{hex}") });
        let request = json!({ "event": "pusher:subscribe", "data": data });
        link.send(request.to_string().as_bytes());
        peer::until(link, "subscription_succeeded").await?;
        Ok(Place::default())
    }
}

impl Server for Running {
    fn processes(&self) -> Vec<u32> {
        vec![self.process.id()]
    }

    fn upgrade(&self, _seat: Seat) -> Upgrade {
        Upgrade::new(self.process.port, "/app/bench?protocol=7")
    }

    /// Node's queue is short.
    fn together(&self) -> usize {
        256
    }

    fn join<'a>(&'a self, link: &'a Rc<Link>, _seat: Seat) -> Later<'a, Place> {
        Box::pin(self.subscribe(link))
    }

    fn publish(&self, number: u64) -> Vec<u8> {
        let text = payload(number);
        format!(r#"{{"event":"client-m","channel":"private-room","data":"{text}"}}"#).into_bytes()
    }

    fn hear(&self, frame: &[u8]) -> Heard {
        if let Some(number) = number_behind(br#""data":"p"#, frame) {
            return Heard::Delivery { number, seq: 0 };
        }
        let is_ping = memchr::memmem::find(frame, b"pusher:ping").is_some();
        if is_ping {
            Heard::Answer(br#"{"event":"pusher:pong","data":{}}"#)
        } else {
            Heard::Other
        }
    }
}
