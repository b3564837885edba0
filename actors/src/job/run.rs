//! What carries a job out: takes its turn, goes step by step, and ends it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use kernel::{Caller, JobId, JobState};
use store::{StoreError, jobs};

use super::step::{Pace, Stepper, Stuck};
use super::{Job, JobEvent, Place};
use crate::Hub;
use crate::worker::Work;

/// A step that takes longer is not a step.
const PATIENCE: Duration = Duration::from_secs(60);

/// One job.
pub(crate) struct Running {
    hub: Hub,
    caller: Caller,
    id: JobId,
    steps: Option<(Box<dyn Stepper>, Pace)>,
}

/// What comes after something was done.
enum Next {
    GoOn(Box<jobs::Job>),
    /// Somebody else has changed the job.
    LookAgain,
    Rest(Option<Duration>),
}

impl Running {
    pub(crate) fn new(hub: Hub, caller: Caller, id: JobId) -> Self {
        let steps = None;
        Self { hub, caller, id, steps }
    }

    async fn run(&mut self) -> Result<Option<Duration>, String> {
        let mut next = Next::LookAgain;
        loop {
            if self.hub.is_stopping() {
                return Ok(None);
            }
            let job = match next {
                Next::GoOn(job) => *job,
                Next::LookAgain => match self.find().await {
                    Ok(job) => job,
                    Err(StoreError::NotFound) => return Ok(None),
                    Err(error) => return Err(error.to_string()),
                },
                Next::Rest(wait) => return Ok(wait),
            };
            next = self.go_on(job).await.map_err(|error| error.to_string())?;
        }
    }

    async fn find(&self) -> Result<jobs::Job, StoreError> {
        let store = self.hub.store();
        store.read(&self.caller, async |tx| jobs::find(tx, self.id).await).await
    }

    async fn go_on(&mut self, job: jobs::Job) -> Result<Next, StoreError> {
        match job.state {
            JobState::Finished | JobState::Failed | JobState::Cancelled => Ok(Next::Rest(None)),
            JobState::Waiting => self.begin(&job).await,
            JobState::Running if job.is_cancelling => self.end(&job, JobState::Cancelled, None).await,
            JobState::Running => self.step(job).await,
        }
    }

    /// Begins, if it is the job's turn. Whoever ends wakes the next ones.
    async fn begin(&self, job: &jobs::Job) -> Result<Next, StoreError> {
        let most = self.hub.config().jobs.per_tenant;
        let begun = self.hub.store().write(&self.caller, async |tx| {
            if !jobs::waiting(tx, job.is_quiet, most).await?.contains(&job.id) {
                return Ok(Next::Rest(None));
            }
            let Some(job) = jobs::begin(tx, job).await? else {
                return Ok(Next::LookAgain);
            };
            if !job.is_quiet {
                tx.announce(&JobEvent::JobStarted(Job::from(&job)));
            }
            Ok(Next::GoOn(Box::new(job)))
        });
        begun.await
    }

