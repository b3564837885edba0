//! The numbers beside the lists.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{ChannelId, UserId};
use store::schema::{conversation_labels, conversations};
use store::{StoreError, Tx};

use super::Status;
use crate::label::LabelId;

/// How many conversations are open: all, mine, nobody's, by channel and by label.
pub(super) struct Counts {
    pub(super) all: i64,
    pub(super) mine: i64,
    pub(super) nobodys: i64,
    pub(super) by_channel: BTreeMap<ChannelId, i64>,
    pub(super) by_label: Vec<(LabelId, i64)>,
}

/// Counts the open conversations.
pub(super) async fn count(tx: &mut Tx<'_>, me: UserId) -> Result<Counts, StoreError> {
    let rows: Vec<(ChannelId, Option<UserId>, i64)> = conversations::table
        .filter(
            conversations::tenant_id
                .eq(tx.tenant())
                .and(conversations::status.eq(Status::Open)),
        )
        .group_by((conversations::channel_id, conversations::assignee_id))
        .select((conversations::channel_id, conversations::assignee_id, count_star()))
        .load(tx.conn())
        .await?;
    let sum = |of: &dyn Fn(Option<UserId>) -> bool| rows.iter().filter(|row| of(row.1)).map(|row| row.2).sum();
    let (all, mine, nobodys) = (sum(&|_| true), sum(&|who| who == Some(me)), sum(&|who| who.is_none()));
    let mut by_channel = BTreeMap::new();
    for (channel, _, n) in rows {
        *by_channel.entry(channel).or_default() += n;
    }
    let by_label = conversation_labels::table
        .inner_join(
            conversations::table.on(conversations::tenant_id
                .eq(conversation_labels::tenant_id)
                .and(conversations::id.eq(conversation_labels::conversation_id))),
        )
        .filter(
            conversation_labels::tenant_id
                .eq(tx.tenant())
                .and(conversations::status.eq(Status::Open)),
        )
        .group_by(conversation_labels::label_id)
        .select((conversation_labels::label_id, count_star()))
        .load(tx.conn())
        .await?;
    Ok(Counts {
        all,
        mine,
        nobodys,
        by_channel,
        by_label,
    })
}
