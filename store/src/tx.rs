//! A transaction in progress: its rows go through `conn`, its events through `announce`.

use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use kernel::{Announcement, Caller, Cause, Event, TenantId};

use crate::log::Draft;

/// An open transaction of one tenant.
pub struct Tx<'a> {
    pub(crate) conn: &'a mut AsyncPgConnection,
    pub(crate) caller: &'a Caller,
    pub(crate) now: DateTime<Utc>,
    pub(crate) drafts: Vec<serde_json::Result<Draft>>,
}

impl Tx<'_> {
    /// The connection, for queries.
    pub fn conn(&mut self) -> &mut AsyncPgConnection {
        self.conn
    }

    /// Whose data this is; every query names it.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.caller.tenant
    }

    /// Who asked for this transaction.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        self.caller
    }

    /// The time of this transaction: all its rows and events agree.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Adds an event: it is logged with the rows and told to everyone after the commit.
    pub fn announce(&mut self, event: &impl Event) {
        let caller = self.caller;
        let draft = Announcement::of(event).map(|announcement| Draft::new(caller, announcement));
        self.drafts.push(draft);
    }

    /// The same, for something that another event caused.
    pub fn announce_because(&mut self, cause: Cause, event: &impl Event) {
        let caller = self.caller.clone().because(cause);
        let draft = Announcement::of(event).map(|announcement| Draft::new(&caller, announcement));
        self.drafts.push(draft);
    }
}
