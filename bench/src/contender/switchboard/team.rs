//! The people and conversations that a scenario finds.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::mint::Mint;
use crate::contender::Scene;
use crate::wire::http::Client;

/// Requests of one team's preparation that are under way together.
const TOGETHER: usize = 64;

/// One tenant.
#[derive(Debug, Clone)]
pub(super) struct Team {
    pub(super) token: String,
    pub(super) mint: Mint,
    pub(super) conversations: Vec<String>,
}

impl Team {
    /// The conversation that a number falls on.
    pub(super) fn conversation(&self, number: u64) -> &str {
        let index = usize::try_from(number).unwrap_or_default() % self.conversations.len().max(1);
        self.conversations.get(index).map_or("", String::as_str)
    }
}

/// Makes the tenants and their conversations.
pub(super) async fn prepare(folder: &Path, port: u16, scene: Scene) -> Result<Vec<Team>> {
    let each = scene.conversations.div_ceil(scene.tenants.max(1));
    let mut teams = Vec::with_capacity(scene.tenants);
    for n in 0..scene.tenants.max(1) {
        teams.push(make(folder, port, n, each).await?);
    }
    Ok(teams)
}

async fn make(folder: &Path, port: u16, n: usize, conversations: usize) -> Result<Team> {
    let nobody = Client { port, token: None };
    let company = json!({
        "company": format!("Company {n}"), "name": "Ada", "email": format!("ada{n}@bench.example"),
        "password": "a long enough password",
    });
    let signed_in = nobody.post("/api/v1/identity/tenants", &company).await?;
    let token = text(&signed_in, "access_token")?;
    let owner = Client {
        port,
        token: Some(&token),
    };
    let channel = json!({ "kind": "web_chat", "name": "Website", "settings": {} });
    let channel = owner.post("/api/v1/inbox/channels", &channel).await?;
    let tenant = signed_in.pointer("/me/tenant").unwrap_or(&Value::Null);
    let (tenant, way) = (text(tenant, "id")?.parse()?, text(&channel, "id")?.parse()?);
    let mint = Mint::open(folder, port, tenant, way).await?;
    let visit = json!({ "key": text(&channel, "key")? });
    let visitor = text(&nobody.post("/api/v1/widget/visits", &visit).await?, "token")?;
    let mut starting = JoinSet::new();
    let mut ids = Vec::with_capacity(conversations);
    for _ in 0..conversations {
        if starting.len() >= TOGETHER {
            ids.push(finished(&mut starting).await?);
        }
        starting.spawn_local(begin(port, visitor.clone()));
    }
    while !starting.is_empty() {
        ids.push(finished(&mut starting).await?);
    }
    Ok(Team {
        token,
        mint,
        conversations: ids,
    })
}

async fn finished(starting: &mut JoinSet<Result<String>>) -> Result<String> {
    starting.join_next().await.context("nothing starts")??
}

async fn begin(port: u16, visitor: String) -> Result<String> {
    let client = Client {
        port,
        token: Some(&visitor),
    };
    let body = json!({ "text": "Good morning, I have a question.", "key": uuid::Uuid::now_v7() });
    let started = client.post("/api/v1/widget/messages", &body).await?;
    text(started.pointer("/conversation").unwrap_or(&Value::Null), "id")
}

fn text(value: &Value, name: &str) -> Result<String> {
    let text = value.get(name).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no {name} in {value}"))?.to_owned())
}
