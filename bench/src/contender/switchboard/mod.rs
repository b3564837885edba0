//! Our own server, with its own database, as a release runs it.

mod frame;
mod mint;
mod team;

use std::cell::RefCell;
use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use self::team::Team;
use super::{Ability, Contender, Heard, Journal, Later, Needs, Place, Role, Seat, Server};
use crate::machine::process::{Process, free_port};
use crate::options::Options;
use crate::wire::http::Client;
use crate::wire::{Link, Upgrade};

pub(crate) const NAME: &str = "switchboard";

/// So many different people there are of each kind; who is one more has a second window open.
const DIFFERENT: usize = 1_000;

#[derive(Clone)]
pub(super) struct Switchboard {
    binary: PathBuf,
    postgres: PathBuf,
}

impl Switchboard {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            binary: options.server(),
            postgres: options.postgres(),
        }
    }

    /// The settings that it knows.
    fn settings(&self) -> String {
        let told = Command::new(&self.binary).args(["serve", "--check"]).output();
        told.map(|told| String::from_utf8_lossy(&told.stdout).into_owned())
            .unwrap_or_default()
    }

    fn command(&self, needs: &Needs, port: u16) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .current_dir(needs.folder.path())
            .arg("--data-dir")
            .arg(needs.folder.path())
            .args(["serve", "--port", &port.to_string()])
            .env("PG_BIN", &self.postgres)
            .env("SWITCHBOARD_LOG__FILTER", "warn")
            .env("SWITCHBOARD_SECURITY__TOKEN_MINUTES", "1440");
        // Guards against guessing and flooding; one machine plays everybody here.
        let known = self.settings();
        for guard in [
            "SECURITY__SIGN_UP",
            "SECURITY__LOGIN",
            "LIMITS__WIDGET_VISITS",
            "LIMITS__WIDGET_MESSAGES",
            "LIMITS__WIDGET_REQUESTS",
            "LIMITS__REQUESTS",
            "LIMITS__SIGNALS",
        ] {
            for part in ["PER_MINUTE", "BURST"] {
                allow(&mut command, &known, &format!("{guard}__{part}"), "1000000");
            }
        }
        for many in ["PER_ADDRESS", "TOTAL"] {
            allow(&mut command, &known, &format!("LIMITS__STRANGERS__{many}"), "100000");
        }
        command
    }
}

/// Sets what this version knows: an older one may be measured beside it.
fn allow(command: &mut Command, known: &str, setting: &str, value: &str) {
    if known.contains(&setting.to_lowercase().replace("__", ".")) {
        command.env(format!("SWITCHBOARD_{setting}"), value);
    }
}

impl Contender for Switchboard {
    fn name(&self) -> &'static str {
        NAME
    }

    fn promises(&self) -> &'static str {
        "acknowledges after the commit, in one order per tenant, resumes without a gap"
    }

    fn can(&self, _ability: Ability) -> bool {
        true
    }

    fn version(&self) -> Result<String> {
        let output = Command::new(&self.binary)
            .arg("--version")
            .output()
            .with_context(|| format!("no server at {}", self.binary.display()))?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn start<'a>(&'a self, needs: &'a Needs) -> Later<'a, Rc<dyn Server>> {
        Box::pin(async move {
            // The account that PostgreSQL runs as must be able to pass.
            std::fs::set_permissions(needs.folder.path(), PermissionsExt::from_mode(0o755))?;
            let port = free_port()?;
            let log = needs.folder.path().join("server.log");
            let mut process = Process::start(self.command(needs, port), port, &log, needs.pinned)?;
            process.accepting(&log).await?;
            let teams = team::prepare(needs.folder.path(), port, needs.scene).await?;
            let numbers = teams
                .first()
                .map(|team| frame::numbers(&team.conversations))
                .unwrap_or_default();
            Ok(Rc::new(Running {
                process: RefCell::new(process),
                port,
                binary: self.clone(),
                needs: needs.clone(),
                teams,
                numbers,
                said: RefCell::default(),
            }) as Rc<dyn Server>)
        })
    }
}

struct Running {
    process: RefCell<Process>,
    port: u16,
    binary: Switchboard,
    /// Its folder among them, which it keeps.
    needs: Needs,
    teams: Vec<Team>,
    /// The numbers that conversations stand for when something is published.
    numbers: HashMap<u64, u64>,
    /// What was published last under each number.
    said: RefCell<HashMap<u64, bool>>,
}

