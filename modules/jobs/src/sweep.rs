//! Sweeping up after a tenant, once a day: rows that nobody needs any more, old jobs, and files that belong to none.

use std::collections::HashSet;

use actors::job::{self, Job, JobError, JobEvent, Perform, Piece, Place};
use actors::{Hub, Registry};
use chrono::TimeDelta;
use kernel::{Caller, JobId};
use serde::{Deserialize, Serialize};
use store::sweep::{self, Dust};
use store::{StoreError, Tx, jobs};
use uuid::Uuid;

/// Jobs are remembered for so long after they ended.
const KEEP_JOBS: TimeDelta = TimeDelta::days(30);
/// Each is told of.
const JOBS_AT_ONCE: i64 = 100;

pub(crate) fn register(registry: &mut Registry) {
    sweep::OWN.into_iter().for_each(|dust| registry.dust(dust));
    registry.job::<Sweep>();
    registry.timer(sweep::TIMER, begin);
}

/// Begins today's sweep, and sets the timer for tomorrow's.
async fn begin(hub: Hub, caller: Caller, _: Uuid) -> Result<(), JobError> {
    let started = hub
        .store()
        .write(&caller, async |tx| {
            let (tenant, now) = (tx.tenant(), tx.now());
            tx.set_timer(sweep::TIMER, tenant.0, now + TimeDelta::days(1)).await?;
            let today = now.date_naive().to_string();
            job::start::<Sweep>(tx, &Nothing {}, Some(&today)).await
        })
        .await?;
    hub.wake_job(&caller, started.id);
    Ok(())
}

/// It sweeps whatever there is.
#[derive(Serialize, Deserialize)]
struct Nothing {}

/// What is swept next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Broom {
    /// The dust at this place.
    Rows(usize),
    Jobs,
    Files,
}

impl Default for Broom {
    fn default() -> Self {
        Self::Rows(0)
    }
}

struct Sweep {
    hub: Hub,
    caller: Caller,
    dust: Vec<Dust>,
}

impl Perform for Sweep {
    const KIND: &'static str = "tenant.sweep";
    const IS_QUIET: bool = true;
    type Input = Nothing;
    type Checkpoint = Broom;
    type Error = StoreError;

    async fn open(hub: &Hub, caller: &Caller, _: Nothing) -> Result<Self, StoreError> {
        Ok(Self {
            hub: hub.clone(),
            caller: caller.clone(),
            dust: hub.dust().to_vec(),
        })
    }

    /// Which files belong to a job is known by the rows; the others are removed, whatever they are left from.
    async fn step(&mut self, piece: &mut Piece<Broom>) -> Result<(), StoreError> {
        if piece.checkpoint != Broom::Files {
            return Ok(());
        }
        let (shelf, tenant) = (self.hub.config().jobs.shelf.clone(), self.caller.tenant);
        let found = tokio::task::spawn_blocking(move || shelf.all(tenant)).await;
        let found = match found {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return Err(StoreError::Unreachable(error.to_string())),
            Err(stopped) => return Err(StoreError::Unreachable(stopped.to_string())),
        };
        let known = self.hub.store();
        let known = known
            .read(&self.caller, async |tx| jobs::many(tx, &found).await)
            .await?;
        let wanted = known
            .into_iter()
            .filter(|job| !job.state.is_over() || job.file_name.is_some());
        let wanted: HashSet<JobId> = wanted.map(|job| job.id).collect();
        for job in found.into_iter().filter(|id| !wanted.contains(id)) {
            self.hub.remove_file(Place { tenant, job }).await;
            piece.done += 1;
        }
        piece.finish();
        Ok(())
    }

    async fn write(&mut self, tx: &mut Tx<'_>, piece: &mut Piece<Broom>) -> Result<(), StoreError> {
        piece.checkpoint = match piece.checkpoint {
            Broom::Rows(place) => match self.dust.get(place) {
                None => Broom::Jobs,
                Some(dust) => {
                    let n = dust.sweep(tx).await?;
                    piece.done += n;
                    Broom::Rows(if n < sweep::AT_ONCE { place + 1 } else { place })
                }
            },
            Broom::Jobs => {
                let n = sweep_jobs(tx).await?;
                piece.done += n;
                if n == 0 { Broom::Files } else { Broom::Jobs }
            }
            Broom::Files => Broom::Files,
        };
        Ok(())
    }
}

/// Forgets files whose time is over, and jobs that ended long ago: some of them. Returns how many.
async fn sweep_jobs(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let expired = jobs::expire_files(tx, JOBS_AT_ONCE).await?;
    for job in &expired {
        tx.announce(&JobEvent::JobProgressed(Job::from(job)));
    }
    let old = jobs::old(tx, KEEP_JOBS, JOBS_AT_ONCE).await?;
    for job in &old {
        jobs::delete(tx, job.id).await?;
        let (id, started_by) = (job.id, job.started_by);
        tx.announce(&JobEvent::JobDeleted { id, started_by });
    }
    Ok(i64::try_from(expired.len() + old.len()).unwrap_or(0))
}
