//! Checks the log: gapless, every hash right, the head where it should be.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::Caller;
use sha2::{Digest, Sha256};

use crate::log::{Link, Stored};
use crate::schema::{events, log_heads, tenants};
use crate::{Store, StoreError};

const PAGE: i64 = 2_000;

/// What a check of one tenant's log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every link holds; `erased` payloads are gone on purpose.
    Whole { events: i64, erased: i64 },
    /// The first link that does not hold.
    Broken { seq: i64, why: &'static str },
}

impl Store {
    /// Lists all tenants, by slug.
    pub async fn tenants(&self, caller: &Caller) -> Result<Vec<(uuid::Uuid, String)>, StoreError> {
        self.direct(caller, async |tx| {
            Ok(tenants::table
                .select((tenants::id, tenants::slug))
                .order(tenants::slug)
                .load(tx.conn())
                .await?)
        })
        .await
    }

    /// Walks the whole log of the caller's tenant.
    pub async fn verify_log(&self, caller: &Caller) -> Result<Verdict, StoreError> {
        let (mut walk, head_hash, head_seq) =
            (Walk::default(), self.head_hash(caller).await?, self.head(caller).await?);
        loop {
            let page = self.log_page(caller, walk.seq).await?;
            if page.is_empty() {
                break;
            }
            for stored in &page {
                if stored.seq > head_seq {
                    break;
                }
                if let Err(why) = walk.step(stored) {
                    return Ok(Verdict::Broken { seq: stored.seq, why });
                }
            }
            if walk.seq >= head_seq {
                break;
            }
        }
        if walk.seq != head_seq {
            return Ok(Verdict::Broken {
                seq: walk.seq + 1,
                why: "the newest events are missing",
            });
        }
        if walk.hash != head_hash {
            return Ok(Verdict::Broken {
                seq: walk.seq,
                why: "the head does not match the last event",
            });
        }
        Ok(Verdict::Whole {
            events: walk.seq,
            erased: walk.erased,
        })
    }

    async fn head_hash(&self, caller: &Caller) -> Result<Vec<u8>, StoreError> {
        self.read(caller, async |tx| {
            let tenant = tx.tenant();
            Ok(log_heads::table
                .find(tenant.0)
                .select(log_heads::hash)
                .first(tx.conn())
                .await?)
        })
        .await
    }

    async fn log_page(&self, caller: &Caller, after: i64) -> Result<Vec<Stored>, StoreError> {
        self.read(caller, async |tx| {
            let of_tenant = events::tenant_id.eq(tx.tenant().0);
            let page = events::table
                .filter(of_tenant.and(events::seq.gt(after)))
                .order(events::seq)
                .limit(PAGE)
                .select(Stored::as_select())
                .load(tx.conn())
                .await?;
            Ok(page)
        })
        .await
    }
}

/// How far a check has come.
#[derive(Default)]
struct Walk {
    seq: i64,
    hash: Vec<u8>,
    erased: i64,
}

impl Walk {
    fn step(&mut self, stored: &Stored) -> Result<(), &'static str> {
        if stored.seq != self.seq + 1 {
            return Err("events are missing before it");
        }
        if stored.prev_hash != self.hash {
            return Err("it does not follow the event before it");
        }
        match &stored.payload {
            None => self.erased += 1,
            Some(payload) if Sha256::digest(payload).to_vec() != stored.payload_hash => {
                return Err("its payload was changed");
            }
            Some(_) => {}
        }
        let link = Link {
            seq: stored.seq,
            kind: &stored.kind,
            caller: &stored.caller,
            subject: &stored.subject,
            at: stored.at,
            payload_hash: &stored.payload_hash,
            cause: stored.cause.as_deref(),
        };
        if link.hash(&self.hash) != stored.hash {
            return Err("it was changed");
        }
        self.seq = stored.seq;
        self.hash.clone_from(&stored.hash);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn chain(n: i64) -> Vec<Stored> {
        let mut prev = vec![];
        (1..=n)
            .map(|seq| {
                let payload = format!("{{\"n\":{seq}}}");
                let payload_hash = Sha256::digest(&payload).to_vec();
                let at = DateTime::from_timestamp_micros(seq).unwrap();
                let link = Link {
                    seq,
                    kind: "a.b",
                    caller: "user:1",
                    subject: "a:1",
                    at,
                    payload_hash: &payload_hash,
                    cause: None,
                };
                let hash = link.hash(&prev);
                let prev_hash = std::mem::replace(&mut prev, hash.clone());
                let (kind, caller, subject) = ("a.b".into(), "user:1".into(), "a:1".into());
                Stored {
                    seq,
                    kind,
                    caller,
                    subject,
                    payload: Some(payload),
                    payload_hash,
                    prev_hash,
                    hash,
                    at,
                    cause: None,
                }
            })
            .collect()
    }

    fn walk(chain: &[Stored]) -> Result<i64, (i64, &'static str)> {
        let mut walk = Walk::default();
        for stored in chain {
            walk.step(stored).map_err(|why| (stored.seq, why))?;
        }
        Ok(walk.erased)
    }

    #[test]
    fn a_whole_chain_holds_even_when_payloads_were_erased() {
        let mut whole = chain(5);
        assert_eq!(walk(&whole), Ok(0));
        whole[2].payload = None;
        assert_eq!(walk(&whole), Ok(1));
    }

    #[test]
    fn every_kind_of_tampering_is_found_where_it_happened() {
        type Tamper = fn(&mut Vec<Stored>);
        let table: [(Tamper, (i64, &str)); 6] = [
            (|c| c[2].payload = Some("{}".into()), (3, "its payload was changed")),
            (|c| c[2].kind = "a.c".into(), (3, "it was changed")),
            (|c| c[2].caller = "user:2".into(), (3, "it was changed")),
            (|c| c[2].at += chrono::Duration::microseconds(1), (3, "it was changed")),
            (|c| drop(c.remove(2)), (4, "events are missing before it")),
            (
                |c| c[2].prev_hash = vec![1],
                (3, "it does not follow the event before it"),
            ),
        ];
        for (tamper, expect) in table {
            let mut chain = chain(5);
            tamper(&mut chain);
            assert_eq!(walk(&chain), Err(expect));
        }
    }
}
