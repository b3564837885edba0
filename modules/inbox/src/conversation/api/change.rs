//! What can be done with a conversation: answer, note, and say where it stands, whose it is and what it is about.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpResponse, post, put};
use actors::Hub;
use api::{Allowed, Json, Path, right};
use chrono::{DateTime, SubsecRound, Utc};
use kernel::rich::Block;
use kernel::{ConversationId, UserId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::conversation::{
    Approach, Assign, Body, ConversationEntity, ConversationError, PostMessage, Prioritize, Priority, SetLabels,
    SetStatus, Status, queries,
};
use crate::events::Change;
use crate::label::{self, LabelId};

/// An answer to the customer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReply {
    #[schema(format = "text", min_length = 1, max_length = 20_000)]
    text: String,
    /// The same with its formatting; then the text is made from it.
    #[schema(max_items = 1_000)]
    rich: Option<Vec<Block>>,
    /// Made by the client: the same key again is the same reply.
    key: Uuid,
    /// The last line that the writer had on screen; the reply is held when a colleague has answered since.
    seen: Option<i64>,
}

/// Answers the customer.
#[utoipa::path(tag = "inbox", request_body = NewReply, responses((status = CREATED, body = Change), (status = CONFLICT, description = "answered_since")), security(("bearer" = ["conversations.write"])))]
#[post("/inbox/conversations/{id}/replies")]
pub(super) async fn post_reply(
    caller: Allowed<right::WriteConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewReply>,
) -> api::Result<HttpResponse> {
    let post = PostMessage {
        approach: Approach::Reply { seen: new.0.seen },
        body: Body::parse(&new.0.text, new.0.rich).map_err(ConversationError::Invalid)?,
        key: new.0.key,
    };
    let change = hub.ask::<ConversationEntity, _>(&caller, id.0, post).await?;
    Ok(HttpResponse::Created().json(change))
}

/// A word among colleagues.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNote {
    #[schema(format = "text", min_length = 1, max_length = 20_000)]
    text: String,
    /// The same with its formatting, and with mentions; then the text is made from it.
    #[schema(max_items = 1_000)]
    rich: Option<Vec<Block>>,
    key: Uuid,
}

/// Writes a note that the customer never sees.
#[utoipa::path(tag = "inbox", request_body = NewNote, responses((status = CREATED, body = Change)), security(("bearer" = ["conversations.write"])))]
#[post("/inbox/conversations/{id}/notes")]
pub(super) async fn post_note(
    caller: Allowed<right::WriteConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewNote>,
) -> api::Result<HttpResponse> {
    let post = PostMessage {
        approach: Approach::Note,
        body: Body::parse(&new.0.text, new.0.rich).map_err(ConversationError::Invalid)?,
        key: new.0.key,
    };
    let change = hub.ask::<ConversationEntity, _>(&caller, id.0, post).await?;
    Ok(HttpResponse::Created().json(change))
}

/// Where a conversation shall stand; only snoozing takes a time, and it needs one.
#[derive(ToSchema)]
#[schema(as = NewStatus)]
#[serde(untagged)]
#[expect(dead_code, reason = "it stands in the contract")]
enum StatusOrSnooze {
    Snooze(Snooze),
    Other(OtherStatus),
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it stands in the contract")]
struct Snooze {
    #[schema(pattern = "^snoozed$", max_length = 7)]
    status: String,
    /// When it comes back: in the future, and within a year.
    until: DateTime<Utc>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it stands in the contract")]
struct OtherStatus {
    #[schema(pattern = "^(open|pending|resolved)$", max_length = 8)]
    status: String,
}

/// Where a conversation shall stand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: Status,
    /// When a snoozed one comes back.
    until: Option<DateTime<Utc>>,
}

/// Opens, pends, snoozes or resolves a conversation.
#[utoipa::path(tag = "inbox", request_body = StatusOrSnooze, responses((status = OK, body = Change), (status = CONFLICT, description = "already_so, bad_time")), security(("bearer" = ["conversations.write"])))]
#[put("/inbox/conversations/{id}/status")]
pub(super) async fn set_status(
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
#[utoipa::path(tag = "inbox", request_body = NewAssignee, responses((status = OK, body = Change), (status = CONFLICT, description = "already_so, not_a_member")), security(("bearer" = ["conversations.write"])))]
#[put("/inbox/conversations/{id}/assignee")]
pub(super) async fn set_assignee(
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
#[utoipa::path(tag = "inbox", request_body = NewPriority, responses((status = OK, body = Change), (status = CONFLICT, description = "already_so")), security(("bearer" = ["conversations.write"])))]
#[put("/inbox/conversations/{id}/priority")]
pub(super) async fn set_priority(
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

/// Which labels it shall have, and no others.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLabels {
    #[schema(max_items = 20)]
    label_ids: Vec<LabelId>,
}

/// Puts labels on a conversation, and takes the others off.
#[utoipa::path(tag = "inbox", request_body = NewLabels, responses((status = OK, body = Change), (status = CONFLICT, description = "already_so, unknown_label")), security(("bearer" = ["conversations.write"])))]
#[put("/inbox/conversations/{id}/labels")]
pub(super) async fn set_labels(
    caller: Allowed<right::WriteConversations>,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewLabels>,
) -> api::Result<HttpResponse> {
    let known = hub
        .store()
        .read(&caller, async |tx| label::queries::marks(tx).await)
        .await?;
    let set = SetLabels {
        label_ids: new.0.label_ids,
        known: Arc::new(known),
    };
    let change = hub.ask::<ConversationEntity, _>(&caller, id.0, set).await?;
    Ok(HttpResponse::Ok().json(change))
}
