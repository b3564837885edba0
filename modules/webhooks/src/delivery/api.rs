//! Deliveries over HTTP.

use ::api::{Allowed, Cursor, Json, Limit, Page, Path, Query, right};
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use actors::Hub;
use chrono::{DateTime, Utc};
use kernel::{Caller, Patterns};
use serde::{Deserialize, Serialize};
use store::{Store, past};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Delivery, DeliveryId, DeliveryState, DeliveryStory};
use super::{WORK, queries, replay, sender};
use crate::webhook::{Webhook, WebhookError, WebhookId, WebhookState, queries as webhooks};

/// So much of the log is replayed in one transaction.
const STRETCH: i64 = 20_000;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_deliveries)
        .service(find_delivery)
        .service(resend_delivery)
        .service(test_webhook)
        .service(replay_webhook);
}

/// Which deliveries to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListDeliveries {
    #[param(inline)]
    state: Option<DeliveryState>,
    #[param(format = "cursor", min_length = 45, max_length = 45)]
    after: Option<String>,
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Lists a webhook's deliveries, the newest first.
#[utoipa::path(tag = "webhooks", params(ListDeliveries), responses((status = OK, body = Page<Delivery>)), security(("bearer" = ["webhooks.manage"])))]
#[get("/webhooks/{id}/deliveries")]
async fn list_deliveries(
    caller: Allowed<right::ManageWebhooks>,
    store: Data<Store>,
    id: Path<WebhookId>,
    asked: Query<ListDeliveries>,
) -> ::api::Result<HttpResponse> {
    let ListDeliveries { state, after, limit } = asked.0;
    let (after, limit) = (Cursor::read(after.as_deref())?, Limit::of(limit)?);
    let items = store
        .read(&caller, async |tx| {
            webhooks::find(tx, id.0).await?;
            Ok::<_, WebhookError>(queries::list(tx, id.0, state, after, limit.plus_one()).await?)
        })
        .await?;
    let page = Page::cut(items, limit, |item| Cursor::new(item.created_at, item.id));
    Ok(HttpResponse::Ok().json(page))
}

/// Returns a delivery, what it says, and how its attempts went.
#[utoipa::path(tag = "webhooks", responses((status = OK, body = DeliveryStory)), security(("bearer" = ["webhooks.manage"])))]
#[get("/webhooks/{id}/deliveries/{delivery_id}")]
async fn find_delivery(
    caller: Allowed<right::ManageWebhooks>,
    store: Data<Store>,
    ids: Path<(WebhookId, DeliveryId)>,
) -> ::api::Result<HttpResponse> {
    let (id, delivery) = ids.0;
    let (mut story, at) = store
        .read(&caller, async |tx| queries::story(tx, id, delivery).await)
        .await?;
    story.body = story
        .body
        .and_then(|payload| sender::body(&payload, at, story.delivery.seq));
    Ok(HttpResponse::Ok().json(story))
}

/// Sends a delivery once more, with the same id.
#[utoipa::path(tag = "webhooks", responses((status = OK, body = Delivery), (status = CONFLICT, description = "webhook_not_live")), security(("bearer" = ["webhooks.manage"])))]
#[post("/webhooks/{id}/deliveries/{delivery_id}/resend")]
async fn resend_delivery(
    caller: Allowed<right::ManageWebhooks>,
    hub: Data<Hub>,
    ids: Path<(WebhookId, DeliveryId)>,
) -> ::api::Result<HttpResponse> {
    let (id, delivery) = ids.0;
    let sent = hub.store().write(&caller, async |tx| {
        is_live(&webhooks::find(tx, id).await?)?;
        Ok::<_, WebhookError>(queries::resend(tx, id, delivery).await?)
    });
    let delivery = sent.await?;
    hub.wake(&caller, WORK, id.0);
    Ok(HttpResponse::Ok().json(delivery))
}

/// Sends something that has not happened, to see whether it arrives.
#[utoipa::path(tag = "webhooks", responses((status = CREATED, body = Delivery), (status = CONFLICT, description = "webhook_not_live")), security(("bearer" = ["webhooks.manage"])))]
#[post("/webhooks/{id}/test")]
async fn test_webhook(
    caller: Allowed<right::ManageWebhooks>,
    hub: Data<Hub>,
    id: Path<WebhookId>,
) -> ::api::Result<HttpResponse> {
    let payload = r#"{"type":"webhook.test","data":{"text":"Hello from Switchboard"}}"#;
    let sent = hub.store().write(&caller, async |tx| {
        is_live(&webhooks::find(tx, id.0).await?)?;
        Ok::<_, WebhookError>(queries::add_test(tx, id.0, payload).await?)
    });
    let delivery = sent.await?;
    hub.wake(&caller, WORK, id.0.0);
    Ok(HttpResponse::Created().json(delivery))
}

/// From where to send everything once more: a place in the log, or a time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Replay {
    #[schema(minimum = 1)]
    seq: Option<i64>,
    since: Option<DateTime<Utc>>,
}

#[derive(Serialize, ToSchema)]
struct Replayed {
    /// How many events are sent.
    n: i64,
}

/// Sends everything that the webhook wants since a place in the log, or a time: once more with the same ids, or for the
/// first time. Without either, everything.
#[utoipa::path(tag = "webhooks", request_body = Replay, responses((status = OK, body = Replayed), (status = CONFLICT, description = "webhook_not_live")), security(("bearer" = ["webhooks.manage"])))]
#[post("/webhooks/{id}/replay")]
async fn replay_webhook(
    caller: Allowed<right::ManageWebhooks>,
    hub: Data<Hub>,
    id: Path<WebhookId>,
    asked: Json<Replay>,
) -> ::api::Result<HttpResponse> {
    let n = replayed(&hub, &caller, id.0, &asked.0).await?;
    Ok(HttpResponse::Ok().json(Replayed { n }))
}

async fn replayed(hub: &Hub, caller: &Caller, id: WebhookId, asked: &Replay) -> Result<i64, WebhookError> {
    let (webhook, mut from, head) = hub
        .store()
        .read(caller, async |tx| {
            let webhook = webhooks::find(tx, id).await?;
            let from = match (asked.seq, asked.since) {
                (Some(seq), _) => seq,
                (None, Some(since)) => past::place_at(tx, since).await?,
                (None, None) => 1,
            };
            Ok::<_, WebhookError>((webhook, from, past::head(tx).await?))
        })
        .await?;
    is_live(&webhook)?;
    let mut patterns = Patterns::default();
    for pattern in &webhook.patterns {
        patterns.add(pattern, ()).unwrap_or_default();
    }
    let mut n = 0;
    while from <= head {
        let through = from.saturating_add(STRETCH - 1).min(head);
        let stretch = hub.store().write(caller, async |tx| {
            let mut kinds = replay::kinds(tx, from, through).await?;
            kinds.retain(|kind| !patterns.who_wants(kind).is_empty());
            Ok::<_, WebhookError>(replay::replay(tx, id, (from, through), kinds).await?)
        });
        n += stretch.await?;
        hub.wake(caller, WORK, id.0);
        from = through + 1;
    }
    Ok(n)
}

fn is_live(webhook: &Webhook) -> Result<(), WebhookError> {
    match webhook.state {
        WebhookState::Disabled => Err(WebhookError::NotLive),
        WebhookState::Live | WebhookState::Paused => Ok(()),
    }
}
