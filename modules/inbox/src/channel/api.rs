//! Channels over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use api::{Allowed, Json, Once, Page, Path, Seal, right};
use kernel::ChannelId;
use serde::Serialize;
use store::Store;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Channel, ChannelError, NewChannel, UpdateChannel, queries};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_channels)
        .service(create_channel)
        .service(get_channel)
        .service(update_channel)
        .service(rotate_channel_key)
        .service(get_channel_secret)
        .service(rotate_channel_secret)
        .service(get_channel_snippet);
}

/// Lists the channels.
#[utoipa::path(tag = "inbox", responses((status = OK, body = Page<Channel>)), security(("bearer" = ["channels.read"])))]
#[get("/inbox/channels")]
async fn list_channels(caller: Allowed<right::ReadChannels>, store: Data<Store>) -> api::Result<HttpResponse> {
    let channels = store.read(&caller, async |tx| queries::list(tx).await).await?;
    Ok(HttpResponse::Ok().json(Page::whole(channels)))
}

/// Makes a channel.
#[utoipa::path(tag = "inbox", request_body = NewChannel, params(("Idempotency-Key" = Option<String>, Header, description = "The same key again is the same request, for a day.", min_length = 1, max_length = 200, format = "visible")), responses((status = CREATED, body = Channel), (status = CONFLICT, description = "conflict")), security(("bearer" = ["channels.manage"])))]
#[post("/inbox/channels")]
async fn create_channel(
    caller: Allowed<right::ManageChannels>,
    store: Data<Store>,
    seal: Data<Seal>,
    once: Once,
    new: Json<NewChannel>,
) -> api::Result<HttpResponse> {
    let key = once.of(&new.0);
    let channel = store
        .write_once(&caller, key.as_ref(), async |tx| {
            queries::create(tx, &seal, new.0).await
        })
        .await?;
    Ok(HttpResponse::Created().json(channel))
}

/// Shows a channel.
#[utoipa::path(tag = "inbox", responses((status = OK, body = Channel)), security(("bearer" = ["channels.read"])))]
#[get("/inbox/channels/{id}")]
async fn get_channel(
    caller: Allowed<right::ReadChannels>,
    store: Data<Store>,
    id: Path<ChannelId>,
) -> api::Result<HttpResponse> {
    let channel = store
        .read(&caller, async |tx| {
            queries::find(tx, id.0).await.map_err(ChannelError::from)
        })
        .await?;
    Ok(HttpResponse::Ok().json(channel))
}

/// Changes a channel.
#[utoipa::path(tag = "inbox", request_body = UpdateChannel, responses((status = OK, body = Channel)), security(("bearer" = ["channels.manage"])))]
#[patch("/inbox/channels/{id}")]
async fn update_channel(
    caller: Allowed<right::ManageChannels>,
    store: Data<Store>,
    id: Path<ChannelId>,
    update: Json<UpdateChannel>,
) -> api::Result<HttpResponse> {
    let channel = store
        .write(&caller, async |tx| queries::update(tx, id.0, update.0).await)
        .await?;
    Ok(HttpResponse::Ok().json(channel))
}

/// Gives a channel a new public key.
#[utoipa::path(tag = "inbox", responses((status = OK, body = Channel)), security(("bearer" = ["channels.manage"])))]
#[post("/inbox/channels/{id}/rotate-key")]
async fn rotate_channel_key(
    caller: Allowed<right::ManageChannels>,
    store: Data<Store>,
    id: Path<ChannelId>,
) -> api::Result<HttpResponse> {
    let channel = store
        .write(&caller, async |tx| queries::rotate_key(tx, id.0).await)
        .await?;
    Ok(HttpResponse::Ok().json(channel))
}

/// The secret that signs identities.
#[derive(Serialize, ToSchema)]
struct ChannelSecret {
    secret: String,
}

/// Shows the secret that a business signs its customers' identities with.
#[utoipa::path(tag = "inbox", responses((status = OK, body = ChannelSecret)), security(("bearer" = ["channels.manage"])))]
#[get("/inbox/channels/{id}/secret")]
async fn get_channel_secret(
    caller: Allowed<right::ManageChannels>,
    store: Data<Store>,
    seal: Data<Seal>,
    id: Path<ChannelId>,
) -> api::Result<HttpResponse> {
    let secret = store
        .read(&caller, async |tx| queries::secret(tx, &seal, id.0).await)
        .await?;
    Ok(HttpResponse::Ok().json(ChannelSecret { secret }))
}

/// Makes a new secret and ends the old one.
#[utoipa::path(tag = "inbox", responses((status = OK, body = ChannelSecret)), security(("bearer" = ["channels.manage"])))]
#[post("/inbox/channels/{id}/rotate-secret")]
async fn rotate_channel_secret(
    caller: Allowed<right::ManageChannels>,
    store: Data<Store>,
    seal: Data<Seal>,
    id: Path<ChannelId>,
) -> api::Result<HttpResponse> {
    let secret = store
        .write(&caller, async |tx| queries::rotate_secret(tx, &seal, id.0).await)
        .await?;
    Ok(HttpResponse::Ok().json(ChannelSecret { secret }))
}

/// What goes into the business's page.
#[derive(Serialize, ToSchema)]
struct Snippet {
    html: String,
}

/// Shows the line that puts the widget on a page.
#[utoipa::path(tag = "inbox", responses((status = OK, body = Snippet)), security(("bearer" = ["channels.read"])))]
#[get("/inbox/channels/{id}/snippet")]
async fn get_channel_snippet(
    request: HttpRequest,
    caller: Allowed<right::ReadChannels>,
    store: Data<Store>,
    id: Path<ChannelId>,
) -> api::Result<HttpResponse> {
    let channel = store
        .read(&caller, async |tx| {
            queries::find(tx, id.0).await.map_err(ChannelError::from)
        })
        .await?;
    let public_url = request.app_data::<Data<PublicUrl>>().and_then(|url| url.0.clone());
    let base = public_url.unwrap_or_else(|| {
        let from = request.connection_info();
        format!("{}://{}", from.scheme(), from.host())
    });
    let html = format!(
        r#"<script src="{base}/widget.js" data-key="{}" async></script>"#,
        channel.key
    );
    Ok(HttpResponse::Ok().json(Snippet { html }))
}

/// Where the world finds this server, when that was set.
#[derive(Clone, Debug, Default)]
pub struct PublicUrl(pub Option<String>);
