//! The command line.

mod audit;
mod people;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigArgs};
use crate::{contract, database, doctor, server, telemetry};

/// One live hub for a business: every customer conversation in one inbox
#[derive(Parser)]
#[command(version)]
pub(crate) struct Line {
    #[command(flatten)]
    settings: ConfigArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve {
        /// Make a demo tenant at the first start, and say how to sign in
        #[arg(long)]
        demo: bool,
        /// Show the settings as they were understood, and stop
        #[arg(long)]
        check: bool,
    },
    /// Bring the database to this version
    Migrate,
    /// Check everything the server needs, and say what to do
    Doctor,
    /// Work with tenants
    #[command(subcommand)]
    Tenant(people::TenantCommand),
    /// Work with the people who sign in
    #[command(subcommand)]
    User(people::UserCommand),
    /// Work with the log
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Write the API's description to openapi.json, and what can happen to docs/events.md
    Contract,
}

/// Carries out a command line.
pub(crate) async fn run(line: Line) -> anyhow::Result<ExitCode> {
    if matches!(line.command, Command::Contract) {
        contract::write(Path::new("."))?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::load(&line.settings)?;
    match line.command {
        Command::Serve { check: true, .. } => {
            config.understood.iter().for_each(|setting| say(&setting.to_string()));
        }
        Command::Serve { demo, .. } => {
            telemetry::start(&config.log)?;
            server::serve(config, demo).await?;
        }
        Command::Migrate => {
            let (database, applied) = database::open_and_migrate(&config).await?;
            say(&format!("{} migrations applied", applied.len()));
            applied.iter().for_each(|name| say(&format!("  {name}")));
            database.close().await;
        }
        Command::Doctor => {
            let report = doctor::run(&config).await;
            say(&report.to_string());
            return Ok(ExitCode::from(report.exit_code()));
        }
        Command::Tenant(command) => people::tenant(&config, command).await?,
        Command::User(command) => people::user(&config, command).await?,
        Command::Audit(command) => return audit::run(&config, command).await,
        Command::Contract => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Speaks to the person at the terminal.
pub(crate) fn say(text: &str) {
    // Whoever listens may have heard enough: `switchboard doctor | head`.
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// Tells the person at the terminal what went wrong.
pub(crate) fn complain(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}
