//! Followers of the log: how far each has heard, and the events that it could not take.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{self, Array, BigInt, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use kernel::{Caller, FollowerState, Recorded, TenantId};

use crate::schema::{dead_letters, followers, log_heads};
use crate::{Store, StoreError, Tx};

/// How far a follower has heard.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = followers, check_for_backend(diesel::pg::Pg))]
pub struct Cursor {
    pub name: String,
    pub seq: i64,
    pub state: FollowerState,
    pub replay_from: Option<i64>,
    pub replay_to: Option<i64>,
    /// How often the event behind `seq` has failed, and how.
    pub attempts: i32,
    pub last_error: Option<String>,
    pub updated_at: DateTime<Utc>,
}

/// An event that a follower could not take.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = dead_letters, check_for_backend(diesel::pg::Pg))]
pub struct DeadLetter {
    pub follower: String,
    pub seq: i64,
    pub kind: String,
    pub reason: String,
    pub attempts: i32,
    pub failed_at: DateTime<Utc>,
    pub is_wanted: bool,
}

impl Store {
    /// Lets those of these followers that are new begin in every tenant with what happens from now on.
    pub async fn begin_followers(&self, names: &[&str]) -> Result<(), StoreError> {
        let sql = "WITH new AS (INSERT INTO follower_births (name, born_at) SELECT name, $2 FROM unnest($1) AS n (name) \
                   ON CONFLICT DO NOTHING RETURNING name) \
                   INSERT INTO followers (tenant_id, name, seq, state, updated_at) \
                   SELECT h.tenant_id, new.name, h.seq, 'live', $2 FROM log_heads h CROSS JOIN new ON CONFLICT DO NOTHING";
        let nobody = Caller::system(TenantId(uuid::Uuid::nil()), "store");
        self.direct(&nobody, async |tx| {
            let now = tx.now();
            let insert = sql_query(sql).bind::<Array<Text>, _>(names).bind::<Timestamptz, _>(now);
            insert.execute(tx.conn()).await?;
            Ok(())
        })
        .await
    }

    /// Returns the followers that have something left to hear, in all tenants.
    pub async fn followers_behind(&self) -> Result<Vec<(TenantId, String)>, StoreError> {
        let nobody = Caller::system(TenantId(uuid::Uuid::nil()), "store");
        self.direct(&nobody, async |tx| {
            let wanted = dead_letters::table
                .filter(dead_letters::tenant_id.eq(followers::tenant_id))
                .filter(dead_letters::follower.eq(followers::name).and(dead_letters::is_wanted));
            let behind = followers::table
                .inner_join(log_heads::table.on(log_heads::tenant_id.eq(followers::tenant_id)))
                .filter(followers::state.ne(FollowerState::Paused))
                .filter(followers::seq.lt(log_heads::seq).or(diesel::dsl::exists(wanted)))
                .select((followers::tenant_id, followers::name));
            Ok(behind.load(tx.conn()).await?)
        })
        .await
    }
}

/// Returns all cursors of the tenant, by name.
pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<Cursor>, StoreError> {
    let all = followers::table.filter(followers::tenant_id.eq(tx.tenant()));
    Ok(all
        .order(followers::name)
        .select(Cursor::as_select())
        .load(tx.conn())
        .await?)
}

/// Returns those of these followers that have something left to hear.
pub async fn behind(tx: &mut Tx<'_>, names: &[&'static str]) -> Result<Vec<&'static str>, StoreError> {
    let head = crate::past::head(tx).await?;
    let known: HashMap<String, Cursor> = list(tx).await?.into_iter().map(|one| (one.name.clone(), one)).collect();
    let is_behind = |name: &str| match known.get(name) {
        Some(cursor) => cursor.seq < head && cursor.state != FollowerState::Paused,
        None => head > 0,
    };
    Ok(names.iter().copied().filter(|name| is_behind(name)).collect())
}

/// Returns how far a follower has heard. One that has never heard anything begins with the tenant.
pub async fn find(tx: &mut Tx<'_>, name: &str) -> Result<Cursor, StoreError> {
    let this = followers::table.find((tx.tenant(), name));
    let known = this.select(Cursor::as_select()).first(tx.conn()).await.optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    let new = (
        followers::tenant_id.eq(tx.tenant()),
        followers::name.eq(name),
        followers::seq.eq(0),
        followers::state.eq(FollowerState::Live),
        followers::updated_at.eq(tx.now()),
    );
    let insert = diesel::insert_into(followers::table).values(new);
    insert.on_conflict_do_nothing().execute(tx.conn()).await?;
    Ok(this.select(Cursor::as_select()).first(tx.conn()).await?)
}

/// Moves a cursor from where it is known to be. If it is not there, somebody else has moved it: `Busy`.
pub async fn advance(tx: &mut Tx<'_>, name: &str, from: i64, to: i64) -> Result<(), StoreError> {
    let sql = "UPDATE followers SET seq = $4, updated_at = $5, attempts = 0, last_error = NULL, \
               state = CASE WHEN state = 'replaying' AND replay_to <= $4 THEN 'live' ELSE state END, \
               replay_from = CASE WHEN replay_to <= $4 THEN NULL ELSE replay_from END, \
               replay_to = CASE WHEN replay_to <= $4 THEN NULL ELSE replay_to END \
               WHERE tenant_id = $1 AND name = $2 AND seq = $3";
    let moved = sql_query(sql)
        .bind::<sql_types::Uuid, _>(tx.tenant().0)
        .bind::<Text, _>(name)
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(to)
        .bind::<Timestamptz, _>(tx.now());
    match moved.execute(tx.conn()).await? {
        0 => Err(StoreError::Busy),
        _ => Ok(()),
    }
}

