//! Jobs: long work as rows, so that it goes on after whatever happened to the server.

mod list;
mod run;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{FileKind, JobId, JobState, TenantId, UserId};

use crate::schema::{job_failures, jobs};
use crate::{StoreError, Tx};

pub use list::{Whose, failures, find, list, many, n_to_do, to_do, waiting};
pub use run::{Change, advance, begin, begin_anew, delete, end, expire_files, old, stumble, want_cancelled};

/// A job as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = jobs, check_for_backend(diesel::pg::Pg))]
pub struct Job {
    pub tenant_id: TenantId,
    pub id: JobId,
    pub kind: String,
    pub key: String,
    pub input: String,
    pub is_quiet: bool,
    pub started_by: Option<UserId>,
    pub starter_name: String,
    pub state: JobState,
    pub is_cancelling: bool,
    pub version: i64,
    pub checkpoint: Option<String>,
    pub attempts: i32,
    pub reason: Option<String>,
    pub done: i64,
    pub total: Option<i64>,
    pub remaining_seconds: Option<i64>,
    pub n_failures: i64,
    pub file_name: Option<String>,
    pub file_type: Option<FileKind>,
    pub file_bytes: i64,
    pub file_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// A job that somebody asks for.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub kind: &'static str,
    pub key: String,
    pub input: String,
    pub is_quiet: bool,
}

/// What a job could not do with one thing, and why.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = job_failures, check_for_backend(diesel::pg::Pg))]
pub struct Failure {
    pub item: String,
    pub reason: String,
}

/// Makes a job, unless the key has one already. Returns it, and whether it is new.
pub async fn insert(tx: &mut Tx<'_>, new: &NewJob) -> Result<(Job, bool), StoreError> {
    let caller = tx.caller();
    let row = (
        jobs::tenant_id.eq(caller.tenant),
        jobs::id.eq(JobId::fresh()),
        jobs::kind.eq(new.kind),
        jobs::key.eq(&new.key),
        jobs::input.eq(&new.input),
        jobs::is_quiet.eq(new.is_quiet),
        jobs::started_by.eq(caller.user()),
        jobs::starter_name.eq(caller.name.to_string()),
        jobs::state.eq(JobState::Waiting),
        jobs::created_at.eq(tx.now()),
    );
    let made = diesel::insert_into(jobs::table)
        .values(row)
        .on_conflict_do_nothing()
        .returning(Job::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?;
    if let Some(made) = made {
        return Ok((made, true));
    }
    let earlier = jobs::table
        .filter(jobs::tenant_id.eq(tx.tenant()))
        .filter(jobs::kind.eq(new.kind).and(jobs::key.eq(&new.key)))
        .select(Job::as_select())
        .first(tx.conn())
        .await?;
    if earlier.input != new.input {
        return Err(StoreError::KeyReused);
    }
    Ok((earlier, false))
}
