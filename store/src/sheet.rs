//! A sheet: the transaction of a journal. It holds the writes of many tenants, and takes two round trips.
//!
//! It is signed by a role that sees the rows of the tenants named in it and no others, and may touch only the tables that
//! are written in this way. Statements are sent without waiting for the answers of those before them; when one of them
//! fails, the database refuses all that follow.

use std::cell::RefCell;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::future::{join, join3};
use kernel::{Announcement, Caller, Event, TenantId};

use crate::log::{self, Draft, Entries, Heads};
use crate::pool::{Pool, in_time};
use crate::{Store, StoreError};

/// What a journal writes with.
#[derive(Clone)]
pub struct Scribe {
    store: Store,
    pool: Pool,
}

/// An open transaction of many tenants. What is asked of it at once is sent at once.
pub struct Sheet<'a> {
    conn: &'a AsyncPgConnection,
    now: DateTime<Utc>,
    drafts: RefCell<Vec<serde_json::Result<Draft>>>,
}

impl<'a> Sheet<'a> {
    /// The connection, for statements; several may be under way.
    #[must_use]
    pub fn conn(&self) -> &'a AsyncPgConnection {
        self.conn
    }

    /// The time of this transaction: all its rows and events agree.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Adds an event that a caller caused: it is logged with the rows and told to everyone after the commit.
    pub fn announce(&self, caller: &Caller, event: &impl Event) {
        let draft = Announcement::of(event).map(|announcement| Draft::new(caller, announcement));
        self.drafts.borrow_mut().push(draft);
    }

    /// Adds an event that its owner has written out already.
    pub fn announce_written(&self, caller: &Caller, announcement: Announcement) {
        self.drafts.borrow_mut().push(Ok(Draft::new(caller, announcement)));
    }

    /// What was announced, each in its place.
    fn entries(&self, heads: Heads) -> Result<Entries, StoreError> {
        let drafts = self.drafts.take().into_iter().collect::<Result<_, _>>()?;
        Entries::chain(drafts, heads, self.now)
    }
}

impl Scribe {
    /// One for what everyone shares, the others for those who write by themselves for a while.
    pub const CONNECTIONS: usize = 3;

    pub(crate) fn open(store: Store, url: &str) -> Result<Self, StoreError> {
        // A statement that is not known must be asked about first, and the commit would overtake it.
        let pool = Pool::open_prepared(url, Self::CONNECTIONS, |conn| Box::pin(log::prepare(conn)))?;
        Ok(Self { store, pool })
    }

    /// Runs `work` in a transaction of these tenants, waiting so long for rows that others hold; commits and announces.
    ///
    /// Each statement that `work` sends before it first waits is on its way together with the beginning.
    pub async fn write<T>(
        &self,
        tenants: Vec<TenantId>,
        patience: Duration,
        work: impl AsyncFnOnce(&Sheet<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        in_time(self.fill(tenants, patience, work)).await
    }

    async fn fill<T>(
        &self,
        tenants: Vec<TenantId>,
        patience: Duration,
        work: impl AsyncFnOnce(&Sheet<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let loan = self.pool.lend().await?;
        let conn = loan.conn();
        let sheet = Sheet {
            conn,
            now: self.store.clock().now(),
            drafts: RefCell::default(),
        };
        let ids: Vec<_> = tenants.iter().map(|tenant| tenant.0).collect();
        let (begun, worked, locked) = join3(
            begin(conn, &tenants, patience),
            work(&sheet),
            log::lock_heads(conn, ids),
        )
        .await;
        let done = begun.and(worked).and_then(|value| Ok((value, sheet.entries(locked?)?)));
        let (value, entries) = match done {
            Ok(done) => done,
            Err(error) => {
                loan.roll_back().await;
                return Err(error);
            }
        };
        let doubt = self.store.doubt(tenants);
        let (added, committed) = join(entries.add(conn), commit(conn)).await;
        committed?;
        loan.give_back();
        // Without the events, what the database did was to roll back.
        doubt.settle(if added.is_ok() { entries.committed() } else { vec![] });
        added.map(|()| value)
    }
}

async fn begin(mut conn: &AsyncPgConnection, tenants: &[TenantId], patience: Duration) -> Result<(), StoreError> {
    let list: Vec<_> = tenants.iter().map(ToString::to_string).collect();
    // The list is made of hex, dashes and commas: nothing in it needs quoting.
    let (list, patience) = (list.join(","), patience.as_millis());
    let sql = format!("BEGIN; SET LOCAL app.tenants = '{{{list}}}'; SET LOCAL lock_timeout = '{patience}ms'");
    Ok(conn.batch_execute(&sql).await?)
}

async fn commit(mut conn: &AsyncPgConnection) -> Result<(), StoreError> {
    Ok(conn.batch_execute("COMMIT").await?)
}