/// Notes that the event behind the cursor failed once more.
pub async fn note_failure(tx: &mut Tx<'_>, name: &str, from: i64, why: &str) -> Result<(), StoreError> {
    let here = followers::table
        .find((tx.tenant(), name))
        .filter(followers::seq.eq(from));
    let failed = (
        followers::attempts.eq(followers::attempts + 1),
        followers::last_error.eq(why),
    );
    diesel::update(here).set(failed).execute(tx.conn()).await?;
    Ok(())
}

/// Puts an event that cannot be taken aside; it is for people now.
pub async fn bury(tx: &mut Tx<'_>, name: &str, event: &Recorded, attempts: i32, why: &str) -> Result<(), StoreError> {
    let said = (
        dead_letters::reason.eq(why),
        dead_letters::attempts.eq(attempts),
        dead_letters::failed_at.eq(tx.now()),
        dead_letters::is_wanted.eq(false),
    );
    let row = (
        dead_letters::tenant_id.eq(tx.tenant()),
        dead_letters::follower.eq(name),
        dead_letters::seq.eq(event.seq),
        dead_letters::kind.eq(&event.kind),
        said,
    );
    diesel::insert_into(dead_letters::table)
        .values(row)
        .on_conflict((dead_letters::tenant_id, dead_letters::follower, dead_letters::seq))
        .do_update()
        .set(said)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes an event out of the dead: it was taken after all, or is given up. Says whether it was there.
pub async fn let_go(tx: &mut Tx<'_>, name: &str, seq: i64) -> Result<bool, StoreError> {
    let this = dead_letters::table.find((tx.tenant(), name, seq));
    Ok(diesel::delete(this).execute(tx.conn()).await? > 0)
}

/// Asks for one more attempt. Says whether it was there.
pub async fn want(tx: &mut Tx<'_>, name: &str, seq: i64) -> Result<bool, StoreError> {
    let this = dead_letters::table.find((tx.tenant(), name, seq));
    let wanted = diesel::update(this).set(dead_letters::is_wanted.eq(true));
    Ok(wanted.execute(tx.conn()).await? > 0)
}

/// Returns up to `limit` dead letters of a follower before `seq`, newest first; or those that somebody wants tried again.
pub async fn dead(
    tx: &mut Tx<'_>,
    name: &str,
    seq: i64,
    only_wanted: bool,
    limit: i64,
) -> Result<Vec<DeadLetter>, StoreError> {
    let mut query = dead_letters::table
        .filter(dead_letters::tenant_id.eq(tx.tenant()))
        .filter(dead_letters::follower.eq(name).and(dead_letters::seq.lt(seq)))
        .into_boxed();
    if only_wanted {
        query = query.filter(dead_letters::is_wanted);
    }
    Ok(query
        .order(dead_letters::seq.desc())
        .limit(limit)
        .select(DeadLetter::as_select())
        .load(tx.conn())
        .await?)
}

/// Counts the dead letters of each follower.
pub async fn count_dead(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(dead_letters::table
        .filter(dead_letters::tenant_id.eq(tx.tenant()))
        .group_by(dead_letters::follower)
        .select((dead_letters::follower, diesel::dsl::count_star()))
        .load(tx.conn())
        .await?)
}

/// Pauses a follower, or lets it go on.
pub async fn pause(tx: &mut Tx<'_>, name: &str, is_paused: bool) -> Result<(), StoreError> {
    let cursor = find(tx, name).await?;
    let state = match (is_paused, cursor.replay_to) {
        (true, _) => FollowerState::Paused,
        (false, Some(_)) => FollowerState::Replaying,
        (false, None) => FollowerState::Live,
    };
    let this = followers::table.find((tx.tenant(), name));
    let paused = diesel::update(this).set(followers::state.eq(state));
    paused.execute(tx.conn()).await?;
    Ok(())
}

/// Lets a follower hear the log once more, from an event on up to where it was. One that is paused stays so.
pub async fn replay(tx: &mut Tx<'_>, name: &str, from: i64) -> Result<Cursor, StoreError> {
    let cursor = find(tx, name).await?;
    let from = from.clamp(1, cursor.seq + 1);
    let end = cursor.replay_to.unwrap_or(cursor.seq);
    let state = match cursor.state {
        FollowerState::Paused => FollowerState::Paused,
        FollowerState::Live | FollowerState::Replaying => FollowerState::Replaying,
    };
    let this = followers::table.find((tx.tenant(), name));
    let back = (
        followers::seq.eq(from - 1),
        followers::state.eq(state),
        followers::replay_from.eq(from),
        followers::replay_to.eq(end),
        followers::attempts.eq(0),
        followers::last_error.eq(None::<String>),
        followers::updated_at.eq(tx.now()),
    );
    diesel::update(this).set(back).execute(tx.conn()).await?;
    find(tx, name).await
}