    async fn step(&mut self, job: jobs::Job) -> Result<Next, StoreError> {
        let Some(new) = self.hub.registry().find_job(&job.kind) else {
            let why = "this version of the server knows no jobs of this kind";
            return self.end(&job, JobState::Failed, Some(why)).await;
        };
        let Ok(_turn) = self.hub.job_turns().acquire().await else {
            return Ok(Next::Rest(None));
        };
        let (mut steps, mut pace) = match self.steps.take() {
            Some(steps) => steps,
            None => (new(self.hub.clone(), self.caller.clone()), Pace::of(&job)),
        };
        let step = AssertUnwindSafe(steps.step(&job, &mut pace)).catch_unwind();
        let outcome = match tokio::time::timeout(PATIENCE, step).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Stuck::Theirs("it crashed".into())),
            Err(_) => Err(Stuck::Theirs("a step took too long".into())),
        };
        match outcome {
            Ok(after) if after.state.is_over() => {
                self.wake_next(&after).await;
                Ok(Next::Rest(None))
            }
            Ok(after) => {
                self.steps = Some((steps, pace));
                Ok(Next::GoOn(Box::new(after)))
            }
            Err(Stuck::Moved) => Ok(Next::LookAgain),
            Err(Stuck::Elsewhere(why)) => Err(StoreError::Unreachable(why)),
            Err(Stuck::FileLost) => self.begin_anew(&job).await,
            Err(Stuck::Unreadable) => {
                let why = "this version of the server cannot read what was asked for";
                self.end(&job, JobState::Failed, Some(why)).await
            }
            Err(Stuck::Theirs(why)) => self.stumble(&job, &why).await,
        }
    }

    /// A step failed: it is tried again after a while, and in the end the job has failed.
    async fn stumble(&self, job: &jobs::Job, why: &str) -> Result<Next, StoreError> {
        tracing::warn!(tenant.id = %job.tenant_id, job.id = %job.id, kind = job.kind, why, "a step of a job failed");
        let tries = usize::try_from(job.attempts).unwrap_or(usize::MAX);
        let Some(wait) = self.hub.config().jobs.retries.get(tries) else {
            return self.end(job, JobState::Failed, Some(why)).await;
        };
        let noted = self.hub.store().write(&self.caller, async |tx| {
            let Some(after) = jobs::stumble(tx, job, why).await? else {
                return Ok(Next::LookAgain);
            };
            if !after.is_quiet {
                tx.announce(&JobEvent::JobProgressed(Job::from(&after)));
            }
            Ok(Next::Rest(Some(*wait)))
        });
        noted.await
    }

    async fn begin_anew(&self, job: &jobs::Job) -> Result<Next, StoreError> {
        tracing::warn!(tenant.id = %job.tenant_id, job.id = %job.id, "a job's file is lost; it begins anew");
        let anew = self.hub.store().write(&self.caller, async |tx| {
            let Some(after) = jobs::begin_anew(tx, job).await? else {
                return Ok(Next::LookAgain);
            };
            if !after.is_quiet {
                tx.announce(&JobEvent::JobProgressed(Job::from(&after)));
            }
            Ok(Next::GoOn(Box::new(after)))
        });
        anew.await
    }

    /// Ends a job that has not finished.
    async fn end(&self, job: &jobs::Job, state: JobState, reason: Option<&str>) -> Result<Next, StoreError> {
        let keep = self.hub.config().jobs.keep_files;
        let ended = self.hub.store().write(&self.caller, async |tx| {
            let ended = jobs::end(tx, job, state, reason, keep).await?;
            if let Some(ended) = &ended {
                let view = Job::from(ended);
                tx.announce(&match state {
                    JobState::Cancelled => JobEvent::JobCancelled(view),
                    _ => JobEvent::JobFailed(view),
                });
            }
            Ok::<_, StoreError>(ended)
        });
        let Some(ended) = ended.await? else {
            return Ok(Next::LookAgain);
        };
        let (tenant, job) = (ended.tenant_id, ended.id);
        self.hub.remove_file(Place { tenant, job }).await;
        self.wake_next(&ended).await;
        Ok(Next::Rest(None))
    }

    /// Wakes those whose turn it is now. If that fails, the next one that ends does it.
    async fn wake_next(&self, ended: &jobs::Job) {
        let most = self.hub.config().jobs.per_tenant;
        let store = self.hub.store();
        let next = store.read(&self.caller, async |tx| jobs::waiting(tx, ended.is_quiet, most).await);
        match next.await {
            Ok(next) => next.into_iter().for_each(|id| self.hub.wake_job(&self.caller, id)),
            Err(error) => tracing::warn!(tenant.id = %ended.tenant_id, %error, "the next job could not be woken"),
        }
    }
}

impl Work for Running {
    fn round(&mut self) -> LocalBoxFuture<'_, Result<Option<Duration>, String>> {
        // Whatever goes wrong, the next round begins with what the table says.
        Box::pin(self.run())
    }
}
