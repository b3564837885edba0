//! Conversations over HTTP.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post, put};
use actors::Hub;
use api::{Allowed, Cursor, Json, Limit, Page, Path, Query, right};
use chrono::{DateTime, SubsecRound, Utc};
use kernel::{ChannelId, ContactId, ConversationId, FieldError, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Store;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::commands::{Approach, Assign, MarkRead, PostMessage, Prioritize, SetStatus, Text};
use super::listing::{self, Filter};
use super::queries::{self, Stretch};
use super::{ConversationEntity, ConversationError, InboxItem, MessagePage, Priority, Status};
use crate::events::Change;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_conversations)
        .service(count_conversations)
        .service(get_conversation)
        .service(list_messages)
        .service(post_reply)
        .service(post_note)
        .service(set_status)
        .service(set_assignee)
        .service(set_priority)
        .service(mark_read);
}

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
    /// Only those with customer messages that I have not read.
    unread: Option<bool>,
    /// A part of a name or of an e-mail address, how a word of them begins if it is one or two letters, or a number like `#1042`.
    q: Option<String>,
    after: Option<String>,
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
            is_unread: self.unread == Some(true),
            search,
            after: Cursor::read(self.after.as_deref())?,
        })
    }
}

/// Lists conversations, those with the newest messages first.
#[utoipa::path(tag = "inbox", params(ListConversations), responses((status = OK, body = Page<InboxItem>)), security(("bearer" = [])))]
#[get("/inbox/conversations")]
async fn list_conversations(
    caller: Allowed<right::ReadConversations>,
    store: Data<Store>,
    ask: Query<ListConversations>,
) -> api::Result<HttpResponse> {
    let (me, limit) = (me(&caller)?, Limit::of(ask.0.limit));
    let filter = ask.0.filter(me)?;
    let rows = store
        .read(&caller, async |tx| {
            listing::list(tx, filter, me, limit.plus_one()).await
        })
        .await?;
    let items = rows.into_iter().map(|(record, contact, my_read)| InboxItem {
        conversation: record.view(&contact),
        my_read,
    });
    let page = Page::cut(items.collect(), limit, |item| {
        (item.conversation.last_activity_at, item.conversation.id)
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
}

/// Counts the open conversations of each view.
#[utoipa::path(tag = "inbox", responses((status = OK, body = Counts)), security(("bearer" = [])))]
#[get("/inbox/counts")]
async fn count_conversations(
    caller: Allowed<right::ReadConversations>,
    store: Data<Store>,
) -> api::Result<HttpResponse> {
    let me = me(&caller)?;
    let (all, mine, unassigned, by_channel) = store.read(&caller, async |tx| queries::counts(tx, me).await).await?;
    let by_channel = by_channel.into_iter().map(|(id, n)| (id.to_string(), n)).collect();
    Ok(HttpResponse::Ok().json(Counts {
        mine,
        unassigned,
        all,
        by_channel,
    }))
}

/// Shows a conversation.
#[utoipa::path(tag = "inbox", responses((status = OK, body = InboxItem)), security(("bearer" = [])))]
#[get("/inbox/conversations/{id}")]
async fn get_conversation(
    caller: Allowed<right::ReadConversations>,
    store: Data<Store>,
    id: Path<ConversationId>,
) -> api::Result<HttpResponse> {
    let me = me(&caller)?;
    let item = store
        .read(&caller, async |tx| {
            let (record, contact) = queries::find(tx, id.0).await?;
            let my_read = queries::my_read(tx, id.0, me).await?;
            Ok::<_, ConversationError>(InboxItem {
                conversation: record.view(&contact),
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
    /// Lines after this position, the oldest of them.
    after: Option<i64>,
    limit: Option<i64>,
}

impl ListMessages {
    pub(crate) fn limit(&self) -> Limit {
        Limit::of(self.limit)
    }

    pub(crate) fn stretch(&self) -> Result<Stretch, ConversationError> {
        match (self.before, self.after) {
            (None, None) => Ok(Stretch::Newest),
            (Some(position), None) => Ok(Stretch::Before(position)),
            (None, Some(position)) => Ok(Stretch::After(position)),
            (Some(_), Some(_)) => Err(FieldError::new("after", "cannot be combined with before").into()),
        }
    }
}

/// Cuts the extra line off, which says whether there is more.
pub(crate) fn cut<T>(mut items: Vec<T>, stretch: Stretch, limit: Limit) -> (Vec<T>, bool, bool) {
    let has_more = i64::try_from(items.len()).is_ok_and(|n| n == limit.plus_one());
    match stretch {
        Stretch::After(_) => {
            if has_more {
                items.pop();
            }
            (items, true, has_more)
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
#[utoipa::path(tag = "inbox", params(ListMessages), responses((status = OK, body = MessagePage)), security(("bearer" = [])))]
#[get("/inbox/conversations/{id}/messages")]
async fn list_messages(
    caller: Allowed<right::ReadConversations>,
    store: Data<Store>,
    id: Path<ConversationId>,
    ask: Query<ListMessages>,
) -> api::Result<HttpResponse> {
    let (stretch, limit) = (ask.0.stretch()?, ask.0.limit());
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

/// An answer to the customer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReply {
    text: String,
    /// Made by the client: the same key again is the same reply.
    key: Uuid,
    /// The last line that the writer had on screen; the reply is held when a colleague has answered since.
    seen: Option<i64>,
}

/// Answers the customer.
#[utoipa::path(tag = "inbox", request_body = NewReply, responses((status = CREATED, body = Change)), security(("bearer" = [])))]
#[post("/inbox/conversations/{id}/replies")]
async fn post_reply(
    caller: Allowed<right::WriteConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewReply>,
) -> api::Result<HttpResponse> {
    let text = Text::parse(&new.0.text).map_err(ConversationError::Invalid)?;
    let post = PostMessage {
        approach: Approach::Reply { seen: new.0.seen },
        text,
        key: new.0.key,
    };
    let change = hub.ask::<ConversationEntity, _>(&caller, id.0, post).await?;
    Ok(HttpResponse::Created().json(change))
}

/// A word among colleagues.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNote {
    text: String,
    key: Uuid,
}

/// Writes a note that the customer never sees.
#[utoipa::path(tag = "inbox", request_body = NewNote, responses((status = CREATED, body = Change)), security(("bearer" = [])))]
#[post("/inbox/conversations/{id}/notes")]
async fn post_note(
    caller: Allowed<right::WriteConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewNote>,
) -> api::Result<HttpResponse> {
    let text = Text::parse(&new.0.text).map_err(ConversationError::Invalid)?;
    let post = PostMessage {
        approach: Approach::Note,
        text,
        key: new.0.key,
    };
    let change = hub.ask::<ConversationEntity, _>(&caller, id.0, post).await?;
    Ok(HttpResponse::Created().json(change))
}

/// Where a conversation shall stand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: Status,
    /// When a snoozed one comes back.
    until: Option<DateTime<Utc>>,
}

/// Opens, pends, snoozes or resolves a conversation.
#[utoipa::path(tag = "inbox", request_body = NewStatus, responses((status = OK, body = Change)), security(("bearer" = [])))]
#[put("/inbox/conversations/{id}/status")]
async fn set_status(
    caller: Allowed<right::WriteConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewStatus>,
) -> api::Result<HttpResponse> {
    let set = SetStatus {
        status: new.0.status,
        until: new.0.until.map(|until| until.trunc_subsecs(6)),
    };
    let change = hub.ask::<ConversationEntity, _>(&caller, id.0, set).await?;
    Ok(HttpResponse::Ok().json(change))
}

/// Who shall have it; nobody, when it is null.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAssignee {
    assignee_id: Option<UserId>,
}

/// Gives a conversation to a member of the team, or to nobody.
#[utoipa::path(tag = "inbox", request_body = NewAssignee, responses((status = OK, body = Change)), security(("bearer" = [])))]
#[put("/inbox/conversations/{id}/assignee")]
async fn set_assignee(
    caller: Allowed<right::WriteConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewAssignee>,
) -> api::Result<HttpResponse> {
    let assignee = match new.0.assignee_id {
        None => None,
        Some(user) => {
            let name = hub
                .store()
                .read(&caller, async |tx| queries::member_name(tx, user).await)
                .await?;
            Some((user, name.ok_or(ConversationError::NotAMember)?))
        }
    };
    let change = hub
        .ask::<ConversationEntity, _>(&caller, id.0, Assign { assignee })
        .await?;
    Ok(HttpResponse::Ok().json(change))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPriority {
    priority: Priority,
}

/// Sets how urgent a conversation is.
#[utoipa::path(tag = "inbox", request_body = NewPriority, responses((status = OK, body = Change)), security(("bearer" = [])))]
#[put("/inbox/conversations/{id}/priority")]
async fn set_priority(
    caller: Allowed<right::WriteConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewPriority>,
) -> api::Result<HttpResponse> {
    let set = Prioritize {
        priority: new.0.priority,
    };
    let change = hub.ask::<ConversationEntity, _>(&caller, id.0, set).await?;
    Ok(HttpResponse::Ok().json(change))
}

/// Up to which line it was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReadMark {
    pub(crate) through: i64,
}

/// Marks a conversation as read up to a line.
#[utoipa::path(tag = "inbox", request_body = NewReadMark, responses((status = NO_CONTENT)), security(("bearer" = [])))]
#[post("/inbox/conversations/{id}/read")]
async fn mark_read(
    caller: Allowed<right::ReadConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewReadMark>,
) -> api::Result<HttpResponse> {
    hub.ask::<ConversationEntity, _>(&caller, id.0, MarkRead { through: new.0.through })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The member who asks. Keys and the system have no inbox of their own.
fn me(caller: &kernel::Caller) -> Result<UserId, ConversationError> {
    caller
        .user()
        .ok_or(ConversationError::Forbidden("to be a member of the team"))
}
