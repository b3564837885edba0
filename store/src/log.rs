//! The log: every event of a tenant, gapless, in commit order, each hashed together with the one before it.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{Announcement, Caller, Cause, Recorded, TenantId};
use sha2::{Digest, Sha256};

use crate::schema::events;
use crate::{Committed, StoreError, Tx};

/// An event that waits for its place in the log.
pub(crate) struct Draft {
    tenant: TenantId,
    caller: String,
    cause: Option<Cause>,
    announcement: Announcement,
}

impl Draft {
    pub(crate) fn new(caller: &Caller, announcement: Announcement) -> Self {
        Self {
            tenant: caller.tenant,
            caller: caller.who.to_string(),
            cause: caller.cause,
            announcement,
        }
    }
}

/// Where a tenant's log ends.
#[derive(Debug)]
pub(crate) struct Head {
    seq: i64,
    hash: Vec<u8>,
}

pub(crate) type Heads = HashMap<TenantId, Head>;

/// Finds where the logs of these tenants end. They stay locked until the commit, so `seq` follows commit order.
pub(crate) async fn lock_heads(mut conn: &AsyncPgConnection, tenants: Vec<uuid::Uuid>) -> Result<Heads, StoreError> {
    let rows: Vec<(uuid::Uuid, i64, Vec<u8>)> = LockHeads { tenants }.load(&mut conn).await?;
    let heads = rows
        .into_iter()
        .map(|(tenant, seq, hash)| (TenantId(tenant), Head { seq, hash }));
    Ok(heads.collect())
}

/// Lets a connection know the statement that adds events: adding none is nothing.
pub(crate) async fn prepare(mut conn: &AsyncPgConnection) -> QueryResult<()> {
    AddEvents::new(DateTime::UNIX_EPOCH).execute(&mut conn).await?;
    Ok(())
}

/// What goes into the log, each event behind the one before it.
pub(crate) struct Entries {
    statement: AddEvents,
    events: HashMap<TenantId, Vec<Recorded>>,
}

impl Entries {
    /// Gives every draft its place behind the heads.
    pub(crate) fn chain(drafts: Vec<Draft>, mut heads: Heads, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let mut entries = Self {
            statement: AddEvents::new(now),
            events: HashMap::new(),
        };
        for draft in drafts {
            let Draft {
                tenant,
                caller,
                cause,
                announcement,
            } = &draft;
            let (tenant, cause) = (*tenant, *cause);
            let cause_text = cause.map(|cause| cause.to_string());
            let head = heads.get_mut(&tenant).ok_or(StoreError::NotFound)?;
            head.seq += 1;
            let payload_hash = Sha256::digest(announcement.payload.as_bytes()).to_vec();
            let link = Link {
                seq: head.seq,
                kind: announcement.kind,
                caller,
                subject: &announcement.subject,
                at: now,
                payload_hash: &payload_hash,
                cause: cause_text.as_deref(),
            };
            let hash = link.hash(&head.hash);
            let prev = std::mem::replace(&mut head.hash, hash);
            entries.statement.push(&draft, head, payload_hash, prev, cause_text);
            let Draft {
                caller, announcement, ..
            } = draft;
            entries.events.entry(tenant).or_default().push(Recorded {
                tenant,
                seq: head.seq,
                kind: announcement.kind.to_owned(),
                caller,
                subject: announcement.subject,
                payload: Some(announcement.payload),
                contact: announcement.contact,
                cause,
                at: now,
            });
        }
        let moved = heads
            .into_iter()
            .filter(|(tenant, _)| entries.events.contains_key(tenant));
        for (tenant, head) in moved {
            entries.statement.heads.push(tenant.0);
            entries.statement.new_seqs.push(head.seq);
            entries.statement.new_hashes.push(head.hash);
        }
        Ok(entries)
    }

    /// Adds them, and moves the heads. On a connection that knows the statement, it is sent at once.
    pub(crate) async fn add(&self, mut conn: &AsyncPgConnection) -> Result<(), StoreError> {
        if self.events.is_empty() {
            return Ok(());
        }
        (&self.statement).execute(&mut conn).await?;
        Ok(())
    }

    /// What there is to tell once they are committed.
    pub(crate) fn committed(self) -> Vec<Committed> {
        let events = self.events.into_iter();
        events.map(|(tenant, events)| Committed { tenant, events }).collect()
    }
}

