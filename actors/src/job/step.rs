//! One step of a job: the piece is done, its bytes are durable, and then its rows, the checkpoint and the event are
//! committed together.

use std::io::ErrorKind;

use futures_util::future::LocalBoxFuture;
use kernel::{Caller, Code, Fault, JobState};
use store::jobs::{self, Change};
use store::{StoreError, Tx};
use tokio::time::Instant;

use super::piece::short;
use super::{Job, JobEvent, Perform, Piece, Place, rules};
use crate::Hub;

/// Carries out the steps of one job, whatever its kind.
pub(crate) trait Stepper {
    fn step<'a>(&'a mut self, job: &'a jobs::Job, pace: &'a mut Pace) -> LocalBoxFuture<'a, Result<jobs::Job, Stuck>>;
}

pub(crate) type NewStepper = fn(Hub, Caller) -> Box<dyn Stepper>;

/// The steps of a kind of job.
pub(crate) fn stepper<P: Perform>(hub: Hub, caller: Caller) -> Box<dyn Stepper> {
    let perform = None::<P>;
    Box::new(Steps { hub, caller, perform })
}

/// Why a step did not count.
#[derive(Debug)]
pub(crate) enum Stuck {
    /// It is not the job's fault.
    Elsewhere(String),
    Theirs(String),
    /// What was asked for, or the checkpoint, means nothing to this version.
    Unreadable,
    /// The file is shorter than the checkpoint says.
    FileLost,
    /// Somebody else has changed the job.
    Moved,
}

impl From<StoreError> for Stuck {
    fn from(error: StoreError) -> Self {
        Self::of(&error)
    }
}

impl Stuck {
    /// What is internal stays inside.
    pub(super) fn of(fault: &impl Fault) -> Self {
        match fault.code() {
            Code::Unavailable => Self::Elsewhere(fault.to_string()),
            Code::Internal => {
                tracing::error!(error = kernel::fault::chain(&fault), "a step of a job failed");
                Self::Theirs("something went wrong on our side".into())
            }
            _ => Self::Theirs(short(&fault.to_string())),
        }
    }
}

/// How fast a job goes since it went on.
#[derive(Debug)]
pub(crate) struct Pace {
    began: Instant,
    done: i64,
    told: Instant,
}

impl Pace {
    pub(super) fn of(job: &jobs::Job) -> Self {
        let now = Instant::now();
        Self {
            began: now,
            done: job.done,
            told: now,
        }
    }
}

struct Steps<P> {
    hub: Hub,
    caller: Caller,
    perform: Option<P>,
}

impl<P: Perform> Steps<P> {
    async fn run(&mut self, job: &jobs::Job, pace: &mut Pace) -> Result<jobs::Job, Stuck> {
        let mut perform = match self.perform.take() {
            Some(perform) => perform,
            None => self.open(job).await?,
        };
        let checkpoint = job.checkpoint.as_deref().map(serde_json::from_str).transpose();
        let checkpoint = checkpoint.map_err(|error| unreadable(job, &error))?.unwrap_or_default();
        let mut piece = Piece::<P::Checkpoint>::new(checkpoint, job.done, job.total);
        perform.step(&mut piece).await.map_err(|error| Stuck::of(&error))?;
        let file = perform.file();
        let file_bytes = self.append(job, file.is_some(), &mut piece).await?;
        let now = Instant::now();
        let running = now - pace.began;
        let is_told = !job.is_quiet && rules::is_due(running, now - pace.told);
        let keep = self.hub.config().jobs.keep_files;
        let written = self.hub.store().write(&self.caller, async |tx| {
            perform.write(tx, &mut piece).await.map_err(|error| Stuck::of(&error))?;
            let left = piece.total.map(|total| total - piece.done);
            let change = Change {
                checkpoint: Some(serde_json::to_string(&piece.checkpoint).map_err(StoreError::from)?),
                done: piece.done,
                total: piece.total,
                remaining_seconds: left
                    .and_then(|left| rules::remaining_seconds(running, piece.done - pace.done, left)),
                failures: std::mem::take(&mut piece.failures),
                file,
                file_bytes,
            };
            let after = jobs::advance(tx, job, &change).await?.ok_or(Stuck::Moved)?;
            if piece.is_last {
                let ended = jobs::end(tx, &after, JobState::Finished, None, keep).await?;
                return announced(tx, ended.ok_or(Stuck::Moved)?, JobEvent::JobFinished);
            }
            if is_told {
                return announced(tx, after, JobEvent::JobProgressed);
            }
            Ok(after)
        });
        let after = written.await?;
        if is_told {
            pace.told = now;
        }
        // Only success is remembered.
        self.perform = Some(perform);
        Ok(after)
    }

    async fn open(&self, job: &jobs::Job) -> Result<P, Stuck> {
        let input = serde_json::from_str(&job.input).map_err(|error| unreadable(job, &error))?;
        let opened = P::open(&self.hub, &self.caller, input).await;
        opened.map_err(|error| Stuck::of(&error))
    }

    /// Adds the piece's bytes to the file, which may have none in the end; returns how many it has then.
    async fn append<C>(&self, job: &jobs::Job, has_file: bool, piece: &mut Piece<C>) -> Result<i64, Stuck> {
        let bytes = std::mem::take(&mut piece.bytes);
        if bytes.is_empty() && !(has_file && piece.is_last) {
            return Ok(job.file_bytes);
        }
        let (shelf, from) = (self.hub.config().jobs.shelf.clone(), job.file_bytes);
        let n = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let (tenant, id) = (job.tenant_id, job.id);
        let at = Place { tenant, job: id };
        let append = move || shelf.append(at, u64::try_from(from).unwrap_or(0), &bytes);
        match tokio::task::spawn_blocking(append).await {
            Ok(Ok(())) => Ok(from + n),
            Ok(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => Err(Stuck::FileLost),
            Ok(Err(error)) => Err(Stuck::Theirs(format!("the file could not be written: {error}"))),
            Err(stopped) => Err(Stuck::Elsewhere(stopped.to_string())),
        }
    }
}

impl<P: Perform> Stepper for Steps<P> {
    fn step<'a>(&'a mut self, job: &'a jobs::Job, pace: &'a mut Pace) -> LocalBoxFuture<'a, Result<jobs::Job, Stuck>> {
        Box::pin(self.run(job, pace))
    }
}

fn announced(tx: &mut Tx<'_>, job: jobs::Job, event: fn(Job) -> JobEvent) -> Result<jobs::Job, Stuck> {
    tx.announce(&event(Job::from(&job)));
    Ok(job)
}

fn unreadable(job: &jobs::Job, error: &serde_json::Error) -> Stuck {
    tracing::error!(tenant.id = %job.tenant_id, job.id = %job.id, kind = job.kind, %error, "a job means nothing to this version");
    Stuck::Unreadable
}
