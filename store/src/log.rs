//! The log: every event of a tenant, gapless, in commit order, each hashed together with the one before it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use kernel::{Announcement, Caller, Concerns, Recorded, TenantId};
use sha2::{Digest, Sha256};

use crate::schema::{events, log_heads};
use crate::{Store, StoreError, Tx};

/// An event that waits for its place in the log.
pub(crate) struct Draft {
    pub(crate) caller: String,
    pub(crate) announcement: serde_json::Result<Announcement>,
}

/// Where a tenant's log ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    seq: i64,
    hash: Vec<u8>,
}

/// Where the logs ended when they were last written here. Another writer may have been faster; whoever uses this finds out.
#[derive(Default)]
pub(crate) struct Heads(Mutex<HashMap<TenantId, Head>>);

impl Heads {
    pub(crate) fn get(&self, tenant: TenantId) -> Option<Head> {
        self.table().get(&tenant).cloned()
    }

    pub(crate) fn put(&self, tenant: TenantId, head: Head) {
        self.table().insert(tenant, head);
    }

    fn table(&self) -> MutexGuard<'_, HashMap<TenantId, Head>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was appended, and where the log ends with it.
pub(crate) struct Appended {
    pub(crate) events: Vec<Recorded>,
    pub(crate) head: Head,
}

impl Tx<'_> {
    /// Appends what was announced, if anything was. The tenant's head stays locked until the commit, so `seq` follows commit order.
    pub(crate) async fn record(&mut self) -> Result<Option<Appended>, StoreError> {
        let mut drafts = vec![];
        for Draft { caller, announcement } in std::mem::take(&mut self.drafts) {
            drafts.push((caller, announcement?));
        }
        if drafts.is_empty() {
            return Ok(None);
        }
        let tenant = self.tenant();
        if let Some(known) = self.heads.get(tenant) {
            let seq = known.seq;
            if let Some(head) = self.append(&drafts, known).await? {
                return Ok(Some(self.appended(drafts, seq, head)));
            }
        }
        let (seq, hash) = log_heads::table
            .find(tenant.0)
            .select((log_heads::seq, log_heads::hash))
            .for_update()
            .first(self.conn)
            .await?;
        let found = Head { seq, hash };
        let head = self.append(&drafts, found).await?.ok_or(StoreError::NotFound)?;
        Ok(Some(self.appended(drafts, seq, head)))
    }

    /// Appends behind `head`; returns the new one, or nothing if the log ended somewhere else.
    async fn append(&mut self, drafts: &[(String, Announcement)], head: Head) -> Result<Option<Head>, StoreError> {
        let Head {
            mut seq,
            hash: mut prev,
        } = head;
        let mut append = Append::new(self.tenant(), self.now, seq);
        for (caller, announcement) in drafts {
            seq += 1;
            let payload_hash = Sha256::digest(announcement.payload.as_bytes()).to_vec();
            let link = Link {
                seq,
                kind: announcement.kind,
                caller,
                subject: &announcement.subject,
                at: self.now,
                payload_hash: &payload_hash,
            };
            let hash = link.hash(&prev);
            append.push(&link, announcement.payload.clone(), prev, hash.clone());
            prev = hash;
        }
        append.new_seq = seq;
        append.new_hash.clone_from(&prev);
        let moved: Vec<i64> = append.load(self.conn).await?;
        let new = Head { seq, hash: prev };
        Ok((!moved.is_empty()).then_some(new))
    }

    fn appended(&self, drafts: Vec<(String, Announcement)>, mut seq: i64, head: Head) -> Appended {
        let (tenant, at) = (self.tenant(), self.now);
        let recorded = drafts.into_iter().map(|(caller, announcement)| {
            seq += 1;
            Recorded {
                tenant,
                seq,
                kind: announcement.kind.to_owned(),
                caller,
                subject: announcement.subject,
                payload: Some(announcement.payload),
                concerns: announcement.contact.into(),
                at,
            }
        });
        let events = recorded.collect();
        Appended { events, head }
    }
}

impl Store {
    /// Returns the newest place in the tenant's log.
    pub async fn head(&self, caller: &Caller) -> Result<i64, StoreError> {
        self.read(caller, async |tx| {
            let tenant = tx.tenant();
            Ok(log_heads::table
                .find(tenant.0)
                .select(log_heads::seq)
                .first(tx.conn())
                .await?)
        })
        .await
    }

    /// Returns up to `limit` events after `seq`, oldest first.
    pub async fn events_after(&self, caller: &Caller, seq: i64, limit: i64) -> Result<Vec<Recorded>, StoreError> {
        let tenant = caller.tenant;
        let rows: Vec<Stored> = self
            .read(caller, async |tx| {
                let rows = events::table
                    .filter(events::tenant_id.eq(tenant.0).and(events::seq.gt(seq)))
                    .order(events::seq)
                    .limit(limit)
                    .select(Stored::as_select())
                    .load(tx.conn())
                    .await?;
                Ok::<_, StoreError>(rows)
            })
            .await?;
        Ok(rows.into_iter().map(|row| row.recorded(tenant)).collect())
    }
}

