//! The limit of writing: rows into the same PostgreSQL, with nothing around them.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_postgres::{Client, Statement};
use uuid::Uuid;

use super::{Ability, Contender, Later, Needs, Server};
use crate::machine::postgres::{self, Postgres};
use crate::measure::Sample;
use crate::options::Options;

pub(crate) const NAME: &str = "raw";

/// Messages of one transaction, and events of the size that ours have.
const BATCH: usize = 100;
const PAYLOAD: usize = 1050;
const TEXT: &str = "Thank you, message 12345 has come; we look into it and write again before the evening.";

pub(super) struct Raw {
    postgres: PathBuf,
}

impl Raw {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            postgres: options.postgres(),
        }
    }
}

impl Contender for Raw {
    fn name(&self) -> &'static str {
        NAME
    }

    fn promises(&self) -> &'static str {
        "the bare inserts: only inserts rows, 100 a transaction; nobody asks and nobody hears"
    }

    fn can(&self, ability: Ability) -> bool {
        ability == Ability::Chat
    }

    fn version(&self) -> Result<String> {
        Ok(format!("PostgreSQL {}", postgres::version(&self.postgres)?))
    }

    fn start<'a>(&'a self, _needs: &'a Needs) -> Later<'a, Rc<dyn Server>> {
        Box::pin(async { bail!("a database is no server of sessions") })
    }
}

/// Inserts in batches with one writer and with four, and one by one with many.
pub(crate) async fn measure(options: &Options) -> Result<Vec<Sample>> {
    let folder = tempfile::Builder::new()
        .prefix("switchboard-bench-")
        .tempdir_in(&options.scratch)?;
    let postgres = Postgres::start(&options.postgres(), folder.path(), None, options.pinned()).await?;
    postgres.connect().await?.batch_execute(TABLES).await?;
    let time = Duration::from_secs_f64(options.seconds);
    let one = write(&postgres, 1, BATCH, time).await?;
    let four = write(&postgres, 4, BATCH, time).await?;
    let single = write(&postgres, 32, 1, time).await?;
    Ok(vec![
        Sample::higher("", "acknowledged", "/s", one.max(four)),
        Sample::beside("", "one writer", "/s", one),
        Sample::beside("", "four writers", "/s", four),
        Sample::beside("", "one a transaction", "/s", single),
    ])
}

/// Rows a second of so many writers.
async fn write(postgres: &Postgres, writers: usize, batch: usize, time: Duration) -> Result<f64> {
    let mut writing = JoinSet::new();
    let warm = Instant::now() + time / 4;
    for _ in 0..writers {
        let writer = Writer::new(postgres.connect().await?, batch).await?;
        writing.spawn_local(writer.run(warm, warm + time));
    }
    let mut rows = 0;
    while let Some(written) = writing.join_next().await {
        rows += written??;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts here stay far below 2^53")]
    Ok(rows as f64 / time.as_secs_f64())
}

/// One connection with a tenant of its own, so that writers need not wait for each other.
struct Writer {
    client: Client,
    statement: Statement,
    tenant: Uuid,
    conversation: Uuid,
    batch: usize,
    position: i64,
}

impl Writer {
    async fn new(client: Client, batch: usize) -> Result<Self> {
        let (tenant, conversation) = (Uuid::now_v7(), Uuid::now_v7());
        let head = "INSERT INTO log_heads VALUES ($1, 0, '', 0)";
        client.execute(head, &[&tenant]).await?;
        let statement = client.prepare(INSERT).await?;
        Ok(Self {
            client,
            statement,
            tenant,
            conversation,
            batch,
            position: 0,
        })
    }

    /// Writes without a pause; returns how many rows were committed between the two times.
    async fn run(mut self, from: Instant, until: Instant) -> Result<usize> {
        let mut rows = 0;
        while Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(written) = timeout(left, self.insert()).await else {
                break;
            };
            written?;
            if Instant::now() >= from {
                rows += self.batch;
            }
        }
        Ok(rows)
    }

    /// One statement is one transaction and one round trip: nothing can be quicker.
    async fn insert(&mut self) -> Result<()> {
        let each = self.batch;
        let first = self.position + 1;
        self.position += i64::try_from(each)?;
        let positions: Vec<i64> = (first..=self.position).collect();
        let conversations = vec![self.conversation; each];
        let ids: Vec<Uuid> = (0..each).map(|_| Uuid::now_v7()).collect();
        let kinds = vec!["reply"; each];
        let authors = vec![self.tenant; each];
        let names = vec!["Ada"; each];
        let texts = vec![TEXT; each];
        let payload = "x".repeat(PAYLOAD);
        let payloads = vec![payload.as_str(); each];
        let hash = [7_u8; 32];
        let hashes = vec![hash.as_slice(); each];
        self.client
            .execute(
                &self.statement,
                &[
                    &self.tenant,
                    &conversations,
                    &positions,
                    &ids,
                    &kinds,
                    &authors,
                    &names,
                    &texts,
                    &payloads,
                    &hashes,
                ],
            )
            .await?;
        Ok(())
    }
}

/// The columns and primary keys of the server's own tables, and nothing else of them.
const TABLES: &str = "
    CREATE TABLE messages (
      tenant_id uuid NOT NULL, conversation_id uuid NOT NULL, position bigint NOT NULL, id uuid NOT NULL,
      kind text NOT NULL, author_kind text NOT NULL, author_id uuid, author_name text NOT NULL, text text NOT NULL,
      activity jsonb, key uuid NOT NULL, at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, conversation_id, position));
    CREATE TABLE events (
      tenant_id uuid NOT NULL, seq bigint NOT NULL, kind text NOT NULL, caller text NOT NULL, subject text NOT NULL,
      payload text, payload_hash bytea NOT NULL, prev_hash bytea NOT NULL, hash bytea NOT NULL, at timestamptz NOT NULL,
      cause text, PRIMARY KEY (tenant_id, seq));
    CREATE TABLE log_heads (
      tenant_id uuid PRIMARY KEY, seq bigint NOT NULL, hash bytea NOT NULL, epoch bigint NOT NULL)";

const INSERT: &str = "
    WITH message AS (
      INSERT INTO messages
      SELECT $1, m.conversation, m.position, m.id, m.kind, 'user', m.author, m.name, m.text, NULL, m.id, now()
      FROM unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[])
        AS m (conversation, position, id, kind, author, name, text)
    ), head AS (
      UPDATE log_heads SET seq = seq + cardinality($3::bigint[]), hash = ($10::bytea[])[1] WHERE tenant_id = $1
      RETURNING seq - cardinality($3::bigint[]) AS seq
    )
    INSERT INTO events
    SELECT $1, head.seq + e.n, 'message.posted', 'user:01a1fd10-8e9a-7632-890f-fe7d24335c4b',
      'conversation:01a1fd10-9001-74f9-b8b5-33054427c6b5', e.payload, e.hash, e.hash, e.hash, now(), NULL
    FROM head, unnest($9::text[], $10::bytea[]) WITH ORDINALITY AS e (payload, hash, n)";
