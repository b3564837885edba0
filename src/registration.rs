//! The modules of this server: one line for each, in HTTP and in the live part.

use actors::{Admission, Registry};
use api::{Limits, Seal, Tokens, problem_of};
use egress::Egress;
use identity::settings::IdentitySettings;
use store::{Store, StoreError};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::http::administration;

/// The HTTP routes, under /api/v1.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(jobs::routes)
        .configure(identity::routes)
        .configure(crm::routes)
        .configure(inbox::routes)
        .configure(webhooks::routes)
        .configure(events::routes)
        .configure(administration::routes);
}

/// What modules do before the server answers.
pub(crate) async fn begin(store: &Store, tokens: &Tokens) -> Result<(), StoreError> {
    identity::begin(store, tokens).await?;
    webhooks::begin(store).await?;
    jobs::begin(store).await
}

/// What the socket can do.
pub(crate) fn live(
    tokens: Tokens,
    limits: Limits,
    identity: IdentitySettings,
    seal: &Seal,
    egress: &Egress,
) -> Registry {
    let mut registry = Registry::default();
    registry.audience.admit(move |token| match tokens.verify(token) {
        Ok(admitted) => Ok(Admission {
            caller: admitted.caller,
            session: admitted.session,
            expires_at: admitted.expires_at,
        }),
        Err(error) => Err(problem_of(&error)),
    });
    jobs::live(&mut registry);
    identity::live(&mut registry, &identity);
    crm::live(&mut registry);
    inbox::live(&mut registry, limits);
    webhooks::live(&mut registry, seal, egress);
    registry
}