impl Tx<'_> {
    /// Adds what was announced to the log, if anything was.
    pub(crate) async fn record(&mut self) -> Result<Option<Entries>, StoreError> {
        if self.drafts.is_empty() {
            return Ok(None);
        }
        let drafts: Vec<_> = self.drafts.drain(..).collect::<Result<_, _>>()?;
        let heads = lock_heads(self.conn, vec![self.tenant().0]).await?;
        let entries = Entries::chain(drafts, heads, self.now)?;
        entries.add(self.conn).await?;
        Ok(Some(entries))
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
    pub(crate) cause: Option<String>,
}

/// What one link of the chain is made of. The payload is in it by its hash, so that erasing it leaves the chain whole.
pub(crate) struct Link<'a> {
    pub(crate) seq: i64,
    pub(crate) kind: &'a str,
    pub(crate) caller: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) at: DateTime<Utc>,
    pub(crate) payload_hash: &'a [u8],
    /// What came of nothing is hashed as it was before causes were known.
    pub(crate) cause: Option<&'a str>,
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
        ]
        .into_iter()
        .chain(self.cause.map(str::as_bytes))
        {
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
    /// Locks the heads, always in the same order.
    LockHeads {
        tenants: Vec<uuid::Uuid> => sql_types::Array<sql_types::Uuid>,
    }
    "SELECT tenant_id, seq, hash FROM log_heads WHERE tenant_id = ANY (?) ORDER BY tenant_id FOR UPDATE",
    returns (sql_types::Uuid, sql_types::BigInt, sql_types::Binary)
}

crate::statement! {
    /// Moves the heads, which are locked, and adds any number of events.
    AddEvents {
        heads: Vec<uuid::Uuid> => sql_types::Array<sql_types::Uuid>,
        new_seqs: Vec<i64> => sql_types::Array<sql_types::BigInt>,
        new_hashes: Vec<Vec<u8>> => sql_types::Array<sql_types::Binary>,
        at: DateTime<Utc> => sql_types::Timestamptz,
        tenants: Vec<uuid::Uuid> => sql_types::Array<sql_types::Uuid>,
        seqs: Vec<i64> => sql_types::Array<sql_types::BigInt>,
        kinds: Vec<&'static str> => sql_types::Array<sql_types::Text>,
        callers: Vec<String> => sql_types::Array<sql_types::Text>,
        subjects: Vec<String> => sql_types::Array<sql_types::Text>,
        payloads: Vec<SharedText> => sql_types::Array<sql_types::Text>,
        payload_hashes: Vec<Vec<u8>> => sql_types::Array<sql_types::Binary>,
        prev_hashes: Vec<Vec<u8>> => sql_types::Array<sql_types::Binary>,
        hashes: Vec<Vec<u8>> => sql_types::Array<sql_types::Binary>,
        contacts: Vec<Option<uuid::Uuid>> => sql_types::Array<sql_types::Nullable<sql_types::Uuid>>,
        causes: Vec<Option<String>> => sql_types::Array<sql_types::Nullable<sql_types::Text>>,
    }
    "WITH head AS (
       UPDATE log_heads AS h SET seq = n.seq, hash = n.hash FROM unnest(?, ?, ?) AS n (tenant_id, seq, hash)
       WHERE h.tenant_id = n.tenant_id
     )
     INSERT INTO events (at, tenant_id, seq, kind, caller, subject, payload, payload_hash, prev_hash, hash, contact_id, cause)
     SELECT ?, e.* FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS e"
}

impl AddEvents {
    fn new(at: DateTime<Utc>) -> Self {
        Self {
            heads: vec![],
            new_seqs: vec![],
            new_hashes: vec![],
            at,
            tenants: vec![],
            seqs: vec![],
            kinds: vec![],
            callers: vec![],
            subjects: vec![],
            payloads: vec![],
            payload_hashes: vec![],
            prev_hashes: vec![],
            hashes: vec![],
            contacts: vec![],
            causes: vec![],
        }
    }

    fn push(&mut self, draft: &Draft, head: &Head, payload_hash: Vec<u8>, prev_hash: Vec<u8>, cause: Option<String>) {
        let Announcement {
            kind, subject, payload, ..
        } = &draft.announcement;
        self.tenants.push(draft.tenant.0);
        self.seqs.push(head.seq);
        self.kinds.push(kind);
        self.callers.push(draft.caller.clone());
        self.subjects.push(subject.clone());
        self.payloads.push(SharedText(payload.clone()));
        self.payload_hashes.push(payload_hash);
        self.prev_hashes.push(prev_hash);
        self.hashes.push(head.hash.clone());
        self.contacts.push(draft.announcement.contact.map(|contact| contact.0));
        self.causes.push(cause);
    }
}
