//! A server full of people and their conversations, and agents who are signed in.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Stage;
use crate::contender::{Ability, Contender, Role, Scene, Seat};
use crate::options::Options;
use crate::seed::{self, Size};
use crate::wire::http::Client;
use crate::wire::keep::{Ask, Kept};

/// Who was made first, through the server.
const OWNER: &str = "ada0@bench.example";
const SCENE: Scene = Scene {
    ability: Ability::Idle,
    tenants: 1,
    conversations: 0,
};

/// A server, filled.
pub(super) struct Town {
    pub(super) port: u16,
    pub(super) people: Vec<Person>,
    _stage: Stage,
}

/// An agent, and what they have before them.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) token: String,
    pub(super) channel: String,
    pub(super) contact: String,
    /// Conversations that are open.
    open: Vec<String>,
    /// The cursor of the second page.
    pub(super) next: String,
}

impl Person {
    /// One of those that are open.
    pub(super) fn conversation(&self, n: usize) -> &str {
        self.open.get(n % self.open.len().max(1)).map_or("", String::as_str)
    }
}

impl Town {
    /// Fills a server, and signs one agent of each tenant in; of ten tenants one is someone who has read everything.
    pub(super) async fn fill(options: &Options, contender: &dyn Contender, size: Size) -> Result<Self> {
        let stage = Stage::set(options, contender, SCENE).await?;
        let port = stage
            .server
            .upgrade(Seat {
                role: Role::Watch,
                n: 0,
            })
            .port;
        seed::fill(&stage.folder().join("postgres/socket"), OWNER, size).await?;
        let mut people = Vec::with_capacity(size.tenants);
        for tenant in 1..=size.tenants {
            people.push(sign_in(port, &seed::address(tenant, tenant % seed::AGENTS)).await?);
        }
        Ok(Self {
            port,
            people,
            _stage: stage,
        })
    }
}

async fn sign_in(port: u16, email: &str) -> Result<Person> {
    let nobody = Client { port, token: None };
    let credentials = json!({ "email": email, "password": seed::PASSWORD });
    let signed_in = nobody.post("/api/v1/identity/login", &credentials).await?;
    let token = text(&signed_in, "/access_token")?;
    let told = Kept::open(port)
        .await?
        .ask(&token, &Ask::get("/inbox/conversations"))
        .await?;
    let list: Value = serde_json::from_slice(&told.body)?;
    let items = list.get("items").and_then(Value::as_array).context("no items")?;
    let open: Result<Vec<String>> = items.iter().map(|item| text(item, "/conversation/id")).collect();
    Ok(Person {
        token,
        channel: text(&list, "/items/0/conversation/channel_id")?,
        contact: text(&list, "/items/0/conversation/contact/id")?,
        open: open?,
        next: text(&list, "/next")?,
    })
}

fn text(value: &Value, at: &str) -> Result<String> {
    let text = value.pointer(at).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no {at}"))?.to_owned())
}
