//! What someone who signs in is told.

use kernel::{Permission, Permissions, TenantId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// Who I am, where, and what I may do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    pub user: MyUser,
    pub tenant: MyTenant,
    pub role: String,
    #[schema(value_type = Vec<Permission>)]
    pub permissions: Permissions,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyUser {
    pub id: UserId,
    pub name: String,
    pub email: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyTenant {
    pub id: TenantId,
    pub name: String,
    pub slug: String,
}

/// A sign-in. Browsers find the refresh token in a cookie, too, and need not keep this one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignedIn {
    pub access_token: String,
    pub expires_in: i64,
    pub refresh_token: String,
    pub me: Me,
}
