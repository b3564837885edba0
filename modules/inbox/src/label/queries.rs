//! The labels' queries.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::ConversationId;
use store::schema::{conversation_labels, labels};
use store::{StoreError, Tx};

use super::model::{Label, LabelId, NewLabel, UpdateLabel, name};
use super::{LabelError, LabelMark};
use crate::events::InboxEvent;

/// More than anybody can tell apart.
const MOST: usize = 500;

/// Returns all labels of the tenant, by name.
pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<Label>, StoreError> {
    let mut all: Vec<Label> = labels::table
        .filter(labels::tenant_id.eq(tx.tenant()))
        .select(Label::as_select())
        .load(tx.conn())
        .await?;
    all.sort_by_cached_key(|label| label.name.to_lowercase());
    Ok(all)
}

/// Makes a label.
pub async fn create(tx: &mut Tx<'_>, new: &NewLabel) -> Result<Label, LabelError> {
    let label = Label {
        id: LabelId::fresh(),
        name: name(&new.name)?,
        color: new.color,
        created_at: tx.now(),
    };
    let all = labels::table.filter(labels::tenant_id.eq(tx.tenant()));
    let n: i64 = all
        .select(count_star())
        .first(tx.conn())
        .await
        .map_err(StoreError::from)?;
    if usize::try_from(n).is_ok_and(|n| n >= MOST) {
        return Err(LabelError::TooMany(MOST));
    }
    let row = (
        labels::tenant_id.eq(tx.tenant()),
        labels::id.eq(label.id),
        labels::name.eq(&label.name),
        labels::color.eq(label.color),
        labels::created_at.eq(label.created_at),
    );
    let insert = diesel::insert_into(labels::table).values(row);
    insert.execute(tx.conn()).await.map_err(StoreError::from)?;
    tx.announce(&InboxEvent::LabelCreated(label.clone()));
    Ok(label)
}

/// Renames or recolours a label.
pub(super) async fn update(tx: &mut Tx<'_>, id: LabelId, change: &UpdateLabel) -> Result<Label, LabelError> {
    let this = labels::table.find((tx.tenant(), id));
    let select = this.select(Label::as_select()).for_update();
    let before: Label = select.first(tx.conn()).await.map_err(StoreError::from)?;
    let mut after = before.clone();
    if let Some(wanted) = &change.name {
        after.name = name(wanted)?;
    }
    after.color = change.color.unwrap_or(after.color);
    if after == before {
        return Ok(after);
    }
    diesel::update(labels::table.find((tx.tenant(), id)))
        .set((labels::name.eq(&after.name), labels::color.eq(after.color)))
        .execute(tx.conn())
        .await
        .map_err(StoreError::from)?;
    tx.announce(&InboxEvent::LabelUpdated(after.clone()));
    Ok(after)
}

/// Deletes a label, and takes it off every conversation.
pub(super) async fn delete(tx: &mut Tx<'_>, id: LabelId) -> Result<(), LabelError> {
    let this = labels::table.find((tx.tenant(), id));
    let n = diesel::delete(this)
        .execute(tx.conn())
        .await
        .map_err(StoreError::from)?;
    if n == 0 {
        return Err(LabelError::NotFound);
    }
    tx.announce(&InboxEvent::LabelDeleted { id });
    Ok(())
}

/// Returns the labels of these conversations.
pub(crate) async fn of(
    tx: &mut Tx<'_>,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, Vec<LabelId>>, StoreError> {
    let rows: Vec<(ConversationId, LabelId)> = conversation_labels::table
        .filter(conversation_labels::tenant_id.eq(tx.tenant()))
        .filter(conversation_labels::conversation_id.eq_any(ids))
        .order((conversation_labels::conversation_id, conversation_labels::label_id))
        .select((conversation_labels::conversation_id, conversation_labels::label_id))
        .load(tx.conn())
        .await?;
    let mut of: HashMap<_, Vec<_>> = HashMap::new();
    for (conversation, label) in rows {
        of.entry(conversation).or_default().push(label);
    }
    Ok(of)
}

/// Returns the names of labels, for lines that tell of them.
pub(crate) async fn marks(tx: &mut Tx<'_>) -> Result<Vec<LabelMark>, StoreError> {
    let rows: Vec<(LabelId, String)> = labels::table
        .filter(labels::tenant_id.eq(tx.tenant()))
        .select((labels::id, labels::name))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(id, name)| LabelMark { id, name }).collect())
}
