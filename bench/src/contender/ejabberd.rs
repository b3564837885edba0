//! ejabberd: XMPP over a WebSocket, one stanza a frame.

use std::path::PathBuf;
use std::rc::Rc;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tempfile::TempDir;

use super::peer::{self, number_behind, payload};
use super::{Ability, Contender, Heard, Later, Needs, Place, Role, Seat, Server};
use crate::machine::process::Process;
use crate::options::Options;
use crate::wire::{Link, Upgrade};

const NAME: &str = "ejabberd";
const ROOM: &str = "room@conference.localhost";
/// Accounts below are those who watch.
const FIRST_SENDER: usize = 11_000;

pub(super) struct Ejabberd {
    postgres: PathBuf,
    watchers: usize,
}

impl Ejabberd {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            postgres: options.postgres(),
            watchers: options.load.senders.max(1),
        }
    }
}

impl Contender for Ejabberd {
    fn name(&self) -> &'static str {
        NAME
    }

    fn promises(&self) -> &'static str {
        "archives each message before its receipt, and keeps no log of the rest; resumes from memory, so not over a \
         restart; in chat a message has one watcher"
    }

    /// It could resume, but signing in ten thousand takes half a minute, and a room of all is more than it carries.
    fn can(&self, ability: Ability) -> bool {
        matches!(ability, Ability::Chat | Ability::Fanout | Ability::Idle)
    }

    /// Most of the time would go into filling rooms.
    fn runs(&self, _asked: usize) -> usize {
        1
    }

    /// A message goes to one: fewer sessions than senders would be the bottleneck.
    fn watchers(&self, _asked: usize) -> usize {
        self.watchers
    }

    fn most_sessions(&self) -> usize {
        2_000
    }

    fn version(&self) -> Result<String> {
        let libraries = peer::home(NAME)?.join("root/usr/lib");
        let folders = std::fs::read_dir(libraries)?.flatten();
        let inner = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
        let names = inner.filter_map(|entry| entry.file_name().into_string().ok());
        let mut versions = names.filter_map(|name| name.strip_prefix("ejabberd-").map(ToOwned::to_owned));
        versions.next().context("not installed; make bench-peers does it")
    }

    fn start<'a>(&'a self, needs: &'a Needs) -> Later<'a, Rc<dyn Server>> {
        Box::pin(async move {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(needs.folder.path(), mode)?;
            let postgres = self.postgres.display().to_string();
            let process = peer::start(NAME, needs, &[("PG_BIN", postgres)]).await?;
            let running = Running {
                process,
                _folder: Rc::clone(&needs.folder),
                ability: needs.scene.ability,
                watchers: self.watchers,
            };
            Ok(Rc::new(running) as Rc<dyn Server>)
        })
    }
}

struct Running {
    process: Process,
    _folder: Rc<TempDir>,
    ability: Ability,
    watchers: usize,
}

impl Running {
    /// Signs in, and opens the stream again, as the protocol has it.
    async fn sign_in(&self, link: &Rc<Link>, seat: Seat) -> Result<()> {
        let open = r#"<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="localhost" version="1.0"/>"#;
        link.send(open.as_bytes());
        peer::until(link, "mechanisms").await?;
        let plain = BASE64_STANDARD.encode(format!("\0user{}\0bench", account(seat)));
        let auth = format!(r#"<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">{plain}</auth>"#);
        link.send(auth.as_bytes());
        peer::until(link, "<success").await?;
        link.send(open.as_bytes());
        peer::until(link, "features").await?;
        Ok(())
    }

    async fn enter(&self, link: &Rc<Link>, seat: Seat) -> Result<Place> {
        self.sign_in(link, seat).await?;
        link.send(
            br#"<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>"#,
        );
        peer::until(link, "<jid>").await?;
        // A sender counts what is acknowledged; the others need no receipts.
        if seat.role == Role::Send {
            link.send(br#"<enable xmlns="urn:xmpp:sm:3" resume="true"/>"#);
            peer::until(link, "<enabled").await?;
        }
        if self.ability == Ability::Fanout {
            self.enter_room(link, seat).await?;
        } else if seat.role == Role::Watch {
            link.send(br#"<presence xmlns="jabber:client"/>"#);
            peer::until(link, "<presence").await?;
        }
        Ok(Place::default())
    }

    async fn enter_room(&self, link: &Rc<Link>, seat: Seat) -> Result<()> {
        let nick = account(seat);
        let enter = format!(
            r#"<presence xmlns="jabber:client" to="{ROOM}/{nick}"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/></x></presence>"#
        );
        link.send(enter.as_bytes());
        // The subject is the last that comes.
        peer::until(link, "<subject").await?;
        Ok(())
    }
}

impl Server for Running {
    fn processes(&self) -> Vec<u32> {
        vec![self.process.id()]
    }

    fn upgrade(&self, _seat: Seat) -> Upgrade {
        Upgrade {
            protocol: Some("xmpp"),
            ..Upgrade::new(self.process.port, "/ws")
        }
    }

    /// Its queue is short, and every sign-in asks the database.
    fn together(&self) -> usize {
        32
    }

    fn join<'a>(&'a self, link: &'a Rc<Link>, seat: Seat) -> Later<'a, Place> {
        Box::pin(self.enter(link, seat))
    }

    fn publish(&self, number: u64) -> Vec<u8> {
        let text = payload(number);
        let text = text.get(..60).unwrap_or(&text);
        format!(r#"<message xmlns="jabber:client" type="groupchat" to="{ROOM}"><body>{text}</body></message>"#)
            .into_bytes()
    }

    fn post(&self, sender: usize, number: u64) -> Vec<u8> {
        let to = sender % self.watchers;
        format!(
            r#"<message xmlns="jabber:client" type="chat" to="user{to}@localhost"><body>{}</body></message>"#,
            payload(number)
        )
        .into_bytes()
    }

    /// Asks for the receipt of what was posted.
    fn after_post(&self) -> Option<&'static [u8]> {
        Some(br#"<r xmlns="urn:xmpp:sm:3"/>"#)
    }

    fn hear(&self, frame: &[u8]) -> Heard {
        if frame.starts_with(b"<a ") {
            let count = attribute(&String::from_utf8_lossy(frame), "h").and_then(|count| count.parse().ok());
            return count.map_or(Heard::Other, Heard::Counted);
        }
        number_behind(b"<body>p", frame).map_or(Heard::Other, |number| Heard::Delivery { number, seq: number })
    }
}

fn account(seat: Seat) -> usize {
    match seat.role {
        Role::Watch | Role::Customer => seat.n,
        Role::Send => FIRST_SENDER + seat.n % 500,
        Role::Publish => FIRST_SENDER + 500 + seat.n % 500,
    }
}

/// An attribute's value, whichever quotes it has.
fn attribute(element: &str, name: &str) -> Option<String> {
    ['"', '\''].into_iter().find_map(|quote| {
        let (_, after) = element.split_once(&format!(" {name}={quote}"))?;
        Some(after.split_once(quote)?.0.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_with_either_quotes() {
        for element in [
            "<a xmlns='urn:xmpp:sm:3' h='12'/>",
            r#"<a h="12" xmlns="urn:xmpp:sm:3"/>"#,
        ] {
            assert_eq!(attribute(element, "h").as_deref(), Some("12"), "{element}");
        }
        assert_eq!(attribute("<a/>", "h"), None);
    }
}
