//! How labels are put on many conversations and taken off.

use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use store::{Sheet, StoreError};
use uuid::Uuid;

use super::Turn;
use crate::conversation::Activity;

/// Puts labels on conversations and takes them off, as their lines say.
pub(super) async fn set_labels(sheet: &Sheet<'_>, turns: impl Iterator<Item = &Turn>) -> Result<(), StoreError> {
    let (mut on, mut off) = (AddLabels::default(), RemoveLabels::default());
    for turn in turns {
        let Some(Activity::Labeled { added, removed }) = &turn.line.activity else {
            continue;
        };
        let (tenant, id) = (turn.record.tenant_id.0, turn.record.id.0);
        for mark in added {
            on.tenants.push(tenant);
            on.conversations.push(id);
            on.labels.push(mark.id.0);
        }
        for mark in removed {
            off.tenants.push(tenant);
            off.conversations.push(id);
            off.labels.push(mark.id.0);
        }
    }
    if !off.labels.is_empty() {
        off.execute(&mut sheet.conn()).await?;
    }
    if !on.labels.is_empty() {
        on.execute(&mut sheet.conn()).await?;
    }
    Ok(())
}

store::statement! {
    #[derive(Default)]
    AddLabels {
        tenants: Vec<Uuid> => Array<SqlUuid>,
        conversations: Vec<Uuid> => Array<SqlUuid>,
        labels: Vec<Uuid> => Array<SqlUuid>,
    }
    "INSERT INTO conversation_labels (tenant_id, conversation_id, label_id) SELECT * FROM unnest(?, ?, ?)
     ON CONFLICT DO NOTHING"
}

store::statement! {
    #[derive(Default)]
    RemoveLabels {
        tenants: Vec<Uuid> => Array<SqlUuid>,
        conversations: Vec<Uuid> => Array<SqlUuid>,
        labels: Vec<Uuid> => Array<SqlUuid>,
    }
    "DELETE FROM conversation_labels AS l USING unnest(?, ?, ?) AS r (tenant_id, conversation_id, label_id)
     WHERE l.tenant_id = r.tenant_id AND l.conversation_id = r.conversation_id AND l.label_id = r.label_id"
}
