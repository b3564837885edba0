//! What a channel is.

use chrono::{DateTime, Utc};
use connectors::web_chat::WebChatSettings;
use kernel::{ChannelId, FieldError, Invalid, TenantId, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ChannelError;

/// A channel, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Channel {
    pub id: ChannelId,
    pub kind: ChannelKind,
    pub name: String,
    /// Public: it stands in the page's source.
    pub key: String,
    pub settings: WebChatSettings,
    pub enabled: bool,
    pub created_at: DateTime<Utc>,
}

kernel::words! {
    ChannelKind { WebChat = "web_chat" }
}

/// A channel to be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChannel {
    pub kind: ChannelKind,
    #[schema(format = "text", min_length = 1, max_length = 80)]
    pub name: String,
    #[serde(default)]
    pub settings: WebChatSettings,
}

impl NewChannel {
    /// Returns the checked name, or everything that is wrong.
    pub fn check(&self) -> Result<String, ChannelError> {
        check(Some(&self.name), Some(&self.settings)).map(Option::unwrap_or_default)
    }
}

/// What shall be different.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateChannel {
    #[schema(format = "text", min_length = 1, max_length = 80)]
    pub name: Option<String>,
    pub enabled: Option<bool>,
    pub settings: Option<WebChatSettings>,
}

impl UpdateChannel {
    /// Returns the checked name, or everything that is wrong.
    pub fn check(&self) -> Result<Option<String>, ChannelError> {
        check(self.name.as_deref(), self.settings.as_ref())
    }
}

fn check(name: Option<&str>, settings: Option<&WebChatSettings>) -> Result<Option<String>, ChannelError> {
    let mut problems: Vec<FieldError> = settings.map(WebChatSettings::problems).unwrap_or_default();
    let name = match name.map(|name| text::required("name", name, 80)) {
        Some(Err(problem)) => {
            problems.push(problem);
            None
        }
        name => name.and_then(Result::ok),
    };
    if problems.is_empty() {
        Ok(name)
    } else {
        Err(ChannelError::Invalid(Invalid(problems)))
    }
}

/// Makes a public key. The tenant is in it, so that nobody has to be asked for all tenants' keys.
pub(super) fn new_key(tenant: TenantId) -> String {
    format!("wc_{}{}", tenant.0.simple(), hex::encode(rand::random::<[u8; 8]>()))
}

/// Whose key it is.
pub(crate) fn key_tenant(key: &str) -> Option<TenantId> {
    let (tenant, secret) = key.strip_prefix("wc_")?.split_at_checked(32)?;
    let is_ours = secret.len() == 16 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_ours.then(|| Uuid::try_parse(tenant).ok().map(TenantId)).flatten()
}

/// Makes a secret for signing identities.
pub(super) fn new_secret() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// Reads stored settings; what a newer version left out takes its default.
pub(crate) fn settings_of(stored: serde_json::Value) -> WebChatSettings {
    serde_json::from_value(stored).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_tenant_and_others_name_none() {
        let tenant = TenantId::fresh();
        let key = new_key(tenant);
        assert_eq!(key_tenant(&key), Some(tenant));
        assert_ne!(new_key(tenant), key);
        for bad in [
            "",
            "wc_",
            "wc_123",
            key.get(1..).unwrap(),
            "wc_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
            "wc_ééééééééééééééééé",
            &key.replace(key.get(40..41).unwrap(), "\0"),
            &format!("{key}0"),
        ] {
            assert_eq!(key_tenant(bad), None, "{bad}");
        }
    }
}
