//! Answers kept for idempotency keys: the same request again gets the answer of the first time.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::Caller;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::schema::idempotency_keys as keys;
use crate::{Store, StoreError, Tx};

/// A key that a client chose, and the hash of the request it came with.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    pub key: String,
    pub request_hash: Vec<u8>,
}

impl IdempotencyKey {
    /// `key` stands for a request with this name and body.
    #[must_use]
    pub fn new(key: &str, operation: &str, body: &[u8]) -> Self {
        let request_hash = Sha256::new()
            .chain_update(operation)
            .chain_update([0])
            .chain_update(body)
            .finalize()
            .to_vec();
        Self {
            key: key.to_owned(),
            request_hash,
        }
    }
}

impl Store {
    /// Like `write`, but a key that was used before returns the earlier answer and runs nothing.
    pub async fn write_once<T: Serialize + DeserializeOwned, E: From<StoreError>>(
        &self,
        caller: &Caller,
        key: Option<&IdempotencyKey>,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(key) = key else {
            return self.write(caller, work).await;
        };
        let first = self.write(caller, async |tx| claim(tx, key, work).await).await;
        match first {
            Ok(Claim::Done(value)) => Ok(value),
            Ok(Claim::Earlier { request_hash, .. }) if request_hash != key.request_hash => {
                Err(StoreError::KeyReused.into())
            }
            Ok(Claim::Earlier { answer, .. }) => serde_json::from_str(&answer).map_err(|e| StoreError::from(e).into()),
            Err(error) => Err(error),
        }
    }
}

enum Claim<T> {
    Done(T),
    Earlier { request_hash: Vec<u8>, answer: String },
}

async fn claim<T: Serialize, E: From<StoreError>>(
    tx: &mut Tx<'_>,
    key: &IdempotencyKey,
    work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<Claim<T>, E> {
    let (tenant, who, now) = (tx.tenant(), tx.caller().who.to_string(), tx.now());
    // The insert waits for a concurrent request with the same key, and then sees its row.
    let claimed = diesel::insert_into(keys::table)
        .values((
            keys::tenant_id.eq(tenant),
            keys::caller.eq(&who),
            keys::key.eq(&key.key),
            keys::request_hash.eq(&key.request_hash),
            keys::answer.eq(""),
            keys::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await
        .map_err(StoreError::from)?;
    let this = keys::table.find((tenant, &who, &key.key));
    if claimed == 0 {
        let earlier = this.select((keys::request_hash, keys::answer)).first(tx.conn()).await;
        let (request_hash, answer) = earlier.map_err(StoreError::from)?;
        return Ok(Claim::Earlier { request_hash, answer });
    }
    let value = work(tx).await?;
    let answer = serde_json::to_string(&value).map_err(StoreError::from)?;
    let kept = diesel::update(this)
        .set(keys::answer.eq(answer))
        .execute(tx.conn())
        .await;
    kept.map_err(StoreError::from)?;
    Ok(Claim::Done(value))
}
