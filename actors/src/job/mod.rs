//! Jobs: long work that goes on from its own checkpoint, whatever happened to the server.
//!
//! A job is a row. A worker carries it out step by step (`run`); what a kind of job does is a `Perform`. Each step is one
//! transaction with its checkpoint; bytes of its file are durable before that (`shelf`).

mod error;
mod event;
mod model;
mod piece;
mod rules;
mod run;
mod shelf;
mod start;
mod step;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use kernel::{Caller, Fault, FileKind, Permission};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{StoreError, Tx};

use crate::Hub;

pub use error::JobError;
pub use event::JobEvent;
pub use model::{Job, JobFailure, JobFile};
pub use piece::Piece;
pub use shelf::{Folder, Place, Shelf};
pub use start::start;

pub(crate) use run::Running;
pub(crate) use step::{NewStepper, stepper};

/// The kind of work that carries jobs out.
pub(crate) const WORK: &str = "job";

/// A kind of long work.
pub trait Perform: Sized + 'static {
    /// `noun.verb`: its name in the table and on the screen.
    const KIND: &'static str;
    /// Who may have its file, besides being the one who started it or managing jobs.
    const FILE_NEEDS: Option<Permission> = None;
    /// Upkeep: nobody is told of it unless it fails.
    const IS_QUIET: bool = false;
    /// What is asked for, checked.
    type Input: Serialize + DeserializeOwned;
    /// Where the next step begins. The first one begins with the default.
    type Checkpoint: Serialize + DeserializeOwned + Default;
    type Error: Fault + From<StoreError>;

    /// Reads what it needs to know, at the beginning and after every interruption.
    fn open(hub: &Hub, caller: &Caller, input: Self::Input) -> impl Future<Output = Result<Self, Self::Error>>;

    /// The name and the kind of its file, if it makes one.
    fn file(&self) -> Option<(String, FileKind)> {
        None
    }

    /// Does a bounded piece of the work, outside of any transaction. The same piece may be done again.
    fn step(&mut self, piece: &mut Piece<Self::Checkpoint>) -> impl Future<Output = Result<(), Self::Error>> {
        let _ = piece;
        async { Ok(()) }
    }

    /// Writes the rows of the piece, in one transaction with its checkpoint: this happens once.
    fn write(
        &mut self,
        tx: &mut Tx<'_>,
        piece: &mut Piece<Self::Checkpoint>,
    ) -> impl Future<Output = Result<(), Self::Error>> {
        let _ = (tx, piece);
        async { Ok(()) }
    }
}

/// How jobs are carried out.
#[derive(Clone)]
pub struct JobConfig {
    /// So many jobs of a tenant run at once, and as many of its upkeep; the others wait for their turn.
    pub per_tenant: i64,
    /// So many steps are done at once, of all tenants.
    pub steps: usize,
    /// How long a job waits before it tries a step again that failed; then it has failed.
    pub retries: Vec<Duration>,
    /// How long files are kept.
    pub keep_files: TimeDelta,
    /// Where files are.
    pub shelf: Arc<dyn Shelf>,
}

impl Default for JobConfig {
    fn default() -> Self {
        Self {
            per_tenant: 2,
            steps: 4,
            retries: [1, 5, 30].map(Duration::from_secs).into(),
            keep_files: TimeDelta::days(7),
            shelf: Arc::new(Folder::new("data/jobs")),
        }
    }
}

impl fmt::Debug for JobConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobConfig").finish_non_exhaustive()
    }
}
