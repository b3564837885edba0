//! Signing up over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use api::{Json, Limits, Tokens, client_network};
use serde::Deserialize;
use store::Store;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{NewTenant, TenantError, create};
use crate::session::{self, SignedIn};
use crate::settings::IdentitySettings;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create_tenant);
}

/// A business that signs up, and who does it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignUp {
    #[schema(format = "text", min_length = 1, max_length = 100)]
    company: String,
    #[schema(format = "text", min_length = 1, max_length = 100)]
    name: String,
    #[schema(format = "email", max_length = 254)]
    email: String,
    #[schema(format = Password, min_length = 10, max_length = 200)]
    password: String,
}

/// Makes a tenant and signs its owner in.
#[utoipa::path(tag = "identity", request_body = SignUp, responses((status = CREATED, body = SignedIn), (status = FORBIDDEN, description = "sign_up_closed"), (status = CONFLICT, description = "email_taken"), (status = TOO_MANY_REQUESTS, description = "too_many")), security(()))]
#[post("/identity/tenants")]
async fn create_tenant(
    request: HttpRequest,
    store: Data<Store>,
    tokens: Data<Tokens>,
    limits: Data<Limits>,
    settings: Data<IdentitySettings>,
    new: Json<SignUp>,
) -> api::Result<HttpResponse> {
    if !settings.allow_sign_up {
        return Err(TenantError::SignUpClosed.into());
    }
    limits.sign_up(&client_network(&request).to_string())?;
    let SignUp {
        company,
        name,
        email,
        password,
    } = new.0;
    let created = create(
        &store,
        NewTenant {
            company,
            name,
            email,
            password,
        },
    )
    .await?;
    let opened = session::open(&store, &settings, created.tenant, created.owner).await?;
    Ok(session::answer(HttpResponse::Created(), &tokens, &settings, opened))
}
