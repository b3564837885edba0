//! Switchboard: one live hub for a business. This is where its parts are put together.

mod assets;
mod command;
mod config;
mod contract;
mod database;
mod demo;
mod doctor;
mod http;
mod registration;
mod server;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// Every message is many small allocations, on one thread and freed on another.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let line = command::Line::parse();
    actix::System::new().block_on(async move {
        command::run(line).await.unwrap_or_else(|error| {
            // The log may not be set up yet, and this is for the person at the terminal.
            let mut text = format!("switchboard: {error}");
            for cause in error.chain().skip(1) {
                text = format!("{text}\n  because: {cause}");
            }
            command::complain(&text);
            ExitCode::FAILURE
        })
    })
}
