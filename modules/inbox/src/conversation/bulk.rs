//! How conversations are written: many lines, or many marks, in a few statements.

use std::collections::HashSet;

use actors::{Bulk, Item};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kernel::Announcement;
use store::outbox::Parcel;
use store::{StoreError, Tx};
use uuid::Uuid;

use super::{MessageKind, Record, WAKE_TIMER};
use crate::conversation::{Activity, Message};
use crate::events::{ConversationRead, ConversationReceived, InboxEvent, Reader};

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
        })
    }
}

impl Bulk for Turn {
    type Written = Written;

    async fn write_all(tx: &mut Tx<'_>, turns: &[Item<Self>]) -> Result<Vec<Written>, StoreError> {
        let lines = turns.iter().map(|turn| &turn.value.line);
        let stored: Vec<(Uuid, i64)> = InsertLines::of(tx.tenant().0, lines).load(tx.conn()).await?;
        let stored: HashSet<_> = stored.into_iter().collect();
        let is_stored = |turn: &Turn| stored.contains(&(turn.line.conversation_id.0, turn.line.position));
        let new: Vec<_> = turns.iter().filter(|turn| is_stored(&turn.value)).collect();
        if !new.is_empty() {
            let updated = UpdateRecords::of(tx.tenant().0, new.iter().map(|turn| &turn.value.record))
                .execute(tx.conn())
                .await?;
            // No foreign key looks after the lines: without their conversations they must not stay.
            if updated != new.len() {
                return Err(StoreError::NotFound);
            }
        }
        let now = tx.now();
        let parcels: Vec<_> = new.iter().filter_map(|turn| turn.value.parcel(now)).collect();
        tx.enqueue(&parcels).await?;
        for turn in new {
            set_wake_timer(tx, &turn.value).await?;
            tx.announce_written(&turn.caller, turn.value.announcement.clone());
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
async fn set_wake_timer(tx: &mut Tx<'_>, turn: &Turn) -> Result<(), StoreError> {
    match (&turn.line.activity, turn.record.snoozed_until) {
        (Some(Activity::Snoozed { .. }), Some(until)) => tx.set_timer(WAKE_TIMER, turn.record.id.0, until).await,
        (Some(Activity::Opened | Activity::Pended | Activity::Resolved), _) => {
            tx.clear_timer(WAKE_TIMER, turn.record.id.0).await
        }
        // A message that wakes a snoozed conversation leaves the timer: when it is due it finds nothing to do.
        _ => Ok(()),
    }
}

store::statement! {
    /// Adds lines; those whose key or place is taken are left out of the answer.
    InsertLines {
        tenant: Uuid => SqlUuid,
        conversations: Vec<Uuid> => Array<SqlUuid>,
        positions: Vec<i64> => Array<BigInt>,
        ids: Vec<Uuid> => Array<SqlUuid>,
        kinds: Vec<String> => Array<Text>,
        author_kinds: Vec<String> => Array<Text>,
        author_ids: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        author_names: Vec<String> => Array<Text>,
        texts: Vec<String> => Array<Text>,
        activities: Vec<Option<Activity>> => Array<Nullable<Jsonb>>,
        keys: Vec<Uuid> => Array<SqlUuid>,
        ats: Vec<DateTime<Utc>> => Array<Timestamptz>,
    }
    "INSERT INTO messages (tenant_id, conversation_id, position, id, kind, author_kind, author_id, author_name, text, activity, key, at)
     SELECT ?, l.* FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS l
     ON CONFLICT DO NOTHING
     RETURNING conversation_id, position",
    returns (SqlUuid, BigInt)
}

impl InsertLines {
    fn of<'a>(tenant: Uuid, lines: impl Iterator<Item = &'a Message>) -> Self {
        let mut all = Self {
            tenant,
            conversations: vec![],
            positions: vec![],
            ids: vec![],
            kinds: vec![],
            author_kinds: vec![],
            author_ids: vec![],
            author_names: vec![],
            texts: vec![],
            activities: vec![],
            keys: vec![],
            ats: vec![],
        };
        for line in lines {
            all.conversations.push(line.conversation_id.0);
            all.positions.push(line.position);
            all.ids.push(line.id.0);
            all.kinds.push(line.kind.word().to_owned());
            all.author_kinds.push(line.author.kind.word().to_owned());
            all.author_ids.push(line.author.id);
            all.author_names.push(line.author.name.clone());
            all.texts.push(line.text.clone());
            all.activities.push(line.activity.clone());
            all.keys.push(line.key);
            all.ats.push(line.at);
        }
        all
    }
}

store::statement! {
    /// Brings conversations to what they are after their newest lines.
    UpdateRecords {
        ids: Vec<Uuid> => Array<SqlUuid>,
        statuses: Vec<String> => Array<Text>,
        snoozed: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        resolved: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        priorities: Vec<String> => Array<Text>,
        assignees: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        n_messages: Vec<i64> => Array<BigInt>,
        n_customer: Vec<i64> => Array<BigInt>,
        n_replies: Vec<i64> => Array<BigInt>,
        last: Vec<Option<super::LastMessage>> => Array<Nullable<Jsonb>>,
        reply_positions: Vec<i64> => Array<BigInt>,
        reply_by: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        waiting: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        versions: Vec<i64> => Array<BigInt>,
        activity: Vec<DateTime<Utc>> => Array<Timestamptz>,
        tenant: Uuid => SqlUuid,
    }
    "UPDATE conversations AS c SET
       status = n.status, snoozed_until = n.snoozed_until, resolved_at = n.resolved_at, priority = n.priority,
       assignee_id = n.assignee_id, n_messages = n.n_messages, n_customer_messages = n.n_customer_messages,
       n_replies = n.n_replies, last_message = n.last_message, last_reply_position = n.last_reply_position,
       last_reply_by = n.last_reply_by, waiting_since = n.waiting_since, version = n.version, last_activity_at = n.last_activity_at
     FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS n (id, status, snoozed_until, resolved_at, priority,
       assignee_id, n_messages, n_customer_messages, n_replies, last_message, last_reply_position, last_reply_by,
       waiting_since, version, last_activity_at)
     WHERE c.tenant_id = ? AND c.id = n.id"
}

impl UpdateRecords {
    fn of<'a>(tenant: Uuid, records: impl Iterator<Item = &'a Record>) -> Self {
        let mut all = Self {
            ids: vec![],
            statuses: vec![],
            snoozed: vec![],
            resolved: vec![],
            priorities: vec![],
            assignees: vec![],
            n_messages: vec![],
            n_customer: vec![],
            n_replies: vec![],
            last: vec![],
            reply_positions: vec![],
            reply_by: vec![],
            waiting: vec![],
            versions: vec![],
            activity: vec![],
            tenant,
        };
        for record in records {
            all.ids.push(record.id.0);
            all.statuses.push(record.status.word().to_owned());
            all.snoozed.push(record.snoozed_until);
            all.resolved.push(record.resolved_at);
            all.priorities.push(record.priority.word().to_owned());
            all.assignees.push(record.assignee_id.map(|id| id.0));
            all.n_messages.push(record.n_messages);
            all.n_customer.push(record.n_customer_messages);
            all.n_replies.push(record.n_replies);
            all.last.push(record.last_message.clone());
            all.reply_positions.push(record.last_reply_position);
            all.reply_by.push(record.last_reply_by.map(|id| id.0));
            all.waiting.push(record.waiting_since);
            all.versions.push(record.version);
            all.activity.push(record.last_activity_at);
        }
        all
    }
}

/// A mark that someone has read up to a line, or that it reached the customer's screen.
pub(super) enum Mark {
    Read(ConversationRead),
    Received(ConversationReceived),
}

impl Bulk for Mark {
    type Written = ();

