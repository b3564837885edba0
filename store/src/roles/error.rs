//! Why the roles could not be brought about.

use std::path::PathBuf;

/// What went wrong with the database's roles.
#[derive(Debug, thiserror::Error)]
pub enum RolesError {
    #[error("the database cannot be reached: {0}")]
    Connect(diesel::ConnectionError),
    #[error("the database refused a question: {0}")]
    Database(#[from] diesel::result::Error),
    #[error("the database {0:?} does not exist; create it, or name another in DATABASE_URL")]
    NoDatabase(String),
    #[error(
        "the database's roles are not as they must be, and this login may not change them ({reason}); \
         let an administrator run this in the database, then start again:\n\n{sql}\n"
    )]
    Refused { reason: String, sql: String },
    #[error("not a database address: {0}; it looks like postgres://user:password@host:5432/database")]
    Address(&'static str),
    #[error("cannot keep the database's passwords in {path}: {reason}", path = path.display())]
    Passwords { path: PathBuf, reason: String },
}
