//! How conversations are written: many lines, or many marks, in a few statements.

mod labels;
mod marks;

use std::collections::HashSet;

use actors::{Bulk, Item};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::future::{join3, try_join_all};
use kernel::Announcement;
use kernel::rich::Document;
use store::outbox::Parcel;
use store::{Sheet, StoreError};
use uuid::Uuid;

use super::{MessageKind, Record, WAKE_TIMER};
use crate::conversation::{Activity, Message};
pub(super) use marks::Mark;

/// One more line, what the conversation is after it, and the event that says so.
pub(super) struct Turn {
    pub(super) record: Record,
    pub(super) line: Message,
    pub(super) announcement: Announcement,
    /// Whether a reply has to be handed to a provider.
    pub(super) has_provider: bool,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Stored,
    /// Its key, or its place, was taken already.
    Taken,
}

impl Turn {
    fn parcel(&self, at: DateTime<Utc>) -> Option<Parcel> {
        (self.has_provider && self.line.kind == MessageKind::Reply).then(|| Parcel {
            tenant_id: self.record.tenant_id,
            id: Uuid::now_v7(),
            channel_id: self.record.channel_id,
            conversation_id: self.record.id,
            position: self.line.position,
            contact_id: self.record.contact_id,
            text: self.line.text.clone(),
            attempts: 0,
            next_at: at,
            rich: self.line.rich.clone(),
        })
    }
}

impl Bulk for Turn {
    type Written = Written;

    async fn write_all(sheet: &Sheet<'_>, turns: &[Item<Self>]) -> Result<Vec<Written>, StoreError> {
        let written: Vec<(Uuid, i64, i64)> = WriteTurns::of(turns).load(&mut sheet.conn()).await?;
        // No foreign key looks after the lines: without their conversations they must not stay.
        if written
            .iter()
            .any(|(_, _, n_changed)| usize::try_from(*n_changed) != Ok(written.len()))
        {
            return Err(StoreError::NotFound);
        }
        let stored: HashSet<_> = written.into_iter().map(|(id, position, _)| (id, position)).collect();
        let is_stored = |turn: &Turn| stored.contains(&(turn.line.conversation_id.0, turn.line.position));
        let new: Vec<_> = turns.iter().filter(|turn| is_stored(&turn.value)).collect();
        let parcels: Vec<_> = new.iter().filter_map(|turn| turn.value.parcel(sheet.now())).collect();
        // What few lines bring along goes out together.
        let activities = new.iter().filter(|turn| turn.value.line.activity.is_some());
        let timers = activities.map(|turn| set_wake_timer(sheet, &turn.value));
        let (enqueued, timed, labeled) = join3(
            sheet.enqueue(&parcels),
            try_join_all(timers),
            labels::set_labels(sheet, new.iter().map(|turn| &turn.value)),
        )
        .await;
        enqueued.and(timed.map(drop)).and(labeled)?;
        for turn in new {
            sheet.announce_written(&turn.caller, turn.value.announcement.clone());
        }
        Ok(turns
            .iter()
            .map(|turn| {
                if is_stored(&turn.value) {
                    Written::Stored
                } else {
                    Written::Taken
                }
            })
            .collect())
    }
}

/// A snooze that a customer relies on is a row, not a timer in memory.
async fn set_wake_timer(sheet: &Sheet<'_>, turn: &Turn) -> Result<(), StoreError> {
    let (tenant, id) = (turn.record.tenant_id, turn.record.id.0);
    match (&turn.line.activity, turn.record.snoozed_until) {
        (Some(Activity::Snoozed { .. }), Some(until)) => sheet.set_timer(tenant, WAKE_TIMER, id, until).await,
        (Some(Activity::Opened | Activity::Pended | Activity::Resolved), _) => {
            sheet.clear_timer(tenant, WAKE_TIMER, id).await
        }
        // A message that wakes a snoozed conversation leaves the timer: when it is due it finds nothing to do.
        _ => Ok(()),
    }
}

