//! How a batch is written: all of it, or else by its tenants, or else one by one.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use kernel::TenantId;
use store::{Scribe, StoreError};
use tokio::time::Instant;

use super::batch::Batch;

/// How long a batch waits for rows that others hold: if many wait with it, not long.
const PATIENCE: Duration = Duration::from_millis(500);
const PATIENCE_ALONE: Duration = Duration::from_secs(2);
/// How long a tenant may be at it, with all that it has to wait for; whoever is behind is told that it takes too long.
const LONGEST_ALONE: Duration = Duration::from_secs(5);
/// So many connections may have died unnoticed.
const TRIES: usize = 4;
const TRY_WITHIN: Duration = Duration::from_secs(1);

/// What became of a batch.
pub(super) enum Outcome {
    Written,
    /// Some items were refused, and their senders know.
    Failed,
    /// Nothing was written; each tenant must try by itself.
    Parted(HashMap<TenantId, Batch>),
    /// The database is away: no item is to blame, and all senders know.
    Unreachable,
}

/// Writes items that many share.
pub(super) async fn together(scribe: &Scribe, mut batch: Batch) -> Outcome {
    match attempt(scribe, &mut batch, PATIENCE).await {
        Ok(()) => {
            batch.succeed();
            Outcome::Written
        }
        Err(error @ StoreError::Unreachable(_)) => {
            batch.fail(&error);
            Outcome::Unreachable
        }
        Err(error) => {
            let n_tenants = batch.tenants().len();
            tracing::warn!(%error, n_tenants, "a batch failed; each of its tenants tries by itself");
            let mut parts: HashMap<TenantId, Batch> = HashMap::new();
            for (tenant, one) in batch.split() {
                parts.entry(tenant).or_default().join(one);
            }
            Outcome::Parted(parts)
        }
    }
}

/// Writes the items of one tenant, which have waited since then; if that fails, one by one.
pub(super) async fn alone(scribe: &Scribe, mut batch: Batch, since: Option<Instant>) -> Outcome {
    let until = since.unwrap_or_else(Instant::now) + LONGEST_ALONE;
    let Some(patience) = left(until, PATIENCE_ALONE) else {
        batch.fail(&StoreError::Busy);
        return Outcome::Failed;
    };
    let Err(error) = attempt(scribe, &mut batch, patience).await else {
        batch.succeed();
        return Outcome::Written;
    };
    if matches!(error, StoreError::Unreachable(_)) {
        batch.fail(&error);
        return Outcome::Unreachable;
    }
    if batch.len() == 1 {
        batch.fail(&error);
        return Outcome::Failed;
    }
    tracing::warn!(%error, items = batch.len(), "a tenant's batch failed; its items are tried one by one");
    let mut away = None;
    for (_, mut one) in batch.split() {
        let outcome = match (&away, left(until, PATIENCE)) {
            (Some(away), _) => Err(StoreError::again(away)),
            (None, None) => Err(StoreError::Busy),
            (None, Some(patience)) => attempt(scribe, &mut one, patience).await,
        };
        match outcome {
            Ok(()) => one.succeed(),
            Err(error) => {
                one.fail(&error);
                away = Some(error).filter(|error| matches!(error, StoreError::Unreachable(_)));
            }
        }
    }
    Outcome::Failed
}

/// How long one attempt may wait, if there is any time left.
fn left(until: Instant, most: Duration) -> Option<Duration> {
    let left = until.checked_duration_since(Instant::now())?;
    // The database knows no less than that.
    Some(left.clamp(Duration::from_millis(1), most))
}

/// Connections that died while nobody used them are no failure of the batch; a panic is one like any other.
async fn attempt(scribe: &Scribe, batch: &mut Batch, patience: Duration) -> Result<(), StoreError> {
    let (tenants, began) = (batch.tenants(), Instant::now());
    let mut last = Ok(());
    for _ in 0..TRIES {
        let writing = scribe.write(tenants.clone(), patience, async |sheet| batch.write(sheet).await);
        let outcome = AssertUnwindSafe(writing).catch_unwind().await;
        last = outcome.unwrap_or(Err(StoreError::Crashed));
        // A connection that died tells so at once; whoever has to wait for it waits in vain.
        let may_help = matches!(last, Err(StoreError::Unreachable(_))) && began.elapsed() < TRY_WITHIN;
        if !may_help {
            break;
        }
    }
    last
}
