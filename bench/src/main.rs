#![doc = include_str!("../README.md")]

mod bare_server;
mod contender;
mod crowd;
mod machine;
mod measure;
mod options;
mod report;
mod run;
mod scenario;
mod wire;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use tokio::task::LocalSet;

#[derive(Parser)]
#[command(version, about = "Measures what the server carries")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run scenarios and say what they cost
    Run(Box<options::Options>),
    /// Be the server that does nothing but hand on frames
    #[command(hide = true)]
    BareServer { port: u16 },
}

fn main() -> ExitCode {
    match start(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::say::line(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn start(task: Task) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        match task {
            // Whoever is told to stop takes the servers along.
            Task::Run(options) => tokio::select! {
                ran = run::run(&options) => ran,
                stopped = machine::process::told_to_stop() => stopped,
            },
            Task::BareServer { port } => bare_server::serve(port).await,
        }
    })
}
