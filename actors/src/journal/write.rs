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

/// Writes the items of one tenant; if that fails, one by one.
pub(super) async fn alone(scribe: &Scribe, mut batch: Batch) -> Outcome {
    let Err(mut error) = attempt(scribe, &mut batch, PATIENCE_ALONE).await else {
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
    let mut is_away = false;
    for (_, mut one) in batch.split() {
        if is_away {
            one.fail(&error);
            continue;
        }
        match attempt(scribe, &mut one, PATIENCE_ALONE).await {
            Ok(()) => one.succeed(),
            Err(cause) => {
                is_away = matches!(cause, StoreError::Unreachable(_));
                one.fail(&cause);
                error = cause;
            }
        }
    }
    Outcome::Failed
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
