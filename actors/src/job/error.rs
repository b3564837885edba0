//! What can be wrong when something is asked of a job.

use std::time::Duration;

use kernel::{Code, Fault, Permission};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error("there is no such job")]
    NotFound,
    #[error("this job is over")]
    Over,
    #[error("this job is not over yet")]
    NotOver,
    #[error("{0} jobs are waiting or running already; let some of them end first")]
    TooMany(i64),
    #[error("this needs the permission {}", .0.word())]
    FileNeeds(Permission),
    #[error("there is no file any more")]
    FileGone,
    #[error("what was asked for cannot be written down")]
    Unwritable(#[source] serde_json::Error),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl Fault for JobError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound | Self::FileGone => Code::NotFound,
            Self::FileNeeds(_) => Code::Forbidden,
            Self::Over | Self::NotOver | Self::TooMany(_) => Code::Conflict,
            Self::Unwritable(_) => Code::Internal,
            Self::Store(error) => error.code(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Over => "job_over",
            Self::NotOver => "job_not_over",
            Self::FileGone => "file_gone",
            Self::TooMany(_) => "too_many_jobs",
            _ => self.code().word(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Store(error) => error.retry_after(),
            _ => None,
        }
    }
}
