//! What is asked of jobs: to be made, to be cancelled, to be gone.

use chrono::TimeDelta;
use kernel::{Caller, JobId, JobState, Permission, TenantId};
use store::jobs::{self, NewJob};
use store::sweep::Dust;
use store::{StoreError, Tx};
use uuid::Uuid;

use super::{Job, JobError, JobEvent, Perform, Place, WORK};
use crate::Hub;

/// So many jobs of one tenant may wait or run.
const MOST: i64 = 100;

/// Makes a job, in a transaction with whatever else. After the commit `hub.wake_job` lets it begin. The same key is the
/// same job.
pub async fn start<P: Perform>(tx: &mut Tx<'_>, input: &P::Input, key: Option<&str>) -> Result<Job, JobError> {
    let new = NewJob {
        kind: P::KIND,
        key: key.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned),
        input: serde_json::to_string(input).map_err(JobError::Unwritable)?,
        is_quiet: P::IS_QUIET,
    };
    let (row, is_new) = jobs::insert(tx, &new).await?;
    if is_new && jobs::n_to_do(tx).await? > MOST {
        return Err(JobError::TooMany(MOST));
    }
    let job = Job::from(&row);
    if is_new && !row.is_quiet {
        tx.announce(&JobEvent::JobCreated(job.clone()));
    }
    Ok(job)
}

impl Hub {
    /// Makes a job and lets it begin. The same key of the same caller is the same job.
    pub async fn start_job<P: Perform>(
        &self,
        caller: &Caller,
        input: &P::Input,
        key: Option<&str>,
    ) -> Result<Job, JobError> {
        let key = key.map(|key| format!("{} {key}", caller.who));
        let job = self
            .store()
            .write(caller, async |tx| start::<P>(tx, input, key.as_deref()).await)
            .await?;
        self.wake_job(caller, job.id);
        Ok(job)
    }

    /// Says that there is something to do for a job.
    pub fn wake_job(&self, caller: &Caller, id: JobId) {
        self.wake(caller, WORK, id.0);
    }

    /// Has a job cancelled: at once if it waits, else before its next step counts, the last one included.
    pub async fn cancel_job(&self, caller: &Caller, id: JobId) -> Result<Job, JobError> {
        let most = self.config().jobs.per_tenant;
        let (job, next) = self
            .store()
            .write(caller, async |tx| {
                let job = cancel(tx, id).await?;
                // Behind one that waited there may be others, whose turn it is now.
                let next = jobs::waiting(tx, job.is_quiet, most).await?;
                Ok::<_, JobError>((job, next))
            })
            .await?;
        for id in next {
            self.wake_job(caller, id);
        }
        Ok(job)
    }

    /// Takes a job that is over out of the list, with its file.
    pub async fn delete_job(&self, caller: &Caller, id: JobId) -> Result<(), JobError> {
        self.store()
            .write(caller, async |tx| {
                let row = jobs::find(tx, id).await?;
                if !row.state.is_over() {
                    return Err(JobError::NotOver);
                }
                jobs::delete(tx, id).await?;
                let started_by = row.started_by;
                tx.announce(&JobEvent::JobDeleted { id, started_by });
                Ok(())
            })
            .await?;
        let (tenant, job) = (caller.tenant, id);
        self.remove_file(Place { tenant, job }).await;
        Ok(())
    }

    /// The right that the file of a kind of job needs.
    #[must_use]
    pub fn file_needs(&self, kind: &str) -> Option<Permission> {
        self.registry().file_needs(kind)
    }

    /// What modules sweep up.
    #[must_use]
    pub fn dust(&self) -> &[Dust] {
        self.registry().all_dust()
    }

    /// Removes a file. If that fails, the next sweep does it.
    pub async fn remove_file(&self, at: Place) {
        let shelf = self.config().jobs.shelf.clone();
        let removed = tokio::task::spawn_blocking(move || shelf.remove(at)).await;
        if let Ok(Err(error)) = removed {
            tracing::warn!(tenant.id = %at.tenant, job.id = %at.job, %error, "a job's file could not be removed");
        }
    }

    /// Wakes the jobs that were not done when the server stopped.
    pub async fn wake_jobs(&self) -> Result<(), StoreError> {
        for (tenant, id) in self.store().jobs_to_do().await? {
            self.wake_job(&Caller::system(tenant, "hub"), id);
            // Not all tenants in the same moment.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Wakes the jobs of a tenant that woke up.
    pub(crate) fn look_for_jobs(&self, tenant: TenantId) {
        if self.registry().has_no_jobs() {
            return;
        }
        let (hub, caller) = (self.clone(), Caller::system(tenant, "hub"));
        actix::spawn(async move {
            match hub.store().read(&caller, async |tx| jobs::to_do(tx).await).await {
                Ok(left) => left.into_iter().for_each(|id| hub.wake_job(&caller, id)),
                Err(error) => tracing::warn!(tenant.id = %tenant, %error, "the jobs could not be looked for"),
            }
        });
    }
}

async fn cancel(tx: &mut Tx<'_>, id: JobId) -> Result<Job, JobError> {
    // A step of the job may be faster; then it is asked again.
    loop {
        let row = jobs::find(tx, id).await?;
        let wanted = match row.state {
            JobState::Waiting => jobs::end(tx, &row, JobState::Cancelled, None, TimeDelta::zero()).await?,
            JobState::Running if row.is_cancelling => Some(row),
            JobState::Running => jobs::want_cancelled(tx, &row).await?,
            JobState::Finished | JobState::Failed | JobState::Cancelled => return Err(JobError::Over),
        };
        let Some(row) = wanted else { continue };
        let job = Job::from(&row);
        let event = if row.state.is_over() {
            JobEvent::JobCancelled
        } else {
            JobEvent::JobProgressed
        };
        tx.announce(&event(job.clone()));
        return Ok(job);
    }
}
