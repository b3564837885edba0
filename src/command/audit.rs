//! `switchboard audit verify`: walks every tenant's log and says whether it is whole.

use std::process::ExitCode;

use clap::Subcommand;
use kernel::{Caller, TenantId};
use store::audit::Verdict;

use super::say;
use crate::config::Config;
use crate::database;

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Check that no event is missing or was changed
    Verify,
}

pub(super) async fn run(config: &Config, command: AuditCommand) -> anyhow::Result<ExitCode> {
    let AuditCommand::Verify = command;
    let database = database::open(config).await?;
    let store = database.store(config)?;
    let everyone = Caller::system(TenantId(uuid::Uuid::nil()), "audit");
    let mut outcome = ExitCode::SUCCESS;
    for (id, slug) in store.tenants(&everyone).await? {
        match store.verify_log(&Caller::system(TenantId(id), "audit")).await? {
            Verdict::Whole { events, erased } => say(&format!("{slug}: whole, {events} events, {erased} erased")),
            Verdict::Broken { seq, why } => {
                say(&format!("{slug}: BROKEN at event {seq}: {why}"));
                outcome = ExitCode::FAILURE;
            }
        }
    }
    database.close().await;
    Ok(outcome)
}
