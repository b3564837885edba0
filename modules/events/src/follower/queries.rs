//! The followers' queries.

use std::collections::HashMap;

use kernel::FollowerState;
use store::followers::{self, Cursor};
use store::{StoreError, Tx, past};

use super::model::{Follower, ReplayProgress};

/// Returns how far these followers are.
pub(super) async fn list(tx: &mut Tx<'_>, names: &[&'static str]) -> Result<Vec<Follower>, StoreError> {
    let head = past::head(tx).await?;
    let dead: HashMap<String, i64> = followers::count_dead(tx).await?.into_iter().collect();
    let cursors = followers::list(tx).await?;
    let mut all = vec![];
    for name in names {
        let cursor = cursors.iter().find(|cursor| cursor.name == *name);
        let n_dead = dead.get(*name).copied().unwrap_or(0);
        all.push(follower(tx, name, cursor, head, n_dead).await?);
    }
    Ok(all)
}

async fn follower(
    tx: &mut Tx<'_>,
    name: &str,
    cursor: Option<&Cursor>,
    head: i64,
    dead: i64,
) -> Result<Follower, StoreError> {
    let seq = cursor.map_or(0, |cursor| cursor.seq);
    let next = if seq < head {
        Some(past::find(tx, seq + 1).await?)
    } else {
        None
    };
    let replay = cursor.and_then(|cursor| {
        let (from, to) = (cursor.replay_from?, cursor.replay_to?);
        let done = (seq - from + 1).max(0);
        Some(ReplayProgress { from, to, done })
    });
    Ok(Follower {
        name: name.to_owned(),
        // One that has never heard anything is not in the table yet.
        state: cursor.map_or(FollowerState::Live, |cursor| cursor.state),
        seq,
        head,
        behind: (head - seq).max(0),
        behind_since: next.map(|event| event.at),
        attempts: cursor.map_or(0, |cursor| cursor.attempts),
        last_error: cursor.and_then(|cursor| cursor.last_error.clone()),
        dead,
        replay,
    })
}
