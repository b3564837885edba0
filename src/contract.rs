//! The contract: every operation and every event, as one OpenAPI document made from the handlers.

use actix_web::App;
use anyhow::Context;
use serde::Serialize;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{OpenApi as _, ToSchema};
use utoipa_actix_web::AppExt;

use crate::registration;

/// Everything that can be announced.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it stands in the contract; modules announce their own part of it")]
enum SwitchboardEvent {
    Identity(identity::IdentityEvent),
    Crm(crm::CrmEvent),
    Inbox(inbox::InboxEvent),
    Live(actors::tenant::LiveEvent),
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Switchboard", description = "One live hub for a business."),
    components(schemas(SwitchboardEvent, kernel::Problem, kernel::Permission))
)]
struct Base;

/// The document without its paths: they are added where the routes are.
pub(crate) fn base() -> OpenApi {
    let mut document = Base::openapi();
    let bearer = |what: &str| SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).description(Some(what)).build());
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", bearer("a member's access token"));
    components.add_security_scheme("visitor", bearer("a visitor's token, from /widget/visits"));
    document
}

/// The whole document.
pub(crate) fn document() -> OpenApi {
    let scope = utoipa_actix_web::scope("/api/v1").configure(registration::routes);
    App::new().into_utoipa_app().openapi(base()).service(scope).split_for_parts().1
}

/// Writes the document to a file.
pub(crate) fn write(path: &str) -> anyhow::Result<()> {
    let mut text = document().to_pretty_json().context("the contract")?;
    text.push('\n');
    std::fs::write(path, text).with_context(|| path.to_owned())
}
