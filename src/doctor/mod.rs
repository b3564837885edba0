//! `switchboard doctor`: looks at everything the server needs and says what to do about the rest.
//!
//! It changes nothing, except that a database of our own which does not run is run meanwhile.

mod database;
mod report;
mod storage;
mod surroundings;

use crate::config::Config;

pub(crate) use report::Report;

/// Examines the machine, the data folder and the database.
pub(crate) async fn run(config: &Config) -> Report {
    let mut report = Report::default();
    storage::examine(config, &mut report);
    surroundings::examine_port(config, &mut report).await;
    database::examine(config, &mut report).await;
    report
}
