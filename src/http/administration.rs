//! The live tree, for administrators.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use actors::Hub;
use actors::census::ActorTree;
use api::{Allowed, right};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_actors);
}

/// Draws the tenant's actors: entities, journal, bridges, connections.
#[utoipa::path(tag = "live", responses((status = OK, body = ActorTree)), security(("bearer" = ["actors.read"])))]
#[get("/live/actors")]
async fn list_actors(caller: Allowed<right::ReadActors>, hub: Data<Hub>) -> api::Result<HttpResponse> {
    let mut tree = hub.census(&caller).await?;
    tree.tenant.name = identity::tenant::name(hub.store(), &caller).await?;
    Ok(HttpResponse::Ok().json(tree))
}
