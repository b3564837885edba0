//! Timers: rows for what a customer would miss if it were forgotten. Whoever sets one clears it in the same way.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Text, Timestamptz};
use diesel_async::RunQueryDsl;
use kernel::{Caller, TenantId};
use uuid::Uuid;

use crate::schema::timers;
use crate::{Sheet, Store, StoreError, Tx};

/// A timer that may be due.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Timer {
    pub tenant_id: TenantId,
    /// What to do, as `noun.verb`.
    pub kind: String,
    /// The thing to do it to.
    pub subject: Uuid,
    pub due_at: DateTime<Utc>,
    pub attempts: i32,
}

impl Sheet<'_> {
    /// Sets the timer of this kind for this thing, replacing an earlier one.
    pub async fn set_timer(
        &self,
        tenant: TenantId,
        kind: &str,
        subject: Uuid,
        due_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = (
            timers::tenant_id.eq(tenant),
            timers::kind.eq(kind),
            timers::subject.eq(subject),
            timers::due_at.eq(due_at),
            timers::attempts.eq(0),
        );
        diesel::insert_into(timers::table)
            .values(row)
            .on_conflict((timers::tenant_id, timers::kind, timers::subject))
            .do_update()
            .set((
                timers::due_at.eq(due_at),
                timers::attempts.eq(0),
                timers::last_error.eq(None::<String>),
            ))
            .execute(&mut self.conn())
            .await?;
        Ok(())
    }

    /// Removes the timer of this kind for this thing, if it is set.
    pub async fn clear_timer(&self, tenant: TenantId, kind: &str, subject: Uuid) -> Result<(), StoreError> {
        diesel::delete(timers::table.find((tenant, kind, subject)))
            .execute(&mut self.conn())
            .await?;
        Ok(())
    }
}

impl Tx<'_> {
    /// Sets the timer of this kind for this thing, replacing an earlier one.
    pub async fn set_timer(&mut self, kind: &str, subject: Uuid, due_at: DateTime<Utc>) -> Result<(), StoreError> {
        let row = (
            timers::tenant_id.eq(self.tenant()),
            timers::kind.eq(kind),
            timers::subject.eq(subject),
            timers::due_at.eq(due_at),
        );
        diesel::insert_into(timers::table)
            .values(row)
            .on_conflict((timers::tenant_id, timers::kind, timers::subject))
            .do_update()
            .set((timers::due_at.eq(due_at), timers::attempts.eq(0)))
            .execute(self.conn())
            .await?;
        Ok(())
    }
}

impl Tx<'_> {
    /// Removes the timer of this kind for this thing, if it is set.
    pub async fn clear_timer(&mut self, kind: &str, subject: Uuid) -> Result<(), StoreError> {
        let this = timers::table.find((self.tenant(), kind, subject));
        diesel::delete(this).execute(self.conn()).await?;
        Ok(())
    }
}

impl Store {
    /// Sets a timer of this kind for every tenant that has none, some time within the next day.
    pub async fn set_daily_timers(&self, kind: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO timers (tenant_id, kind, subject, due_at) \
                   SELECT id, $1, id, $2 + random() * interval '1 day' FROM tenants t \
                   WHERE NOT EXISTS (SELECT FROM timers WHERE tenant_id = t.id AND kind = $1 AND subject = t.id)";
        self.direct(&nobody(), async |tx| {
            let now = tx.now();
            let insert = sql_query(sql).bind::<Text, _>(kind).bind::<Timestamptz, _>(now);
            insert.execute(tx.conn()).await?;
            Ok(())
        })
        .await
    }

    /// Returns what is due in all tenants but the `busy` ones, the longest waiting first, and when the next one will be.
    pub async fn due_timers(
        &self,
        limit: i64,
        busy: Vec<TenantId>,
    ) -> Result<(Vec<Timer>, Option<DateTime<Utc>>), StoreError> {
        let time = self.clock().now();
        self.direct(&nobody(), async |tx| {
            let due: Vec<Timer> = timers::table
                .filter(timers::due_at.le(time).and(timers::tenant_id.ne_all(busy)))
                .order(timers::due_at)
                .limit(limit)
                .select(Timer::as_select())
                .load(tx.conn())
                .await?;
            let next = timers::table
                .filter(timers::due_at.gt(time))
                .select(diesel::dsl::min(timers::due_at))
                .first(tx.conn())
                .await?;
            Ok((due, next))
        })
        .await
    }

    /// Removes a timer that has done its work, unless it was set anew meanwhile.
    pub async fn finish_timer(&self, timer: &Timer) -> Result<(), StoreError> {
        self.direct(&nobody(), async |tx| {
            let this = timers::table.find((timer.tenant_id, &timer.kind, timer.subject));
            diesel::delete(this.filter(timers::due_at.eq(timer.due_at)))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await
    }

    /// Puts a timer that failed off until later.
    pub async fn postpone_timer(&self, timer: &Timer, until: DateTime<Utc>, why: &str) -> Result<(), StoreError> {
        self.direct(&nobody(), async |tx| {
            let this = timers::table.find((timer.tenant_id, &timer.kind, timer.subject));
            diesel::update(this.filter(timers::due_at.eq(timer.due_at)))
                .set((
                    timers::due_at.eq(until),
                    timers::attempts.eq(timers::attempts + 1),
                    timers::last_error.eq(why),
                ))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await
    }
}

/// The caller for what belongs to no tenant in particular.
fn nobody() -> Caller {
    Caller::system(TenantId(Uuid::nil()), "store")
}
