//! One conversation and its thread: reading it, and saying how far one has read.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use actors::Hub;
use api::{Allowed, BadPage, Json, Limit, Path, Query, right};
use kernel::ConversationId;
use serde::Deserialize;
use store::Store;
use utoipa::{IntoParams, ToSchema};

use super::me;
use crate::conversation::queries::{self, Stretch};
use crate::conversation::{ConversationEntity, ConversationError, InboxItem, MarkRead, MessagePage};

/// Shows a conversation.
#[utoipa::path(tag = "inbox", responses((status = OK, body = InboxItem)), security(("bearer" = ["conversations.read"])))]
#[get("/inbox/conversations/{id}")]
pub(super) async fn get_conversation(
    caller: Allowed<right::ReadConversations>,
    store: Data<Store>,
    id: Path<ConversationId>,
) -> api::Result<HttpResponse> {
    let me = me(&caller)?;
    let item = store
        .read(&caller, async |tx| {
            let (record, contact) = queries::find(tx, id.0).await?;
            let my_read = queries::my_read(tx, id.0, me).await?;
            let extras = queries::extras(tx, id.0).await?;
            Ok::<_, ConversationError>(InboxItem {
                conversation: record.view(&contact, &extras),
                my_read,
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(item))
}

/// Which stretch of a thread.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListMessages {
    /// Lines before this position, the newest of them.
    before: Option<i64>,
    /// Lines after this position, the oldest of them; with `before`, those between the two.
    after: Option<i64>,
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

impl ListMessages {
    pub(crate) fn limit(&self) -> Result<Limit, BadPage> {
        Limit::of(self.limit)
    }

    pub(crate) fn stretch(&self) -> Stretch {
        match (self.before, self.after) {
            (None, None) => Stretch::Newest,
            (Some(position), None) => Stretch::Before(position),
            (None, Some(position)) => Stretch::After(position),
            (Some(before), Some(after)) => Stretch::Between(after, before),
        }
    }
}

/// Cuts the extra line off, which says whether there is more.
pub(crate) fn cut<T>(mut items: Vec<T>, stretch: Stretch, limit: Limit) -> (Vec<T>, bool, bool) {
    let has_more = i64::try_from(items.len()).is_ok_and(|n| n == limit.plus_one());
    match stretch {
        Stretch::After(_) | Stretch::Between(..) => {
            if has_more {
                items.pop();
            }
            (items, true, has_more || matches!(stretch, Stretch::Between(..)))
        }
        Stretch::Newest | Stretch::Before(_) => {
            if has_more {
                items.remove(0);
            }
            (items, has_more, matches!(stretch, Stretch::Before(_)))
        }
    }
}

/// Lists the lines of a thread, oldest first: the newest page unless said otherwise.
#[utoipa::path(tag = "inbox", params(ListMessages), responses((status = OK, body = MessagePage)), security(("bearer" = ["conversations.read"])))]
#[get("/inbox/conversations/{id}/messages")]
pub(super) async fn list_messages(
    caller: Allowed<right::ReadConversations>,
    store: Data<Store>,
    id: Path<ConversationId>,
    ask: Query<ListMessages>,
) -> api::Result<HttpResponse> {
    let (stretch, limit) = (ask.0.stretch(), ask.0.limit()?);
    let lines = store
        .read(&caller, async |tx| {
            queries::contact_of(tx, id.0).await?;
            Ok::<_, ConversationError>(queries::messages(tx, id.0, stretch, &[], limit.plus_one()).await?)
        })
        .await?;
    let (items, has_earlier, has_later) = cut(lines, stretch, limit);
    Ok(HttpResponse::Ok().json(MessagePage {
        items,
        has_earlier,
        has_later,
    }))
}

/// Up to which line it was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReadMark {
    pub(crate) through: i64,
}

/// Marks a conversation as read up to a line.
#[utoipa::path(tag = "inbox", request_body = NewReadMark, responses((status = NO_CONTENT)), security(("bearer" = ["conversations.read"])))]
#[post("/inbox/conversations/{id}/read")]
pub(super) async fn mark_read(
    caller: Allowed<right::ReadConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewReadMark>,
) -> api::Result<HttpResponse> {
    hub.ask::<ConversationEntity, _>(&caller, id.0, MarkRead { through: new.0.through })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
