//! A job as people see it.

use chrono::{DateTime, Utc};
use kernel::{FileKind, JobId, JobState, UserId};
use serde::{Deserialize, Serialize};
use store::jobs;
use utoipa::ToSchema;

/// A piece of long work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    pub id: JobId,
    /// What it does, as `noun.verb`.
    pub kind: String,
    pub state: JobState,
    /// Upkeep, which the server does by itself.
    pub is_quiet: bool,
    /// Somebody wants it cancelled, and it will be.
    pub is_cancelling: bool,
    /// Nobody, when the server did it by itself.
    pub started_by: Option<UserId>,
    pub starter_name: String,
    /// How many things are done, of how many.
    pub done: i64,
    pub total: Option<i64>,
    /// As well as can be told.
    pub remaining_seconds: Option<i64>,
    /// How many things could not be done.
    pub n_failures: i64,
    /// Why it failed, or why its last step has to be tried again.
    pub reason: Option<String>,
    pub file: Option<JobFile>,
    /// Grows with every change; a newer view replaces an older one, never the other way.
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// The file that a job made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobFile {
    pub name: String,
    pub kind: FileKind,
    pub bytes: i64,
    /// Until then it can be had.
    pub until: DateTime<Utc>,
}

/// What a job could not do with one thing, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobFailure {
    pub item: String,
    pub reason: String,
}

impl From<&jobs::Job> for Job {
    fn from(row: &jobs::Job) -> Self {
        Self {
            id: row.id,
            kind: row.kind.clone(),
            state: row.state,
            is_quiet: row.is_quiet,
            is_cancelling: row.is_cancelling,
            started_by: row.started_by,
            starter_name: row.starter_name.clone(),
            done: row.done,
            total: row.total,
            remaining_seconds: row.remaining_seconds,
            n_failures: row.n_failures,
            reason: row.reason.clone(),
            file: file(row),
            version: row.version,
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
        }
    }
}

fn file(row: &jobs::Job) -> Option<JobFile> {
    Some(JobFile {
        name: row.file_name.clone()?,
        kind: row.file_type?,
        bytes: row.file_bytes,
        until: row.file_until?,
    })
}

impl From<jobs::Failure> for JobFailure {
    fn from(row: jobs::Failure) -> Self {
        let jobs::Failure { item, reason } = row;
        Self { item, reason }
    }
}
