//! What a webhook is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{FieldError, pattern, text};
use serde::{Deserialize, Serialize};
use store::schema::webhooks;
use utoipa::ToSchema;

kernel::id! {
    /// One webhook.
    WebhookId,
}

kernel::words! {
    /// What a webhook is at. One that is disabled was given up by us; its people may enable it again.
    WebhookState {
        Live = "live",
        Paused = "paused",
        Disabled = "disabled",
    }
}

/// So many deliveries of one webhook are under way at once, at most.
pub(crate) const MOST_AT_ONCE: i32 = 32;
const MOST_PATTERNS: usize = 50;
const LONGEST_URL: usize = 2000;

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = webhooks, check_for_backend(diesel::pg::Pg))]
pub struct Webhook {
    pub id: WebhookId,
    pub name: String,
    pub url: String,
    /// Of kinds of events, such as `conversation.*`; with `!` before it, one takes away.
    #[diesel(deserialize_as = Patterns)]
    pub patterns: Vec<String>,
    /// How many deliveries are under way at once.
    pub at_once: i32,
    pub state: WebhookState,
    /// Why it was disabled.
    pub reason: Option<String>,
    /// Attempts in a row that failed, and since when.
    pub failures: i32,
    pub failing_since: Option<DateTime<Utc>>,
    pub last_attempt_at: Option<DateTime<Utc>>,
    pub last_success_at: Option<DateTime<Utc>>,
    /// Until then the secret before is valid, too.
    pub old_secret_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// Patterns as the table has them.
pub struct Patterns(Vec<String>);

impl diesel::Queryable<diesel::sql_types::Array<diesel::sql_types::Nullable<diesel::sql_types::Text>>, diesel::pg::Pg>
    for Patterns
{
    type Row = Vec<Option<String>>;

    fn build(row: Self::Row) -> diesel::deserialize::Result<Self> {
        Ok(Self(row.into_iter().flatten().collect()))
    }
}

impl From<Patterns> for Vec<String> {
    fn from(patterns: Patterns) -> Self {
        patterns.0
    }
}

/// A webhook and the secret that it was just given: it is shown this once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WithSecret {
    pub webhook: Webhook,
    /// `whsec_` and 32 bytes in Base64.
    pub secret: String,
}

/// A webhook to be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    #[schema(format = "text", min_length = 1, max_length = 80)]
    pub name: String,
    #[schema(format = "address", min_length = 8, max_length = 2000)]
    pub url: String,
    #[schema(min_items = 1, max_items = 50)]
    pub patterns: Vec<Pattern>,
    #[schema(minimum = 1, maximum = 32)]
    pub at_once: Option<i32>,
}

/// A pattern over kinds of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    pattern = r"^!?([a-z0-9_-]+|\*\*?)(\.([a-z0-9_-]+|\*\*?)){0,7}$",
    min_length = 1,
    max_length = 100
)]
pub struct Pattern(pub String);

/// What shall be different about a webhook.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateWebhook {
    #[schema(format = "text", min_length = 1, max_length = 80)]
    pub(super) name: Option<String>,
    #[schema(format = "address", min_length = 8, max_length = 2000)]
    pub(super) url: Option<String>,
    #[schema(min_items = 1, max_items = 50)]
    pub(super) patterns: Option<Vec<Pattern>>,
    #[schema(minimum = 1, maximum = 32)]
    pub(super) at_once: Option<i32>,
    /// Enabled again, it begins with what happens from then on, and with what still waits.
    pub(super) state: Option<WantedState>,
}

/// What people may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum WantedState {
    Live,
    Paused,
}

pub(super) fn name(name: &str) -> Result<String, FieldError> {
    text::required("name", name, 80)
}

pub(super) fn url(url: &str) -> Result<String, FieldError> {
    let url = text::required("url", url, LONGEST_URL)?;
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(url),
        _ => Err(FieldError::new(
            "url",
            "begins with https:// or http://, and holds no blanks",
        )),
    }
}

pub(super) fn patterns(patterns: &[Pattern]) -> Result<Vec<String>, FieldError> {
    if !(1..=MOST_PATTERNS).contains(&patterns.len()) {
        return Err(FieldError::new("patterns", format!("are from 1 to {MOST_PATTERNS}")));
    }
    for Pattern(one) in patterns {
        pattern::check(one).map_err(|why| FieldError::new("patterns", format!("\"{one}\" {why}")))?;
    }
    // Who only takes away takes away from everything.
    let is_taking = patterns.iter().all(|Pattern(one)| one.starts_with('!'));
    let all = is_taking.then(|| "**".to_owned());
    let asked = patterns.iter().map(|Pattern(one)| one.clone());
    Ok(all.into_iter().chain(asked).collect())
}

pub(super) fn at_once(at_once: Option<i32>) -> Result<i32, FieldError> {
    let at_once = at_once.unwrap_or(4);
    if (1..=MOST_AT_ONCE).contains(&at_once) {
        return Ok(at_once);
    }
    Err(FieldError::new("at_once", format!("is from 1 to {MOST_AT_ONCE}")))
}

pub(super) fn new_secret() -> [u8; 32] {
    rand::random()
}

pub(super) fn written(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_checked_one_by_one() {
        let check = |all: &[&str]| {
            let all: Vec<_> = all.iter().map(|one| Pattern((*one).to_owned())).collect();
            patterns(&all).map_err(|error| error.message)
        };
        assert_eq!(check(&["conversation.*", "!*.read"]).map(|all| all.len()), Ok(2));
        assert_eq!(
            check(&["!message.*"]).map(|all| all.join(" ")),
            Ok("** !message.*".into())
        );
        for (all, why) in [
            (&[][..], "from 1 to 50"),
            (&["message.*", "Message"], "\"Message\" may hold"),
        ] {
            assert!(check(all).is_err_and(|error| error.contains(why)), "{all:?}");
        }
        assert!(check(&["**"; 51]).is_err());
    }

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let (one, other) = (written(&new_secret()), written(&new_secret()));
        assert!(one.starts_with("whsec_") && one.len() == 50, "{one}");
        assert_ne!(one, other);
    }
}
