//! Exports over HTTP.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use actors::Hub;
use actors::job::Job;
use api::{Allowed, Json, Once, right};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{ExportConversations, NewExport};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create_export);
}

/// Begins to export conversations; the file comes with the job.
#[utoipa::path(tag = "inbox", request_body = NewExport, params(("Idempotency-Key" = Option<String>, Header, description = "The same key again is the same job, as long as there is the job.", min_length = 1, max_length = 200, format = "visible")), responses((status = CREATED, body = Job), (status = CONFLICT, description = "conflict, too_many_jobs")), security(("bearer" = ["conversations.export"])))]
#[post("/inbox/exports")]
async fn create_export(
    caller: Allowed<right::ExportConversations>,
    hub: Data<Hub>,
    once: Once,
    new: Json<NewExport>,
) -> api::Result<HttpResponse> {
    let key = once.of(&new.0).map(|once| once.key);
    let job = hub
        .start_job::<ExportConversations>(&caller, &new.0, key.as_deref())
        .await?;
    Ok(HttpResponse::Created().json(job))
}