    async fn write_all(tx: &mut Tx<'_>, marks: &[Item<Self>]) -> Result<Vec<()>, StoreError> {
        let (tenant, now) = (tx.tenant().0, tx.now());
        let mut reads = UpsertReads {
            tenant,
            at: now,
            conversations: vec![],
            users: vec![],
            positions: vec![],
            counts: vec![],
        };
        let mut moved = MoveMarks {
            ids: vec![],
            team: vec![],
            contact: vec![],
            received: vec![],
            replies: vec![],
            tenant,
        };
        for Item { caller, value } in marks {
            match value {
                Self::Read(read) => {
                    if let Reader::User(user) = read.reader {
                        reads.conversations.push(read.conversation_id.0);
                        reads.users.push(user.0);
                        reads.positions.push(read.through);
                        reads.counts.push(read.n_customer_messages);
                        moved.push(read.conversation_id.0, [read.through, 0, 0, 0]);
                    } else {
                        moved.push(read.conversation_id.0, [0, read.through, read.through, read.n_replies]);
                    }
                    tx.announce_for(caller, &InboxEvent::ConversationRead(read.clone()));
                }
                Self::Received(received) => {
                    moved.push(received.conversation_id.0, [0, 0, received.through, 0]);
                    tx.announce_for(caller, &InboxEvent::ConversationReceived(received.clone()));
                }
            }
        }
        if !reads.users.is_empty() {
            reads.execute(tx.conn()).await?;
        }
        moved.execute(tx.conn()).await?;
        Ok(marks.iter().map(|_| ()).collect())
    }
}

store::statement! {
    /// Moves agents' read marks forward.
    UpsertReads {
        tenant: Uuid => SqlUuid,
        at: DateTime<Utc> => Timestamptz,
        conversations: Vec<Uuid> => Array<SqlUuid>,
        users: Vec<Uuid> => Array<SqlUuid>,
        positions: Vec<i64> => Array<BigInt>,
        counts: Vec<i64> => Array<BigInt>,
    }
    "INSERT INTO reads (tenant_id, at, conversation_id, user_id, position, n_customer_messages)
     SELECT ?, ?, r.* FROM unnest(?, ?, ?, ?) AS r
     ON CONFLICT (tenant_id, conversation_id, user_id) DO UPDATE
       SET at = excluded.at, position = excluded.position, n_customer_messages = excluded.n_customer_messages
       WHERE reads.position < excluded.position"
}

store::statement! {
    /// Moves a conversation's marks forward, never back.
    MoveMarks {
        ids: Vec<Uuid> => Array<SqlUuid>,
        team: Vec<i64> => Array<BigInt>,
        contact: Vec<i64> => Array<BigInt>,
        received: Vec<i64> => Array<BigInt>,
        replies: Vec<i64> => Array<BigInt>,
        tenant: Uuid => SqlUuid,
    }
    "UPDATE conversations AS c SET
       team_read = greatest(c.team_read, m.team), contact_read = greatest(c.contact_read, m.contact),
       contact_received = greatest(c.contact_received, m.received), n_replies_read = greatest(c.n_replies_read, m.replies)
     FROM unnest(?, ?, ?, ?, ?) AS m (id, team, contact, received, replies)
     WHERE c.tenant_id = ? AND c.id = m.id"
}

impl MoveMarks {
    fn push(&mut self, id: Uuid, [team, contact, received, replies]: [i64; 4]) {
        self.ids.push(id);
        self.team.push(team);
        self.contact.push(contact);
        self.received.push(received);
        self.replies.push(replies);
    }
}
