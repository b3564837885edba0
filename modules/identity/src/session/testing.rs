//! What tests do with sessions without HTTP.

use kernel::{SessionId, TenantId, UserId};
use store::Store;

use super::queries;
use crate::settings::IdentitySettings;

pub(crate) async fn end(store: &Store, session: SessionId, tenant: TenantId, user: UserId) {
    queries::end(store, &queries::user_caller(tenant, user), session, user)
        .await
        .unwrap();
}

/// Shows a refresh token and returns the next one.
pub(crate) async fn refresh(store: &Store, settings: &IdentitySettings, token: &str) -> String {
    let fresh = queries::refresh(store, settings, token).await;
    fresh.map_err(|(_, error)| error).unwrap().refresh_token
}
