//! Runs a command against a freshly migrated database, which it finds in `DATABASE_URL`.
//!
//! `cargo run -p store --example migrated -- diesel print-schema`

use std::{env, error::Error, process::Command};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let program = words.next().ok_or("name a command")?;
    let database = store::testing::database().await?;
    let status = Command::new(program)
        .args(words)
        .env("DATABASE_URL", &database.urls.admin)
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(status.to_string().into())
}