/// One event as the table keeps it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(Pg))]
pub(crate) struct Stored {
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) caller: String,
    pub(crate) subject: String,
    pub(crate) payload: Option<String>,
    pub(crate) payload_hash: Vec<u8>,
    pub(crate) prev_hash: Vec<u8>,
    pub(crate) hash: Vec<u8>,
    pub(crate) at: DateTime<Utc>,
}

impl Stored {
    fn recorded(self, tenant: TenantId) -> Recorded {
        Recorded {
            tenant,
            seq: self.seq,
            kind: self.kind,
            caller: self.caller,
            subject: self.subject,
            payload: self.payload.map(Arc::from),
            concerns: Concerns::Unread,
            at: self.at,
        }
    }
}

/// What one link of the chain is made of. The payload is in it by its hash, so that erasing it leaves the chain whole.
pub(crate) struct Link<'a> {
    pub(crate) seq: i64,
    pub(crate) kind: &'a str,
    pub(crate) caller: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) at: DateTime<Utc>,
    pub(crate) payload_hash: &'a [u8],
}

impl Link<'_> {
    /// The hash over this link and, through `prev`, over all before it.
    pub(crate) fn hash(&self, prev: &[u8]) -> Vec<u8> {
        let mut sha = Sha256::new();
        sha.update(self.seq.to_be_bytes());
        sha.update(self.at.timestamp_micros().to_be_bytes());
        for part in [
            prev,
            self.kind.as_bytes(),
            self.caller.as_bytes(),
            self.subject.as_bytes(),
            self.payload_hash,
        ] {
            // The length first, so that no two different links read the same.
            sha.update((part.len() as u64).to_be_bytes());
            sha.update(part);
        }
        sha.finalize().to_vec()
    }
}

/// A text that others hold, too.
#[derive(Debug)]
struct SharedText(Arc<str>);

impl ToSql<sql_types::Text, Pg> for SharedText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <str as ToSql<sql_types::Text, Pg>>::to_sql(&self.0, out)
    }
}

crate::statement! {
    /// Moves the head and adds any number of events, or does nothing if the head is not where it was thought to be.
    Append {
        new_seq: i64 => sql_types::BigInt,
        new_hash: Vec<u8> => sql_types::Binary,
        of: uuid::Uuid => sql_types::Uuid,
        known_seq: i64 => sql_types::BigInt,
        tenant: uuid::Uuid => sql_types::Uuid,
        at: DateTime<Utc> => sql_types::Timestamptz,
        seqs: Vec<i64> => sql_types::Array<sql_types::BigInt>,
        kinds: Vec<String> => sql_types::Array<sql_types::Text>,
        callers: Vec<String> => sql_types::Array<sql_types::Text>,
        subjects: Vec<String> => sql_types::Array<sql_types::Text>,
        payloads: Vec<SharedText> => sql_types::Array<sql_types::Text>,
        payload_hashes: Vec<Vec<u8>> => sql_types::Array<sql_types::Binary>,
        prev_hashes: Vec<Vec<u8>> => sql_types::Array<sql_types::Binary>,
        hashes: Vec<Vec<u8>> => sql_types::Array<sql_types::Binary>,
    }
    "WITH head AS (
       UPDATE log_heads SET seq = ?, hash = ? WHERE tenant_id = ? AND seq = ? RETURNING seq
     ), added AS (
       INSERT INTO events (tenant_id, at, seq, kind, caller, subject, payload, payload_hash, prev_hash, hash)
       SELECT ?, ?, e.* FROM head, unnest(?, ?, ?, ?, ?, ?, ?, ?) AS e
     )
     SELECT seq FROM head",
    returns sql_types::BigInt
}

impl Append {
    fn new(tenant: TenantId, at: DateTime<Utc>, known_seq: i64) -> Self {
        Self {
            new_seq: known_seq,
            new_hash: vec![],
            of: tenant.0,
            known_seq,
            tenant: tenant.0,
            at,
            seqs: vec![],
            kinds: vec![],
            callers: vec![],
            subjects: vec![],
            payloads: vec![],
            payload_hashes: vec![],
            prev_hashes: vec![],
            hashes: vec![],
        }
    }

    fn push(&mut self, link: &Link<'_>, payload: Arc<str>, prev: Vec<u8>, hash: Vec<u8>) {
        self.seqs.push(link.seq);
        self.kinds.push(link.kind.to_owned());
        self.callers.push(link.caller.to_owned());
        self.subjects.push(link.subject.to_owned());
        self.payloads.push(SharedText(payload));
        self.payload_hashes.push(link.payload_hash.to_vec());
        self.prev_hashes.push(prev);
        self.hashes.push(hash);
    }
}
