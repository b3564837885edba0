//! Fills the server's database with years of work in minutes, past the server and its checks.

use std::path::Path;

use anyhow::{Context, Result};
use tokio_postgres::NoTls;

const PREPARE: &str = include_str!("seed/prepare.sql");
const TENANT: &str = include_str!("seed/tenant.sql");
const FINISH: &str = include_str!("seed/finish.sql");
/// Messages of each conversation.
pub(crate) const MESSAGES: usize = 5;
pub(crate) const AGENTS: usize = 10;
/// Everyone's: the first tenant's owner lends it.
pub(crate) const PASSWORD: &str = "a long enough password";

/// What to fill in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) tenants: usize,
    /// Of each tenant.
    pub(crate) conversations: usize,
}

/// The address of an agent: tenants count from 1, agents from 0.
pub(crate) fn address(tenant: usize, agent: usize) -> String {
    format!("agent-{tenant}-{agent}@bench.example")
}

/// Adds tenants beside that of `owner`, as the administrator of the database behind a socket.
pub(crate) async fn fill(socket: &Path, owner: &str, size: Size) -> Result<()> {
    let settings = format!("host={} user=postgres dbname=switchboard", socket.display());
    let (client, connection) = tokio_postgres::connect(&settings, NoTls)
        .await
        .with_context(|| socket.display().to_string())?;
    // It ends when its client goes.
    let _talking = tokio::spawn(connection);
    client.batch_execute(&format!("SET seed.owner = '{owner}'")).await?;
    client.batch_execute(PREPARE).await?;
    for tenant in 1..=size.tenants {
        let Size { conversations, .. } = size;
        let settings = format!(
            "SET seed.tenant = {tenant}; SET seed.conversations = {conversations}; SET seed.messages = {MESSAGES}"
        );
        client.batch_execute(&settings).await?;
        client.batch_execute(&format!("BEGIN; {TENANT}; COMMIT")).await?;
    }
    client.batch_execute(FINISH).await?;
    client.batch_execute("VACUUM ANALYZE").await?;
    client.batch_execute("CHECKPOINT").await?;
    Ok(())
}
