#![doc = include_str!("../README.md")]

pub mod audit;
pub mod embedded;
mod error;
pub mod followers;
pub mod idempotency;
pub mod jobs;
pub mod log;
pub mod migrate;
pub mod outbox;
pub mod past;
mod pool;
pub mod rls;
pub mod roles;
#[rustfmt::skip]
pub mod schema;
mod sheet;
mod statement;
pub mod sweep;
pub mod testing;
pub mod timers;
mod tx;
mod urls;
pub mod vitals;
mod write;

#[doc(hidden)]
pub use diesel;
pub use error::StoreError;
pub use sheet::{Scribe, Sheet};
#[doc(hidden)]
pub use statement::places;
pub use tx::Tx;
pub use urls::DatabaseUrls;
pub use write::{Announce, Committed, Store, StoreConfig};
