//! The contract: every operation and every event, as one OpenAPI document made from the handlers.

use actix_web::App;
use anyhow::Context;
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{OpenApi, RefOr};
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
pub(crate) fn document() -> OpenApi {
    let scope = utoipa_actix_web::scope("/api/v1").configure(registration::routes);
    complete(
        App::new()
            .into_utoipa_app()
            .openapi(base())
            .service(scope)
            .split_for_parts()
            .1,
    )
}

/// Declares the ids in the paths, which our own extractor reads, so that clients know of them.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let names: Vec<_> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let parameters: Vec<_> = names.into_iter().map(|name| RefOr::T(id_parameter(name))).collect();
        if !parameters.is_empty() {
            item.parameters.get_or_insert_default().extend(parameters);
        }
    }
    document
}

fn id_parameter(name: &str) -> Parameter {
    let id = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    Parameter::builder()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .schema(Some(id))
        .build()
}

/// Writes the document to a file.
pub(crate) fn write(path: &str) -> anyhow::Result<()> {
    let mut text = document().to_pretty_json().context("the contract")?;
    text.push('\n');
    std::fs::write(path, text).with_context(|| path.to_owned())
}
