//! Labels over HTTP.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, patch, post};
use api::{Allowed, Json, Once, Page, Path, right};
use store::Store;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Label, LabelId, NewLabel, UpdateLabel};
use super::queries;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_labels)
        .service(create_label)
        .service(update_label)
        .service(delete_label);
}

/// Lists the labels, by name.
#[utoipa::path(tag = "inbox", responses((status = OK, body = Page<Label>)), security(("bearer" = ["conversations.read"])))]
#[get("/inbox/labels")]
async fn list_labels(caller: Allowed<right::ReadConversations>, store: Data<Store>) -> api::Result<HttpResponse> {
    let labels = store.read(&caller, async |tx| queries::list(tx).await).await?;
    Ok(HttpResponse::Ok().json(Page::whole(labels)))
}

/// Makes a label.
#[utoipa::path(tag = "inbox", request_body = NewLabel, params(("Idempotency-Key" = Option<String>, Header, description = "The same key again is the same request, for a day.", min_length = 1, max_length = 200, format = "visible")), responses((status = CREATED, body = Label), (status = CONFLICT, description = "conflict, label_taken, too_many_labels")), security(("bearer" = ["labels.manage"])))]
#[post("/inbox/labels")]
async fn create_label(
    caller: Allowed<right::ManageLabels>,
    store: Data<Store>,
    once: Once,
    new: Json<NewLabel>,
) -> api::Result<HttpResponse> {
    let key = once.of(&new.0);
    let label = store
        .write_once(&caller, key.as_ref(), async |tx| queries::create(tx, &new.0).await)
        .await?;
    Ok(HttpResponse::Created().json(label))
}

/// Renames or recolours a label.
#[utoipa::path(tag = "inbox", request_body = UpdateLabel, responses((status = OK, body = Label), (status = CONFLICT, description = "label_taken")), security(("bearer" = ["labels.manage"])))]
#[patch("/inbox/labels/{id}")]
async fn update_label(
    caller: Allowed<right::ManageLabels>,
    store: Data<Store>,
    id: Path<LabelId>,
    change: Json<UpdateLabel>,
) -> api::Result<HttpResponse> {
    let label = store
        .write(&caller, async |tx| queries::update(tx, id.0, &change.0).await)
        .await?;
    Ok(HttpResponse::Ok().json(label))
}

/// Deletes a label, and takes it off every conversation.
#[utoipa::path(tag = "inbox", responses((status = NO_CONTENT)), security(("bearer" = ["labels.manage"])))]
#[delete("/inbox/labels/{id}")]
async fn delete_label(
    caller: Allowed<right::ManageLabels>,
    store: Data<Store>,
    id: Path<LabelId>,
) -> api::Result<HttpResponse> {
    store.write(&caller, async |tx| queries::delete(tx, id.0).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