impl Running {
    fn team(&self, n: usize) -> Result<&Team> {
        self.teams.get(n % self.teams.len().max(1)).context("no team")
    }

    async fn hello(&self, link: &Rc<Link>, seat: Seat, cursor: Option<u64>) -> Result<Place> {
        let team = self.team(seat.n)?;
        let person = seat.n / self.teams.len().max(1) % DIFFERENT;
        let token = match seat.role {
            Role::Watch => team.mint.member(person)?,
            Role::Customer => team.mint.customer(person)?,
            Role::Send | Role::Publish => team.token.clone(),
        };
        let mut hello = json!({ "id": "hello", "op": "hello", "token": token });
        if let Some(hello) = hello.as_object_mut() {
            if seat.role == Role::Watch {
                // As the app does.
                hello.insert("topics".to_owned(), json!(["me", "inbox", "members"]));
            }
            if let Some(cursor) = cursor {
                hello.insert("cursor".to_owned(), json!(cursor));
            }
        }
        link.send(hello.to_string().as_bytes());
        let answer: Value = serde_json::from_slice(&link.next().await?)?;
        let at = |name: &str| answer.pointer(&format!("/data/{name}"));
        let head = at("cursor")
            .and_then(Value::as_u64)
            .with_context(|| answer.to_string())?;
        if cursor.is_some() && at("resumed") != Some(&Value::Bool(true)) {
            bail!("not resumed: {answer}");
        }
        Ok(Place {
            seq: cursor.unwrap_or(head),
            head,
            ..Place::default()
        })
    }
}

impl Server for Running {
    fn processes(&self) -> Vec<u32> {
        vec![self.process.borrow().id()]
    }

    fn upgrade(&self, _seat: Seat) -> Upgrade {
        Upgrade::new(self.port, "/ws")
    }

    fn join<'a>(&'a self, link: &'a Rc<Link>, seat: Seat) -> Later<'a, Place> {
        Box::pin(self.hello(link, seat, None))
    }

    fn resume<'a>(&'a self, link: &'a Rc<Link>, seat: Seat, from: &'a Place) -> Later<'a, Place> {
        Box::pin(self.hello(link, seat, Some(from.seq)))
    }

    fn restart(&self) -> Later<'_, ()> {
        Box::pin(async move {
            self.process.borrow_mut().kill();
            let log = self.needs.folder.path().join("restarted.log");
            let mut process = Process::start(
                self.binary.command(&self.needs, self.port),
                self.port,
                &log,
                self.needs.pinned,
            )?;
            process.accepting(&log).await?;
            drop(self.process.replace(process));
            Ok(())
        })
    }

    /// A signal: the shortest way from one session to all others. The conversation it names is the number.
    fn publish(&self, number: u64) -> Vec<u8> {
        let conversation = self.teams.first().map_or("", |team| team.conversation(number));
        // Only what changes is told.
        let mut said = self.said.borrow_mut();
        let is_on = said.entry(number).or_insert(false);
        *is_on = !*is_on;
        let text = json!({ "id": number, "op": "typing", "conversation_id": conversation, "on": *is_on });
        text.to_string().into_bytes()
    }

    fn post(&self, sender: usize, number: u64) -> Vec<u8> {
        // Each round goes through all teams, so a team's next message is in its next conversation.
        let round = number / u64::try_from(self.teams.len()).unwrap_or(1).max(1);
        let conversation = self.team(sender).map_or("", |team| team.conversation(round));
        let kind = if number.is_multiple_of(4) { "note" } else { "reply" };
        format!(
            r#"{{"id":{number},"op":"send","conversation_id":"{conversation}","kind":"{kind}","text":"Thank you, message {number} has come; we look into it and write again before the evening.","key":"00000000-0000-4000-8000-{number:012x}"}}"#
        )
        .into_bytes()
    }

    fn hear(&self, frame: &[u8]) -> Heard {
        frame::hear(frame, &self.numbers)
    }

    fn journal(&self) -> Later<'_, Option<Journal>> {
        Box::pin(async {
            let mut sum = Journal::default();
            for team in &self.teams {
                let client = Client {
                    port: self.port,
                    token: Some(&team.token),
                };
                let actors = client.get("/api/v1/live/actors").await?;
                let number = |name: &str| {
                    let value = actors.pointer(&format!("/journal/{name}"));
                    value.and_then(Value::as_u64).unwrap_or_default()
                };
                sum.written += number("written");
                sum.batches += number("batches");
            }
            Ok(Some(sum))
        })
    }
}
