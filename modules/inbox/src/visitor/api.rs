//! The widget over HTTP. The key or the visitor's token is all it has; no cookies.

use actix_web::http::header::ORIGIN;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use actors::{Hub, Presence};
use api::{Json, Limits, Path, Query, Seal, Tokens, Visitor, client_network};
use crm::contact::{self, ContactBrief, ContactChange};
use kernel::channel::Inbound;
use kernel::{Caller, ConversationId, Invalid, Who, text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::model::{NewVisit, VISIBLE, Visit, VisitorChange, VisitorConversation, VisitorMessagePage, WidgetConfig};
use super::{VisitorError, view, visit};
use crate::channel::Channel;
use crate::conversation::api::{ListMessages, NewReadMark, cut};
use crate::conversation::{self, ConversationEntity, MarkRead};
use crate::intake;

const MAX_CONVERSATIONS: i64 = 50;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_widget_config)
        .service(begin_visit)
        .service(update_visitor)
        .service(list_visitor_conversations)
        .service(list_visitor_messages)
        .service(post_visitor_message)
        .service(mark_visitor_read);
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct GetConfig {
    #[param(min_length = 1, max_length = 100, format = "visible")]
    key: String,
}

/// Shows how the widget looks. Makes nobody known.
#[utoipa::path(tag = "widget", params(GetConfig), responses((status = OK, body = WidgetConfig), (status = FORBIDDEN, description = "channel_disabled, origin_not_allowed"), (status = NOT_FOUND, description = "unknown_key")), security(()))]
#[get("/widget/config")]
async fn get_widget_config(request: HttpRequest, hub: Data<Hub>, ask: Query<GetConfig>) -> api::Result<HttpResponse> {
    let (caller, channel) = visit::enter(hub.store(), &ask.0.key, origin(&request)).await?;
    Ok(HttpResponse::Ok().json(config(&hub, &caller, channel).await?))
}

/// Begins a visit: recognises the customer, or makes them known.
#[utoipa::path(tag = "widget", request_body = NewVisit, responses((status = CREATED, body = Visit), (status = UNAUTHORIZED, description = "bad_identity"), (status = FORBIDDEN, description = "channel_disabled, identity_required, origin_not_allowed"), (status = NOT_FOUND, description = "unknown_key"), (status = TOO_MANY_REQUESTS, description = "too_many")), security(()))]
#[post("/widget/visits")]
async fn begin_visit(
    request: HttpRequest,
    hub: Data<Hub>,
    seal: Data<Seal>,
    tokens: Data<Tokens>,
    limits: Data<Limits>,
    new: Json<NewVisit>,
) -> api::Result<HttpResponse> {
    limits.visit(&client_network(&request).to_string())?;
    let (caller, channel) = visit::enter(hub.store(), &new.0.key, origin(&request)).await?;
    let problems = new.0.problems();
    if !problems.is_empty() {
        return Err(VisitorError::Invalid(Invalid(problems)).into());
    }
    let known = hub
        .store()
        .write(&caller, async |tx| visit::recognise(tx, &seal, &channel, &new.0).await)
        .await?;
    let contact = known.contact.brief();
    let records = hub.store().read(&caller, async |tx| {
        conversation::of_contact(tx, contact.id, MAX_CONVERSATIONS)
            .await
            .map_err(VisitorError::from)
    });
    let conversations = records
        .await?
        .iter()
        .map(|record| view::of_record(record, &contact))
        .collect();
    let token = tokens.for_visitor(caller.tenant, contact.id, &contact.name, channel.id);
    let config = config(&hub, &caller, channel).await?;
    let (expires_in, visitor) = (tokens.lifetime_seconds(), known.visitor);
    Ok(HttpResponse::Created().json(Visit {
        token,
        expires_in,
        visitor,
        contact,
        config,
        conversations,
    }))
}

/// What customers say about themselves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateVisitor {
    #[schema(format = "line", max_length = 120)]
    name: Option<String>,
    #[schema(format = "email", max_length = 254)]
    email: Option<String>,
}

/// Notes the customer's name or e-mail address. Of customers whom the business vouches for, it is kept as `told_name` and
/// `told_email` beside what the business says.
#[utoipa::path(tag = "widget", request_body = UpdateVisitor, responses((status = OK, body = ContactBrief), (status = FORBIDDEN, description = "channel_disabled"), (status = TOO_MANY_REQUESTS, description = "too_many")), security(("visitor" = [])))]
#[patch("/widget/me")]
async fn update_visitor(
    visitor: Visitor,
    hub: Data<Hub>,
    limits: Data<Limits>,
    update: Json<UpdateVisitor>,
) -> api::Result<HttpResponse> {
    let id = visitor.contact().ok_or(VisitorError::NotFound)?;
    limits.visitor_message(&id.to_string())?;
    let name = text::optional("name", update.0.name.as_deref(), 120);
    let email = update
        .0
        .email
        .as_deref()
        .map(|email| text::email("email", email))
        .transpose();
    let (name, email) = match (name, email) {
        (Ok(name), Ok(email)) => (name, email),
        (name, email) => {
            let problems = [name.err(), email.err()].into_iter().flatten().collect();
            return Err(VisitorError::Invalid(problems).into());
        }
    };
    let change = ContactChange {
        name,
        email,
        ..ContactChange::default()
    };
    let changed = hub
        .store()
        .write(&visitor, async |tx| {
            visit::still_here(tx).await?;
            let contact = contact::update(tx, id, change).await?;
            Ok::<_, VisitorError>(contact.brief())
        })
        .await?;
    Ok(HttpResponse::Ok().json(changed))
}

