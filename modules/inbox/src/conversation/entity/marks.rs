//! How far the team and the customer have come: marks, which only move forward.

use actors::{Handle, Live};
use kernel::{Caller, UserId, Who};

use super::ConversationEntity;
use crate::conversation::bulk::Mark;
use crate::conversation::{ConversationError, MarkRead, MarkReceived, queries};
use crate::events::{ConversationRead, ConversationReceived, Reader};

impl Handle<MarkRead> for ConversationEntity {
    async fn handle(&mut self, live: &Live, caller: &Caller, mark: MarkRead) -> Result<(), ConversationError> {
        self.check_is_theirs(caller)?;
        let through = mark.through.clamp(0, self.record.n_messages);
        let reader = match caller.who {
            Who::User(id) => Reader::User(id),
            Who::Contact(id, _) => Reader::Contact(id),
            Who::System(_) => return Ok(()),
        };
        if matches!(reader, Reader::Contact(_)) && through <= self.record.contact_read {
            return Ok(());
        }
        // Marks only move forward; one that does not is no event.
        if let Reader::User(user) = reader
            && through <= self.read_by(live, caller, user).await?
        {
            return Ok(());
        }
        let counts = self.counts(live, caller, through).await?;
        let (conversation_id, contact_id) = (self.record.id, self.record.contact_id);
        let (n_customer_messages, n_replies) = counts;
        let read = ConversationRead {
            conversation_id,
            contact_id,
            reader,
            through,
            n_customer_messages,
            n_replies,
        };
        live.journal.append(caller, Mark::Read(read)).await?;
        if matches!(reader, Reader::Contact(_)) {
            self.record.contact_read = through;
            self.record.contact_received = self.record.contact_received.max(through);
            self.record.n_replies_read = n_replies;
        } else {
            self.record.team_read = self.record.team_read.max(through);
            if let Reader::User(user) = reader {
                self.reads.insert(user, through);
            }
        }
        Ok(())
    }
}

impl ConversationEntity {
    /// How far a member has read.
    async fn read_by(&mut self, live: &Live, caller: &Caller, user: UserId) -> Result<i64, ConversationError> {
        if let Some(known) = self.reads.get(&user) {
            return Ok(*known);
        }
        let (store, id) = (live.hub.store(), self.record.id);
        let read = store
            .read(caller, async |tx| queries::my_read(tx, id, user).await)
            .await?;
        self.reads.insert(user, read.position);
        Ok(read.position)
    }

    /// How many customer messages and replies there are up to a line.
    async fn counts(&self, live: &Live, caller: &Caller, through: i64) -> Result<(i64, i64), ConversationError> {
        if through >= self.record.n_messages {
            return Ok((self.record.n_customer_messages, self.record.n_replies));
        }
        let id = self.record.id;
        let counted = live
            .hub
            .store()
            .read(caller, async |tx| queries::counts_through(tx, id, through).await);
        Ok(counted.await?)
    }
}

impl Handle<MarkReceived> for ConversationEntity {
    async fn handle(&mut self, live: &Live, caller: &Caller, mark: MarkReceived) -> Result<(), ConversationError> {
        self.check_is_theirs(caller)?;
        let through = mark.through.clamp(0, self.record.n_messages);
        if through <= self.record.contact_received {
            return Ok(());
        }
        let (conversation_id, contact_id) = (self.record.id, self.record.contact_id);
        let received = ConversationReceived {
            conversation_id,
            contact_id,
            through,
        };
        live.journal.append(caller, Mark::Received(received)).await?;
        self.record.contact_received = through;
        Ok(())
    }
}
