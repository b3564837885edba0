//! The inbox's list and its counts.

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use api::{Allowed, Cursor, Limit, Page, Query, right};
use kernel::{ChannelId, ContactId, UserId};
use serde::{Deserialize, Serialize};
use store::Store;
use utoipa::{IntoParams, ToSchema};

use super::me;
use crate::conversation::listing::{self, Filter};
use crate::conversation::{ConversationError, InboxItem, Priority, Status, counting};
use crate::label::LabelId;

/// Which conversations to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListConversations {
    #[param(inline)]
    view: Option<View>,
    /// `open` unless said otherwise.
    #[param(inline)]
    status: Option<StatusFilter>,
    channel_id: Option<ChannelId>,
    contact_id: Option<ContactId>,
    assignee_id: Option<UserId>,
    priority: Option<Priority>,
    label_id: Option<LabelId>,
    /// Only those with customer messages that I have not read.
    unread: Option<bool>,
    /// A part of a name or of an e-mail address, how a word of them begins if it is one or two letters, or a number like `#1042`.
    #[param(format = "line", max_length = 100)]
    q: Option<String>,
    #[param(format = "cursor", min_length = 45, max_length = 45)]
    after: Option<String>,
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum View {
    Mine,
    Unassigned,
    All,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum StatusFilter {
    Open,
    Pending,
    Snoozed,
    Resolved,
    Any,
}

impl ListConversations {
    fn filter(&self, me: UserId) -> api::Result<Filter> {
        let status = match self.status.unwrap_or(StatusFilter::Open) {
            StatusFilter::Open => Some(Status::Open),
            StatusFilter::Pending => Some(Status::Pending),
            StatusFilter::Snoozed => Some(Status::Snoozed),
            StatusFilter::Resolved => Some(Status::Resolved),
            StatusFilter::Any => None,
        };
        let assignee = match self.view {
            Some(View::Mine) => Some(Some(me)),
            Some(View::Unassigned) => Some(None),
            Some(View::All) | None => self.assignee_id.map(Some),
        };
        let search = kernel::text::optional("q", self.q.as_deref(), 100).map_err(ConversationError::Invalid)?;
        Ok(Filter {
            status,
            assignee,
            channel: self.channel_id,
            contact: self.contact_id,
            priority: self.priority,
            label: self.label_id,
            is_unread: self.unread == Some(true),
            search,
            after: Cursor::read(self.after.as_deref())?,
        })
    }
}

/// Lists conversations, those with the newest messages first.
#[utoipa::path(tag = "inbox", params(ListConversations), responses((status = OK, body = Page<InboxItem>)), security(("bearer" = ["conversations.read"])))]
#[get("/inbox/conversations")]
pub(super) async fn list_conversations(
    caller: Allowed<right::ReadConversations>,
    store: Data<Store>,
    ask: Query<ListConversations>,
) -> api::Result<HttpResponse> {
    let (me, limit) = (me(&caller)?, Limit::of(ask.0.limit)?);
    let filter = ask.0.filter(me)?;
    let items = store
        .read(&caller, async |tx| {
            listing::list(tx, filter, me, limit.plus_one()).await
        })
        .await?;
    let page = Page::cut(items, limit, |item| {
        Cursor::new(item.conversation.last_activity_at, item.conversation.id)
    });
    Ok(HttpResponse::Ok().json(page))
}

/// How many conversations are open.
#[derive(Serialize, ToSchema)]
struct Counts {
    mine: i64,
    unassigned: i64,
    all: i64,
    by_channel: BTreeMap<String, i64>,
    by_label: BTreeMap<String, i64>,
}

/// Counts the open conversations of each view.
#[utoipa::path(tag = "inbox", responses((status = OK, body = Counts)), security(("bearer" = ["conversations.read"])))]
#[get("/inbox/counts")]
pub(super) async fn count_conversations(
    caller: Allowed<right::ReadConversations>,
    store: Data<Store>,
) -> api::Result<HttpResponse> {
    let me = me(&caller)?;
    let counts = store.read(&caller, async |tx| counting::count(tx, me).await).await?;
    Ok(HttpResponse::Ok().json(Counts {
        mine: counts.mine,
        unassigned: counts.nobodys,
        all: counts.all,
        by_channel: named(counts.by_channel),
        by_label: named(counts.by_label),
    }))
}

fn named(counts: impl IntoIterator<Item = (impl ToString, i64)>) -> BTreeMap<String, i64> {
    counts.into_iter().map(|(id, n)| (id.to_string(), n)).collect()
}
