//! Who and what there is in the demo shop before anything happens. What is there already stays as it is.

use actors::Hub;
use anyhow::Context;
use api::Seal;
use connectors::web_chat::WebChatSettings;
use identity::member::{self, MemberError, NewMember};
use identity::tenant::{self, NewTenant};
use inbox::channel::{self, Channel, ChannelError, ChannelKind, NewChannel};
use inbox::label::{self, Label, LabelError, NewLabel};
use kernel::{Caller, Permissions, TenantId, Who};

use super::stories::LABELS;
use super::told;

pub(super) const SLUG: &str = "northwind-outfitters";
pub(super) const PASSWORD: &str = "switchboard-demo";
/// The owner first.
pub(super) const TEAM: [(&str, &str); 3] = [
    ("Maya Lindqvist", "maya@demo.example"),
    ("Tom Okafor", "tom@demo.example"),
    ("Ines Duarte", "ines@demo.example"),
];

pub(super) struct Cast {
    pub(super) tenant: TenantId,
    pub(super) team: Vec<Caller>,
    pub(super) channel: Channel,
    pub(super) labels: Vec<Label>,
}

impl Cast {
    /// Finds those who are there, and makes the others.
    pub(super) async fn gather(hub: &Hub, seal: &Seal) -> anyhow::Result<Self> {
        let tenant = match member::tenant_by_slug(hub.store(), SLUG).await {
            Ok(tenant) => tenant,
            Err(MemberError::NoSuchTenant) => sign_up(hub).await?,
            Err(error) => return Err(told(error)),
        };
        let system = Caller::system(tenant, "demo");
        let mut team = vec![];
        for (name, email) in TEAM {
            team.push(colleague(hub, &system, name, email).await?);
        }
        Ok(Self {
            tenant,
            team,
            channel: website(hub, seal, &system).await?,
            labels: labels(hub, &system).await?,
        })
    }

    pub(super) fn member(&self, n: usize) -> anyhow::Result<&Caller> {
        self.team.get(n).context("someone of the team")
    }
}

async fn sign_up(hub: &Hub) -> anyhow::Result<TenantId> {
    let (name, email) = TEAM[0];
    let new = NewTenant {
        company: "Northwind Outfitters".into(),
        name: name.into(),
        email: email.into(),
        password: PASSWORD.into(),
    };
    Ok(tenant::create(hub.store(), new).await.map_err(told)?.tenant)
}

async fn colleague(hub: &Hub, system: &Caller, name: &str, email: &str) -> anyhow::Result<Caller> {
    let store = hub.store();
    let before = store.read(system, async |tx| member::find_by_email(tx, email).await);
    let id = match before.await? {
        Some(id) => id,
        None => {
            let new = NewMember {
                name: name.into(),
                email: email.into(),
                password: PASSWORD.into(),
                role: "agent".into(),
            };
            member::create(store, system, new).await.map_err(told)?
        }
    };
    Ok(Caller {
        tenant: system.tenant,
        who: Who::User(id),
        name: name.into(),
        permissions: Permissions::all(),
        cause: None,
    })
}

async fn website(hub: &Hub, seal: &Seal, system: &Caller) -> anyhow::Result<Channel> {
    let settings = WebChatSettings {
        title: "Hello from Northwind".into(),
        greeting: "Questions about gear, sizes or your order? We are happy to help.".into(),
        ..WebChatSettings::default()
    };
    let new = NewChannel {
        kind: ChannelKind::WebChat,
        name: "Website".into(),
        settings,
    };
    let made = hub
        .store()
        .write(system, async |tx| match channel::list(tx).await?.into_iter().next() {
            Some(before) => Ok(before),
            None => channel::create(tx, seal, new).await,
        });
    made.await.map_err(|error: ChannelError| told(error))
}

async fn labels(hub: &Hub, system: &Caller) -> anyhow::Result<Vec<Label>> {
    let made = hub.store().write(system, async |tx| {
        let before = label::list(tx).await?;
        let mut labels = vec![];
        for (name, color) in LABELS {
            let new = NewLabel {
                name: name.into(),
                color,
            };
            labels.push(match before.iter().find(|label| label.name == name) {
                Some(label) => label.clone(),
                None => label::create(tx, &new).await?,
            });
        }
        Ok(labels)
    });
    made.await.map_err(|error: LabelError| told(error))
}
