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
mod seed;
mod wire;

use std::path::PathBuf;
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
    /// Draw the charts of a result, and print it as a table
    Chart {
        /// The result; the committed one by default
        result: Option<PathBuf>,
        /// Where the charts go
        #[arg(long)]
        into: Option<PathBuf>,
    },
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
            Task::Chart { result, into } => chart(result, into),
            Task::BareServer { port } => bare_server::serve(port).await,
        }
    })
}

fn chart(result: Option<PathBuf>, into: Option<PathBuf>) -> Result<()> {
    let result = result.unwrap_or_else(|| options::root().join("bench/results/latest.json"));
    let into = into.unwrap_or_else(|| options::root().join("docs/performance"));
    let outcome = report::Outcome::read(&result)?;
    for name in report::chart::draw(&outcome, &into)? {
        report::say::line(&format!("drew {}", into.join(name).display()));
    }
    report::say::line(&report::table(&outcome));
    Ok(())
}
