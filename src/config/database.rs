//! Which PostgreSQL the server uses: one that others run, or its own.

use std::path::PathBuf;

use super::{Secret, settings::Settings};

/// `[database]`
#[derive(Debug, Clone)]
pub(crate) struct Database {
    /// A PostgreSQL that others run; without it the server runs its own. Also `DATABASE_URL`.
    pub url: Option<Secret>,
    /// Connections for requests.
    pub pool: usize,
    /// Where `initdb` and `postgres` are, when they are not found by themselves. Also `PG_BIN`.
    pub pg_bin: Option<PathBuf>,
}

impl Database {
    pub(super) fn read(from: &mut Settings) -> Self {
        Self {
            url: from.secret(
                "database.url",
                "an address such as postgres://user:password@host/name",
                1,
            ),
            pool: from.number("database.pool", 8, 1..=200),
            pg_bin: from.optional_path("database.pg_bin"),
        }
    }
}
