//! Where long work stands, and what comes of it.

crate::words! {
    /// Where a job stands.
    JobState {
        Waiting = "waiting", Running = "running", Finished = "finished", Failed = "failed", Cancelled = "cancelled",
    }
}

impl JobState {
    /// Whether nothing will happen to it any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::Cancelled)
    }
}

crate::words! {
    /// What is in a file that long work made.
    FileKind { Csv = "text/csv", JsonLines = "application/x-ndjson" }
}
