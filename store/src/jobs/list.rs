//! Which jobs there are.

use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Caller, JobId, JobState, TenantId, UserId};

use super::{Failure, Job};
use crate::schema::{job_failures, jobs};
use crate::{Store, StoreError, Tx};

/// Whose jobs to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// What this member started.
    Theirs(UserId),
    /// The same, and upkeep that failed.
    TheirsAndTrouble(UserId),
    Everyones,
}

impl Store {
    /// Returns the jobs that have not ended, in all tenants.
    pub async fn jobs_to_do(&self) -> Result<Vec<(TenantId, JobId)>, StoreError> {
        let nobody = Caller::system(TenantId(uuid::Uuid::nil()), "store");
        self.direct(&nobody, async |tx| {
            let all = jobs::table.filter(jobs::ended_at.is_null());
            let in_order = all.order((jobs::created_at, jobs::id));
            Ok(in_order.select((jobs::tenant_id, jobs::id)).load(tx.conn()).await?)
        })
        .await
    }
}

/// Returns a job.
pub async fn find(tx: &mut Tx<'_>, id: JobId) -> Result<Job, StoreError> {
    let this = jobs::table.find((tx.tenant(), id));
    Ok(this.select(Job::as_select()).first(tx.conn()).await?)
}

/// Returns those of these jobs that there are.
pub async fn many(tx: &mut Tx<'_>, ids: &[JobId]) -> Result<Vec<Job>, StoreError> {
    let these = jobs::table.filter(jobs::tenant_id.eq(tx.tenant()).and(jobs::id.eq_any(ids)));
    Ok(these.select(Job::as_select()).load(tx.conn()).await?)
}

/// Returns up to `limit` jobs before a place, newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    whose: Whose,
    before: Option<(DateTime<Utc>, JobId)>,
    limit: i64,
) -> Result<Vec<Job>, StoreError> {
    let mut query = jobs::table.filter(jobs::tenant_id.eq(tx.tenant())).into_boxed();
    query = match whose {
        Whose::Theirs(user) => query.filter(jobs::started_by.eq(user)),
        Whose::TheirsAndTrouble(user) => {
            let is_trouble = jobs::is_quiet.and(jobs::state.eq(JobState::Failed));
            query.filter(jobs::started_by.eq(user).assume_not_null().or(is_trouble))
        }
        Whose::Everyones => query,
    };
    if let Some((at, id)) = before {
        let same = jobs::created_at.eq(at).and(jobs::id.lt(id));
        query = query.filter(jobs::created_at.lt(at).or(same));
    }
    Ok(query
        .order((jobs::created_at.desc(), jobs::id.desc()))
        .limit(limit)
        .select(Job::as_select())
        .load(tx.conn())
        .await?)
}

/// Returns what a job could not do, in the order in which it came to it.
pub async fn failures(tx: &mut Tx<'_>, id: JobId) -> Result<Vec<Failure>, StoreError> {
    let of_this = job_failures::table.filter(job_failures::tenant_id.eq(tx.tenant()).and(job_failures::job_id.eq(id)));
    let in_order = of_this.order(job_failures::place).select(Failure::as_select());
    Ok(in_order.load(tx.conn()).await?)
}

/// Returns the tenant's jobs that have not ended.
pub async fn to_do(tx: &mut Tx<'_>) -> Result<Vec<JobId>, StoreError> {
    let all = jobs::table.filter(jobs::tenant_id.eq(tx.tenant()).and(jobs::ended_at.is_null()));
    let in_order = all.order((jobs::created_at, jobs::id)).select(jobs::id);
    Ok(in_order.load(tx.conn()).await?)
}

/// Counts the tenant's jobs that have not ended.
pub async fn n_to_do(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let all = jobs::table.filter(jobs::tenant_id.eq(tx.tenant()).and(jobs::ended_at.is_null()));
    Ok(all.select(count_star()).first(tx.conn()).await?)
}

/// Returns up to `limit` jobs whose turn it is: those that run, and then those that have waited longest. Upkeep and what
/// people asked for do not wait for each other.
pub async fn waiting(tx: &mut Tx<'_>, is_quiet: bool, limit: i64) -> Result<Vec<JobId>, StoreError> {
    let all = jobs::table.filter(jobs::tenant_id.eq(tx.tenant()).and(jobs::ended_at.is_null()));
    let in_order = all.filter(jobs::is_quiet.eq(is_quiet)).order((
        jobs::state.eq(JobState::Running).desc(),
        jobs::created_at,
        jobs::id,
    ));
    Ok(in_order.limit(limit).select(jobs::id).load(tx.conn()).await?)
}
