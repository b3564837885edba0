//! Rows that a test holds.

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

/// A row that is held until it is released.
pub(crate) struct HeldRow(pub(super) AsyncPgConnection);

impl HeldRow {
    pub(crate) async fn release(mut self) {
        self.0.batch_execute("ROLLBACK").await.unwrap();
    }
}
