//! Where the demo shop would send what happens. Both are paused: nothing leaves the house, and what waits can be seen.

use actors::Hub;
use api::Seal;
use egress::Egress;
use kernel::Caller;
use webhooks::webhook::{self, NewWebhook, Pattern, WebhookError};

use super::cast::Cast;
use super::told;

const WEBHOOKS: [(&str, &str, &[&str]); 2] = [
    (
        "Order system",
        "https://orders.northwind.example/switchboard",
        &["conversation.started", "message.*"],
    ),
    (
        "Weekly report",
        "https://reports.northwind.example/conversations",
        &["conversation.resolved", "conversation.assigned", "conversation.labeled"],
    ),
];

/// Makes them where there are none yet.
pub(super) async fn make(hub: &Hub, seal: &Seal, egress: &Egress, cast: &Cast) -> anyhow::Result<()> {
    let system = Caller::system(cast.tenant, "demo");
    let made = hub.store().write(&system, async |tx| {
        if !webhook::list(tx).await?.is_empty() {
            return Ok(());
        }
        for (name, url, patterns) in WEBHOOKS {
            let new = NewWebhook {
                name: name.into(),
                url: url.into(),
                patterns: patterns.iter().map(|pattern| Pattern((*pattern).into())).collect(),
                at_once: None,
            };
            let made = webhook::create(tx, seal, egress, &new).await?;
            webhook::pause(tx, egress, made.webhook.id).await?;
        }
        Ok(())
    });
    made.await.map_err(|error: WebhookError| told(error))
}
