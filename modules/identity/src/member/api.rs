//! Members over HTTP.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use actors::{Hub, Presence};
use api::{Allowed, Json, Page, right};
use chrono::{DateTime, Utc};
use kernel::UserId;
use serde::{Deserialize, Serialize};
use store::Store;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::queries::{self, Membership};
use super::{NewMember, create};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_members).service(create_member);
}

/// A member of the team.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Member {
    pub user_id: UserId,
    pub name: String,
    pub email: String,
    pub role: String,
    pub presence: Presence,
    pub joined_at: DateTime<Utc>,
}

impl Member {
    pub(super) fn new(membership: Membership, presence: Presence) -> Self {
        let Membership {
            user_id,
            name,
            email,
            role,
            joined_at,
        } = membership;
        Self {
            user_id,
            name,
            email,
            role,
            presence,
            joined_at,
        }
    }
}

/// Lists the members, and who of them is here.
#[utoipa::path(tag = "identity", responses((status = OK, body = Page<Member>)), security(("bearer" = ["members.read"])))]
#[get("/identity/members")]
async fn list_members(
    caller: Allowed<right::ReadMembers>,
    store: Data<Store>,
    hub: Data<Hub>,
) -> api::Result<HttpResponse> {
    let here = hub.presence(caller.tenant).await;
    let members = store.read(&caller, async |tx| queries::list(tx).await).await?;
    let presence = |user: UserId| here.get(&user).copied().unwrap_or(Presence::Offline);
    let members = members.into_iter().map(|member| {
        let presence = presence(member.user_id);
        Member::new(member, presence)
    });
    Ok(HttpResponse::Ok().json(Page::whole(members.collect())))
}

/// Someone who shall join.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddMember {
    #[schema(format = "text", min_length = 1, max_length = 100)]
    name: String,
    #[schema(format = "email", max_length = 254)]
    email: String,
    #[schema(format = Password, min_length = 10, max_length = 200)]
    password: String,
    /// One of the tenant's roles.
    #[schema(pattern = "^(owner|admin|agent|viewer|guest)$", max_length = 40)]
    role: String,
}

/// Adds a person to the team.
#[utoipa::path(tag = "identity", request_body = AddMember, responses((status = CREATED, body = Member), (status = CONFLICT, description = "email_taken, member_already")), security(("bearer" = ["members.manage"])))]
#[post("/identity/members")]
async fn create_member(
    caller: Allowed<right::ManageMembers>,
    store: Data<Store>,
    new: Json<AddMember>,
) -> api::Result<HttpResponse> {
    let AddMember {
        name,
        email,
        password,
        role,
    } = new.0;
    let id = create(
        &store,
        &caller,
        NewMember {
            name,
            email,
            password,
            role,
        },
    )
    .await?;
    let member = store.read(&caller, async |tx| queries::find(tx, id).await).await?;
    Ok(HttpResponse::Created().json(Member::new(member, Presence::Offline)))
}
