//! The contract: every operation and every event, as one OpenAPI document made from the handlers.

mod bounds;
mod parameters;
mod problems;

use std::path::Path;

use actix_web::App;
use anyhow::Context;
use events::Catalogue;
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{OpenApi as _, ToSchema};
use utoipa_actix_web::AppExt;

use crate::registration;

/// Everything that can be announced.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    clippy::large_enum_variant,
    reason = "it stands in the contract and is never made; modules announce their own part of it"
)]
enum SwitchboardEvent {
    Identity(identity::IdentityEvent),
    Crm(crm::CrmEvent),
    Inbox(inbox::InboxEvent),
    Live(actors::tenant::LiveEvent),
    Webhooks(webhooks::WebhookEvent),
    Job(actors::job::JobEvent),
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
    let bearer = |what: &str| {
        SecurityScheme::Http(
            Http::builder()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some(what))
                .build(),
        )
    };
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", bearer("a member's access token"));
    components.add_security_scheme("visitor", bearer("a visitor's token, from /widget/visits"));
    document
}

/// The whole document.
pub(crate) fn document() -> Value {
    let scope = utoipa_actix_web::scope("/api/v1").configure(registration::routes);
    let app = App::new().into_utoipa_app().openapi(base()).service(scope);
    complete(app.split_for_parts().1).0
}

/// The contract as it is served and written.
pub(crate) struct Contract(pub(crate) Value);

/// Adds what follows from the rest, so that no handler can forget it.
pub(crate) fn complete(document: OpenApi) -> Contract {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    parameters::complete(&mut document);
    bounds::complete(&mut document);
    problems::complete(&mut document);
    Contract(document)
}

/// Everything that can happen, as the document has it.
pub(crate) fn catalogue(document: &Value) -> Catalogue {
    Catalogue::of(document, "SwitchboardEvent")
}

/// Writes the document, and the page of what can happen.
pub(crate) fn write(folder: &Path) -> anyhow::Result<()> {
    let document = document();
    let mut text = serde_json::to_string_pretty(&document).context("the contract")?;
    text.push('\n');
    let page = catalogue(&document).page();
    let docs = folder.join("docs");
    std::fs::create_dir_all(&docs).context("docs")?;
    for (path, text) in [(folder.join("openapi.json"), text), (docs.join("events.md"), page)] {
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Every operation of a document, with its path.
fn operations(document: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    paths.into_iter().flatten().flat_map(|(path, methods)| {
        let methods = methods.as_object_mut().into_iter().flatten();
        methods.map(move |(_, operation)| (path, operation))
    })
}
