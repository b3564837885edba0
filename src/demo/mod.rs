//! The demo tenant: a small shop with a team and a handful of lively conversations, made at the first start. A start that
//! was cut short is finished by the next one.

mod cast;
mod stories;
mod tell;
mod webhooks;

use actors::Hub;
use anyhow::anyhow;
use api::Seal;
use egress::Egress;
use inbox::export::{ExportConversations, Format, NewExport};
use kernel::{Caller, Fault};

use cast::{Cast, PASSWORD, TEAM};

/// Makes what is missing of the demo tenant, and returns how to get in.
pub(crate) async fn prepare(hub: &Hub, seal: &Seal, egress: &Egress, url: &str) -> anyhow::Result<String> {
    let cast = Cast::gather(hub, seal).await?;
    webhooks::make(hub, seal, egress, &cast).await?;
    for story in stories::stories() {
        story.tell(hub, &cast).await?;
    }
    export(hub, cast.member(0)?).await?;
    let key = &cast.channel.key;
    let [(_, owner), (_, tom), (_, ines)] = TEAM;
    Ok(format!(
        "\n  Switchboard is ready\n\n    Inbox        {url}\n    Sign in as   {owner} (or {tom}, {ines})\n    Password     {PASSWORD}\n    Widget test  {url}/widget-test?key={key}\n    API          {url}/api/docs\n"
    ))
}

/// Something lies in the owner's tray.
async fn export(hub: &Hub, owner: &Caller) -> anyhow::Result<()> {
    let all = NewExport {
        format: Format::Csv,
        status: None,
        channel_id: None,
        label_id: None,
        since: None,
        until: None,
        with_notes: false,
    };
    let started = hub.start_job::<ExportConversations>(owner, &all, Some("demo")).await;
    started.map(drop).map_err(told)
}

fn told(fault: impl Fault + 'static) -> anyhow::Error {
    anyhow!("{fault}")
}
