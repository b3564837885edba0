//! `switchboard tenant create` and `switchboard user create`.

use anyhow::Context;
use clap::Subcommand;
use identity::member::{self, NewMember};
use identity::tenant::{self, NewTenant};
use kernel::{Caller, Fault};
use store::Store;

use super::say;
use crate::config::Config;
use crate::database;

#[derive(Subcommand)]
pub(crate) enum TenantCommand {
    /// Make a tenant and its owner
    Create {
        /// The name of the business
        #[arg(long)]
        company: String,
        #[command(flatten)]
        person: Person,
    },
}

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Make a person who can sign in, as a member of a tenant
    Create {
        /// The tenant's short name
        #[arg(long)]
        tenant: String,
        /// owner, admin, agent, viewer or guest
        #[arg(long, default_value = "agent")]
        role: String,
        #[command(flatten)]
        person: Person,
    },
}

#[derive(clap::Args)]
pub(crate) struct Person {
    #[arg(long)]
    name: String,
    #[arg(long)]
    email: String,
    /// At least 10 characters; read from the variable so that it does not stay in the shell's history
    #[arg(long, env = "SWITCHBOARD_PASSWORD", hide_env_values = true)]
    password: String,
}

pub(super) async fn tenant(config: &Config, command: TenantCommand) -> anyhow::Result<()> {
    let TenantCommand::Create { company, person } = command;
    let Person { name, email, password } = person;
    with_store(config, async |store| {
        let created = tenant::create(
            store,
            NewTenant {
                company,
                name,
                email: email.clone(),
                password,
            },
        )
        .await;
        let created = created.map_err(told)?;
        say(&format!("tenant {} made; {email} owns it", created.slug));
        Ok(())
    })
    .await
}

pub(super) async fn user(config: &Config, command: UserCommand) -> anyhow::Result<()> {
    let UserCommand::Create { tenant, role, person } = command;
    let Person { name, email, password } = person;
    with_store(config, async |store| {
        let id = member::tenant_by_slug(store, &tenant).await.map_err(told)?;
        let caller = Caller::system(id, "command-line");
        let new = NewMember {
            name,
            email: email.clone(),
            password,
            role: role.clone(),
        };
        member::create(store, &caller, new).await.map_err(told)?;
        say(&format!("{email} is {role} of {tenant}"));
        Ok(())
    })
    .await
}

async fn with_store(config: &Config, work: impl AsyncFnOnce(&Store) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let (database, _) = database::open_and_migrate(config).await.context("the database")?;
    let store = database.store(config)?;
    let outcome = work(&store).await;
    drop(store);
    database.close().await;
    outcome
}

/// A fault with all that is wrong with its fields.
fn told(fault: impl Fault) -> anyhow::Error {
    let fields: Vec<_> = fault
        .fields()
        .iter()
        .map(|field| format!("{} {}", field.field, field.message))
        .collect();
    if fields.is_empty() {
        anyhow::anyhow!("{fault}")
    } else {
        anyhow::anyhow!("{fault}: {}", fields.join("; "))
    }
}
