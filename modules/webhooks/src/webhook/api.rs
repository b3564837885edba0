//! Webhooks over HTTP.

use ::api::{Allowed, Json, Page, Path, Seal, right};
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, patch, post};
use actors::Hub;
use egress::Egress;
use store::Store;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{NewWebhook, UpdateWebhook, Webhook, WebhookId, WithSecret};
use super::queries;
use crate::delivery::WORK;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_webhooks)
        .service(create_webhook)
        .service(find_webhook)
        .service(update_webhook)
        .service(rotate_secret)
        .service(delete_webhook);
}

/// Lists the webhooks, the oldest first.
#[utoipa::path(tag = "webhooks", responses((status = OK, body = Page<Webhook>)), security(("bearer" = ["webhooks.manage"])))]
#[get("/webhooks")]
async fn list_webhooks(caller: Allowed<right::ManageWebhooks>, store: Data<Store>) -> ::api::Result<HttpResponse> {
    let webhooks = store.read(&caller, async |tx| queries::list(tx).await).await?;
    Ok(HttpResponse::Ok().json(Page::whole(webhooks)))
}

/// Makes a webhook, and shows its secret this once.
#[utoipa::path(tag = "webhooks", request_body = NewWebhook, responses((status = CREATED, body = WithSecret), (status = CONFLICT, description = "address_refused, too_many_webhooks")), security(("bearer" = ["webhooks.manage"])))]
#[post("/webhooks")]
async fn create_webhook(
    caller: Allowed<right::ManageWebhooks>,
    store: Data<Store>,
    seal: Data<Seal>,
    egress: Data<Egress>,
    new: Json<NewWebhook>,
) -> ::api::Result<HttpResponse> {
    let made = store
        .write(&caller, async |tx| queries::create(tx, &seal, &egress, &new.0).await)
        .await?;
    Ok(HttpResponse::Created().json(made))
}

/// Returns a webhook.
#[utoipa::path(tag = "webhooks", responses((status = OK, body = Webhook)), security(("bearer" = ["webhooks.manage"])))]
#[get("/webhooks/{id}")]
async fn find_webhook(
    caller: Allowed<right::ManageWebhooks>,
    store: Data<Store>,
    id: Path<WebhookId>,
) -> ::api::Result<HttpResponse> {
    let webhook = store.read(&caller, async |tx| queries::find(tx, id.0).await).await?;
    Ok(HttpResponse::Ok().json(webhook))
}

/// Changes a webhook, pauses it or enables it again.
#[utoipa::path(tag = "webhooks", request_body = UpdateWebhook, responses((status = OK, body = Webhook), (status = CONFLICT, description = "address_refused")), security(("bearer" = ["webhooks.manage"])))]
#[patch("/webhooks/{id}")]
async fn update_webhook(
    caller: Allowed<right::ManageWebhooks>,
    hub: Data<Hub>,
    egress: Data<Egress>,
    id: Path<WebhookId>,
    change: Json<UpdateWebhook>,
) -> ::api::Result<HttpResponse> {
    let webhook = hub
        .store()
        .write(&caller, async |tx| queries::update(tx, &egress, id.0, &change.0).await)
        .await?;
    hub.wake(&caller, WORK, webhook.id.0);
    Ok(HttpResponse::Ok().json(webhook))
}

/// Gives a webhook a new secret, and shows it this once. The one before is valid for a day more.
#[utoipa::path(tag = "webhooks", responses((status = OK, body = WithSecret)), security(("bearer" = ["webhooks.manage"])))]
#[post("/webhooks/{id}/secret")]
async fn rotate_secret(
    caller: Allowed<right::ManageWebhooks>,
    store: Data<Store>,
    seal: Data<Seal>,
    id: Path<WebhookId>,
) -> ::api::Result<HttpResponse> {
    let made = store
        .write(&caller, async |tx| queries::rotate(tx, &seal, id.0).await)
        .await?;
    Ok(HttpResponse::Ok().json(made))
}

/// Deletes a webhook, with what waits for it and its history.
#[utoipa::path(tag = "webhooks", responses((status = NO_CONTENT)), security(("bearer" = ["webhooks.manage"])))]
#[delete("/webhooks/{id}")]
async fn delete_webhook(
    caller: Allowed<right::ManageWebhooks>,
    store: Data<Store>,
    id: Path<WebhookId>,
) -> ::api::Result<HttpResponse> {
    store.write(&caller, async |tx| queries::delete(tx, id.0).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
