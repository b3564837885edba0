//! The database, as the rest of the server meets it: started, killed, migrated, walled.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod embedded;
mod error;
mod migrate;
mod outbox;
mod pool;
mod rls;
mod roles;
mod sheet;
mod sql;