#[derive(Serialize, ToSchema)]
struct VisitorConversations {
    items: Vec<VisitorConversation>,
}

/// Lists the customer's own conversations, the newest first.
#[utoipa::path(tag = "widget", responses((status = OK, body = VisitorConversations), (status = FORBIDDEN, description = "channel_disabled")), security(("visitor" = [])))]
#[get("/widget/conversations")]
async fn list_visitor_conversations(visitor: Visitor, hub: Data<Hub>) -> api::Result<HttpResponse> {
    let items = hub
        .store()
        .read(&visitor, async |tx| {
            let me = visit::still_here(tx).await?;
            let contact = contact::find(tx, me).await?.brief();
            let records = conversation::of_contact(tx, me, MAX_CONVERSATIONS).await?;
            Ok::<_, VisitorError>(records.iter().map(|record| view::of_record(record, &contact)).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(VisitorConversations { items }))
}

/// Lists the messages of the customer's own conversation, oldest first.
#[utoipa::path(tag = "widget", params(ListMessages), responses((status = OK, body = VisitorMessagePage), (status = FORBIDDEN, description = "channel_disabled")), security(("visitor" = [])))]
#[get("/widget/conversations/{id}/messages")]
async fn list_visitor_messages(
    visitor: Visitor,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    ask: Query<ListMessages>,
) -> api::Result<HttpResponse> {
    let (stretch, limit) = (ask.0.stretch(), ask.0.limit()?);
    let lines = hub
        .store()
        .read(&visitor, async |tx| {
            let me = visit::still_here(tx).await?;
            let (record, _) = conversation::find(tx, id.0).await?;
            if record.contact_id != me {
                return Err(VisitorError::NotFound);
            }
            Ok(conversation::messages(tx, id.0, stretch, &VISIBLE, limit.plus_one()).await?)
        })
        .await?;
    let (items, has_earlier, has_later) = cut(lines, stretch, limit);
    let items = items.iter().map(view::of_message).collect();
    Ok(HttpResponse::Ok().json(VisitorMessagePage {
        items,
        has_earlier,
        has_later,
    }))
}

/// A customer's message; without a conversation it starts one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVisitorMessage {
    conversation_id: Option<ConversationId>,
    #[schema(format = "text", min_length = 1, max_length = 20_000)]
    text: String,
    key: Uuid,
}

/// Sends a message, to a conversation or as the first of a new one.
#[utoipa::path(tag = "widget", request_body = NewVisitorMessage, responses((status = CREATED, body = VisitorChange), (status = FORBIDDEN, description = "channel_disabled"), (status = TOO_MANY_REQUESTS, description = "too_many"), (status = NOT_FOUND, description = "not_found")), security(("visitor" = [])))]
#[post("/widget/messages")]
async fn post_visitor_message(
    visitor: Visitor,
    hub: Data<Hub>,
    limits: Data<Limits>,
    new: Json<NewVisitorMessage>,
) -> api::Result<HttpResponse> {
    let Who::Contact(contact, channel) = visitor.who else {
        return Err(VisitorError::NotFound.into());
    };
    limits.visitor_message(&contact.to_string())?;
    hub.store()
        .read(&visitor, async |tx| visit::still_here(tx).await)
        .await?;
    let NewVisitorMessage {
        conversation_id: conversation,
        text,
        key,
    } = new.0;
    let change = intake::receive(
        &hub,
        &visitor,
        Inbound {
            channel,
            contact,
            conversation,
            text,
            key,
        },
    )
    .await?;
    Ok(HttpResponse::Created().json(view::of_change(&change)))
}

/// Marks the customer's own conversation as read.
#[utoipa::path(tag = "widget", request_body = NewReadMark, responses((status = NO_CONTENT), (status = FORBIDDEN, description = "channel_disabled")), security(("visitor" = [])))]
#[post("/widget/conversations/{id}/read")]
async fn mark_visitor_read(
    visitor: Visitor,
    hub: Data<Hub>,
    id: Path<ConversationId>,
    new: Json<NewReadMark>,
) -> api::Result<HttpResponse> {
    hub.store()
        .read(&visitor, async |tx| visit::still_here(tx).await)
        .await?;
    hub.ask::<ConversationEntity, _>(&visitor, id.0, MarkRead { through: new.0.through })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn config(hub: &Hub, caller: &Caller, channel: Channel) -> Result<WidgetConfig, VisitorError> {
    let team = hub
        .store()
        .read(caller, async |tx| visit::faces(tx).await.map_err(VisitorError::from))
        .await?;
    let online = hub
        .presence(caller.tenant)
        .await
        .values()
        .any(|presence| *presence == Presence::Online);
    Ok(WidgetConfig::new(channel.name, channel.settings, team, online))
}

fn origin(request: &HttpRequest) -> Option<&str> {
    request.headers().get(ORIGIN).and_then(|value| value.to_str().ok())
}
