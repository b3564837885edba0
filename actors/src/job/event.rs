//! What jobs announce.

use kernel::{Event, JobId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::Job;

/// What jobs announce. Whoever started one hears of it; those who manage jobs hear of all.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum JobEvent {
    #[serde(rename = "job.created")]
    JobCreated(Job),
    #[serde(rename = "job.started")]
    JobStarted(Job),
    #[serde(rename = "job.progressed")]
    JobProgressed(Job),
    #[serde(rename = "job.finished")]
    JobFinished(Job),
    #[serde(rename = "job.failed")]
    JobFailed(Job),
    #[serde(rename = "job.cancelled")]
    JobCancelled(Job),
    #[serde(rename = "job.deleted")]
    JobDeleted { id: JobId, started_by: Option<UserId> },
}

impl Event for JobEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::JobCreated(_) => "job.created",
            Self::JobStarted(_) => "job.started",
            Self::JobProgressed(_) => "job.progressed",
            Self::JobFinished(_) => "job.finished",
            Self::JobFailed(_) => "job.failed",
            Self::JobCancelled(_) => "job.cancelled",
            Self::JobDeleted { .. } => "job.deleted",
        }
    }

    fn subject(&self) -> String {
        let (id, started_by) = match self {
            Self::JobCreated(job)
            | Self::JobStarted(job)
            | Self::JobProgressed(job)
            | Self::JobFinished(job)
            | Self::JobFailed(job)
            | Self::JobCancelled(job) => (job.id, job.started_by),
            Self::JobDeleted { id, started_by } => (*id, *started_by),
        };
        match started_by {
            // Their topic `me`.
            Some(user) => format!("user:{user}"),
            None => format!("job:{id}"),
        }
    }
}