store::statement! {
    /// Adds lines, and brings their conversations to what they are after them. A line whose key or place is taken is left
    /// out of the answer, and its conversation stays as it is. Each row says how many conversations were changed in all.
    WriteTurns {
        tenants: Vec<Uuid> => Array<SqlUuid>,
        conversations: Vec<Uuid> => Array<SqlUuid>,
        positions: Vec<i64> => Array<BigInt>,
        ids: Vec<Uuid> => Array<SqlUuid>,
        kinds: Vec<&'static str> => Array<Text>,
        author_kinds: Vec<&'static str> => Array<Text>,
        author_ids: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        author_names: Vec<String> => Array<Text>,
        texts: Vec<String> => Array<Text>,
        activities: Vec<Option<Activity>> => Array<Nullable<Jsonb>>,
        keys: Vec<Uuid> => Array<SqlUuid>,
        ats: Vec<DateTime<Utc>> => Array<Timestamptz>,
        rich: Vec<Option<Document>> => Array<Nullable<Text>>,
        same_tenants: Vec<Uuid> => Array<SqlUuid>,
        same_conversations: Vec<Uuid> => Array<SqlUuid>,
        statuses: Vec<&'static str> => Array<Text>,
        snoozed: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        resolved: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        priorities: Vec<&'static str> => Array<Text>,
        assignees: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        n_messages: Vec<i64> => Array<BigInt>,
        n_customer: Vec<i64> => Array<BigInt>,
        n_replies: Vec<i64> => Array<BigInt>,
        last: Vec<Option<super::LastMessage>> => Array<Nullable<Text>>,
        reply_positions: Vec<i64> => Array<BigInt>,
        reply_by: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        waiting: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        versions: Vec<i64> => Array<BigInt>,
        activity: Vec<DateTime<Utc>> => Array<Timestamptz>,
    }
    "WITH added AS (
       INSERT INTO messages (tenant_id, conversation_id, position, id, kind, author_kind, author_id, author_name, text, activity, key, at, rich)
       SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING
       RETURNING conversation_id, position
     ), changed AS (
       UPDATE conversations AS c SET
         status = n.status, snoozed_until = n.snoozed_until, resolved_at = n.resolved_at, priority = n.priority,
         assignee_id = n.assignee_id, n_messages = n.n_messages, n_customer_messages = n.n_customer_messages,
         n_replies = n.n_replies, last_message = n.last_message, last_reply_position = n.last_reply_position,
         last_reply_by = n.last_reply_by, waiting_since = n.waiting_since, version = n.version, last_activity_at = n.last_activity_at
       FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS n (tenant_id, id, status, snoozed_until, resolved_at, priority,
         assignee_id, n_messages, n_customer_messages, n_replies, last_message, last_reply_position, last_reply_by,
         waiting_since, version, last_activity_at)
       JOIN added AS a ON a.conversation_id = n.id AND a.position = n.n_messages
       WHERE c.tenant_id = n.tenant_id AND c.id = n.id
       RETURNING c.id
     )
     SELECT conversation_id, position, (SELECT count(*) FROM changed) FROM added",
    returns (SqlUuid, BigInt, BigInt)
}

impl WriteTurns {
    fn of(turns: &[Item<Turn>]) -> Self {
        let lines = || turns.iter().map(|turn| &turn.value.line);
        let records = || turns.iter().map(|turn| &turn.value.record);
        let tenants: Vec<_> = records().map(|record| record.tenant_id.0).collect();
        Self {
            tenants: tenants.clone(),
            conversations: lines().map(|line| line.conversation_id.0).collect(),
            positions: lines().map(|line| line.position).collect(),
            ids: lines().map(|line| line.id.0).collect(),
            kinds: lines().map(|line| line.kind.word()).collect(),
            author_kinds: lines().map(|line| line.author.kind.word()).collect(),
            author_ids: lines().map(|line| line.author.id).collect(),
            author_names: lines().map(|line| line.author.name.clone()).collect(),
            texts: lines().map(|line| line.text.clone()).collect(),
            activities: lines().map(|line| line.activity.clone()).collect(),
            keys: lines().map(|line| line.key).collect(),
            ats: lines().map(|line| line.at).collect(),
            rich: if lines().any(|line| line.rich.is_some()) {
                lines().map(|line| line.rich.clone()).collect()
            } else {
                // `unnest` reads a list that ends early as one of nulls.
                vec![]
            },
            same_tenants: tenants,
            same_conversations: records().map(|record| record.id.0).collect(),
            statuses: records().map(|record| record.status.word()).collect(),
            snoozed: records().map(|record| record.snoozed_until).collect(),
            resolved: records().map(|record| record.resolved_at).collect(),
            priorities: records().map(|record| record.priority.word()).collect(),
            assignees: records().map(|record| record.assignee_id.map(|id| id.0)).collect(),
            n_messages: records().map(|record| record.n_messages).collect(),
            n_customer: records().map(|record| record.n_customer_messages).collect(),
            n_replies: records().map(|record| record.n_replies).collect(),
            last: records().map(|record| record.last_message.clone()).collect(),
            reply_positions: records().map(|record| record.last_reply_position).collect(),
            reply_by: records().map(|record| record.last_reply_by.map(|id| id.0)).collect(),
            waiting: records().map(|record| record.waiting_since).collect(),
            versions: records().map(|record| record.version).collect(),
            activity: records().map(|record| record.last_activity_at).collect(),
        }
    }
}
