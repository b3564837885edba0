//! What happens to a job, one statement each. Each names the version that it knows: if the job has another one by now,
//! somebody was faster, and nothing is written.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{FileKind, JobId, JobState};

use super::{Failure, Job};
use crate::schema::{job_failures, jobs};
use crate::{StoreError, Tx};

/// So many failures of one job are kept by name; the others are counted.
const MOST_FAILURES: i64 = 100;

/// The job, if it still has this version.
macro_rules! known {
    ($job:expr) => {
        jobs::table
            .find(($job.tenant_id, $job.id))
            .filter(jobs::version.eq($job.version))
    };
}

/// How far a job has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub checkpoint: Option<String>,
    pub done: i64,
    pub total: Option<i64>,
    pub remaining_seconds: Option<i64>,
    pub failures: Vec<Failure>,
    /// The name and the type of its file, if it has one.
    pub file: Option<(String, FileKind)>,
    pub file_bytes: i64,
}

/// A job's turn has come.
pub async fn begin(tx: &mut Tx<'_>, job: &Job) -> Result<Option<Job>, StoreError> {
    let begun = (
        jobs::state.eq(JobState::Running),
        jobs::started_at.eq(tx.now()),
        jobs::version.eq(jobs::version + 1),
    );
    let update = diesel::update(known!(job)).set(begun).returning(Job::as_returning());
    Ok(update.get_result(tx.conn()).await.optional()?)
}

/// A job has come further.
pub async fn advance(tx: &mut Tx<'_>, job: &Job, change: &Change) -> Result<Option<Job>, StoreError> {
    let (name, kind) = change.file.as_ref().map(|(name, kind)| (name, *kind)).unzip();
    let n_failures = i64::try_from(change.failures.len()).unwrap_or(i64::MAX);
    let so_far = (
        jobs::checkpoint.eq(&change.checkpoint),
        jobs::done.eq(change.done),
        jobs::total.eq(change.total),
        jobs::remaining_seconds.eq(change.remaining_seconds),
        jobs::n_failures.eq(jobs::n_failures + n_failures),
        jobs::file_name.eq(name),
        jobs::file_type.eq(kind),
        jobs::file_bytes.eq(change.file_bytes),
        jobs::attempts.eq(0),
        jobs::reason.eq(None::<String>),
        jobs::version.eq(jobs::version + 1),
    );
    let update = diesel::update(known!(job)).set(so_far).returning(Job::as_returning());
    let Some(after) = update.get_result::<Job>(tx.conn()).await.optional()? else {
        return Ok(None);
    };
    let room = (job.n_failures..MOST_FAILURES).zip(&change.failures);
    let rows: Vec<_> = room
        .map(|(place, failure)| {
            (
                job_failures::tenant_id.eq(job.tenant_id),
                job_failures::job_id.eq(job.id),
                job_failures::place.eq(place),
                job_failures::item.eq(&failure.item),
                job_failures::reason.eq(&failure.reason),
            )
        })
        .collect();
    if !rows.is_empty() {
        let insert = diesel::insert_into(job_failures::table).values(rows);
        insert.execute(tx.conn()).await?;
    }
    Ok(Some(after))
}

/// A step failed, and may be tried again.
pub async fn stumble(tx: &mut Tx<'_>, job: &Job, why: &str) -> Result<Option<Job>, StoreError> {
    let failed = (
        jobs::attempts.eq(jobs::attempts + 1),
        jobs::reason.eq(why),
        jobs::remaining_seconds.eq(None::<i64>),
        jobs::version.eq(jobs::version + 1),
    );
    let update = diesel::update(known!(job)).set(failed).returning(Job::as_returning());
    Ok(update.get_result(tx.conn()).await.optional()?)
}

/// What a job has done is lost: it begins anew.
pub async fn begin_anew(tx: &mut Tx<'_>, job: &Job) -> Result<Option<Job>, StoreError> {
    let anew = (
        jobs::checkpoint.eq(None::<String>),
        jobs::done.eq(0),
        jobs::n_failures.eq(0),
        jobs::file_bytes.eq(0),
        jobs::remaining_seconds.eq(None::<i64>),
        jobs::version.eq(jobs::version + 1),
    );
    let update = diesel::update(known!(job)).set(anew).returning(Job::as_returning());
    let after = update.get_result(tx.conn()).await.optional()?;
    let failures = job_failures::table.filter(job_failures::tenant_id.eq(tx.tenant()));
    diesel::delete(failures.filter(job_failures::job_id.eq(job.id)))
        .execute(tx.conn())
        .await?;
    Ok(after)
}

/// A job ends. Unless it has finished, its file is none.
pub async fn end(
    tx: &mut Tx<'_>,
    job: &Job,
    state: JobState,
    reason: Option<&str>,
    keep_file: TimeDelta,
) -> Result<Option<Job>, StoreError> {
    let has_file = state == JobState::Finished && job.file_name.is_some();
    let ended = (
        jobs::state.eq(state),
        jobs::is_cancelling.eq(false),
        jobs::reason.eq(reason),
        jobs::remaining_seconds.eq(None::<i64>),
        jobs::file_until.eq(has_file.then(|| tx.now() + keep_file)),
        jobs::ended_at.eq(tx.now()),
        jobs::version.eq(jobs::version + 1),
    );
    let update = diesel::update(known!(job)).set(ended).returning(Job::as_returning());
    Ok(update.get_result(tx.conn()).await.optional()?)
}

/// Somebody wants a running job cancelled; its owner ends it.
pub async fn want_cancelled(tx: &mut Tx<'_>, job: &Job) -> Result<Option<Job>, StoreError> {
    let wanted = (jobs::is_cancelling.eq(true), jobs::version.eq(jobs::version + 1));
    let update = diesel::update(known!(job)).set(wanted).returning(Job::as_returning());
    Ok(update.get_result(tx.conn()).await.optional()?)
}

/// Takes a job out of the table.
pub async fn delete(tx: &mut Tx<'_>, id: JobId) -> Result<(), StoreError> {
    let this = jobs::table.find((tx.tenant(), id));
    diesel::delete(this).execute(tx.conn()).await?;
    Ok(())
}

/// Returns up to `limit` jobs that ended so long ago.
pub async fn old(tx: &mut Tx<'_>, keep: TimeDelta, limit: i64) -> Result<Vec<Job>, StoreError> {
    let before = tx.now() - keep;
    let all = jobs::table.filter(jobs::tenant_id.eq(tx.tenant()));
    Ok(all
        .filter(jobs::created_at.lt(before).and(jobs::ended_at.lt(before)))
        .order((jobs::created_at, jobs::id))
        .limit(limit)
        .select(Job::as_select())
        .load(tx.conn())
        .await?)
}

/// Forgets up to `limit` files whose time is over; returns their jobs.
pub async fn expire_files(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Job>, StoreError> {
    let over = jobs::table
        .filter(jobs::tenant_id.eq(tx.tenant()))
        .filter(jobs::file_until.lt(tx.now()))
        .order((jobs::created_at, jobs::id))
        .limit(limit);
    let ids: Vec<JobId> = over.select(jobs::id).load(tx.conn()).await?;
    let these = jobs::table.filter(jobs::tenant_id.eq(tx.tenant()).and(jobs::id.eq_any(ids)));
    let none = (
        jobs::file_name.eq(None::<String>),
        jobs::file_type.eq(None::<FileKind>),
        jobs::file_until.eq(None::<DateTime<Utc>>),
        jobs::version.eq(jobs::version + 1),
    );
    let update = diesel::update(these).set(none).returning(Job::as_returning());
    Ok(update.get_results(tx.conn()).await?)
}
