//! How many marks are written in a few statements.

use actors::{Bulk, Item};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use store::{Sheet, StoreError};
use uuid::Uuid;

use crate::events::{ConversationRead, ConversationReceived, InboxEvent, Reader};

/// A mark that someone has read up to a line, or that it reached the customer's screen.
pub(in crate::conversation) enum Mark {
    Read(ConversationRead),
    Received(ConversationReceived),
}

impl Bulk for Mark {
    type Written = ();

    async fn write_all(sheet: &Sheet<'_>, marks: &[Item<Self>]) -> Result<Vec<()>, StoreError> {
        let mut reads = UpsertReads {
            at: sheet.now(),
            tenants: vec![],
            conversations: vec![],
            users: vec![],
            positions: vec![],
            counts: vec![],
        };
        let mut moved = MoveMarks {
            tenants: vec![],
            ids: vec![],
            team: vec![],
            contact: vec![],
            received: vec![],
            replies: vec![],
        };
        for Item { caller, value } in marks {
            let tenant = caller.tenant.0;
            match value {
                Self::Read(read) => {
                    if let Reader::User(user) = read.reader {
                        reads.tenants.push(tenant);
                        reads.conversations.push(read.conversation_id.0);
                        reads.users.push(user.0);
                        reads.positions.push(read.through);
                        reads.counts.push(read.n_customer_messages);
                        moved.push(tenant, read.conversation_id.0, [read.through, 0, 0, 0]);
                    } else {
                        let marks = [0, read.through, read.through, read.n_replies];
                        moved.push(tenant, read.conversation_id.0, marks);
                    }
                    sheet.announce(caller, &InboxEvent::ConversationRead(read.clone()));
                }
                Self::Received(received) => {
                    moved.push(tenant, received.conversation_id.0, [0, 0, received.through, 0]);
                    sheet.announce(caller, &InboxEvent::ConversationReceived(received.clone()));
                }
            }
        }
        let (mut conn, mut same) = (sheet.conn(), sheet.conn());
        let reads = async {
            if reads.users.is_empty() {
                return Ok(0);
            }
            reads.execute(&mut conn).await
        };
        try_join(reads, moved.execute(&mut same)).await?;
        Ok(marks.iter().map(|_| ()).collect())
    }
}

store::statement! {
    /// Moves agents' read marks forward.
    UpsertReads {
        at: DateTime<Utc> => Timestamptz,
        tenants: Vec<Uuid> => Array<SqlUuid>,
        conversations: Vec<Uuid> => Array<SqlUuid>,
        users: Vec<Uuid> => Array<SqlUuid>,
        positions: Vec<i64> => Array<BigInt>,
        counts: Vec<i64> => Array<BigInt>,
    }
    "INSERT INTO reads (at, tenant_id, conversation_id, user_id, position, n_customer_messages)
     SELECT ?, r.* FROM unnest(?, ?, ?, ?, ?) AS r
     ON CONFLICT (tenant_id, conversation_id, user_id) DO UPDATE
       SET at = excluded.at, position = excluded.position, n_customer_messages = excluded.n_customer_messages
       WHERE reads.position < excluded.position"
}

store::statement! {
    /// Moves a conversation's marks forward, never back.
    MoveMarks {
        tenants: Vec<Uuid> => Array<SqlUuid>,
        ids: Vec<Uuid> => Array<SqlUuid>,
        team: Vec<i64> => Array<BigInt>,
        contact: Vec<i64> => Array<BigInt>,
        received: Vec<i64> => Array<BigInt>,
        replies: Vec<i64> => Array<BigInt>,
    }
    "UPDATE conversations AS c SET
       team_read = greatest(c.team_read, m.team), contact_read = greatest(c.contact_read, m.contact),
       contact_received = greatest(c.contact_received, m.received), n_replies_read = greatest(c.n_replies_read, m.replies)
     FROM unnest(?, ?, ?, ?, ?, ?) AS m (tenant_id, id, team, contact, received, replies)
     WHERE c.tenant_id = m.tenant_id AND c.id = m.id"
}

impl MoveMarks {
    fn push(&mut self, tenant: Uuid, id: Uuid, [team, contact, received, replies]: [i64; 4]) {
        self.tenants.push(tenant);
        self.ids.push(id);
        self.team.push(team);
        self.contact.push(contact);
        self.received.push(received);
        self.replies.push(replies);
    }
}
