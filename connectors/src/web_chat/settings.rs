//! What a business chooses for its widget.

use kernel::{FieldError, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Origin;

/// The settings of a web chat channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(default)]
pub struct WebChatSettings {
    /// `#rrggbb`; text on it is black or white, whichever reads better.
    #[schema(format = "color", min_length = 7, max_length = 7)]
    pub color: String,
    #[schema(format = "text", min_length = 1, max_length = 80)]
    pub title: String,
    #[schema(format = "line", max_length = 300)]
    pub greeting: String,
    #[schema(format = "line", max_length = 40)]
    pub launcher_text: String,
    /// An honest word about when to expect an answer.
    #[schema(format = "line", max_length = 120)]
    pub reply_time: String,
    pub position: Position,
    /// The pages that may show the widget, as `https://shop.example` or `https://*.example`; none means all.
    #[schema(max_items = 100, value_type = Vec<AllowedOrigin>)]
    pub allowed_origins: Vec<String>,
    pub ask_email: bool,
    /// A customer's message to a conversation resolved longer ago than this starts a new one.
    #[schema(maximum = 8_760)]
    pub reopen_within_hours: u32,
    /// Only customers whom the business vouches for may write.
    pub require_identity: bool,
}

/// A page's origin, or all below one.
#[derive(ToSchema)]
#[schema(value_type = String, format = "origin", min_length = 8, max_length = 300)]
#[expect(dead_code, reason = "it stands in the contract")]
struct AllowedOrigin(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Position {
    Right,
    Left,
}

impl Default for WebChatSettings {
    fn default() -> Self {
        Self {
            color: "#5b5bd6".into(),
            title: "Hi there".into(),
            greeting: "Ask us anything. A real person answers.".into(),
            launcher_text: String::new(),
            reply_time: "We usually answer within a few minutes".into(),
            position: Position::Right,
            allowed_origins: vec![],
            ask_email: true,
            reopen_within_hours: 72,
            require_identity: false,
        }
    }
}

impl WebChatSettings {
    /// Returns what is wrong with them.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldError> {
        let texts = [
            text::required("settings.title", &self.title, 80).err(),
            text::optional("settings.greeting", Some(&self.greeting), 300).err(),
            text::optional("settings.launcher_text", Some(&self.launcher_text), 40).err(),
            text::optional("settings.reply_time", Some(&self.reply_time), 120).err(),
        ];
        let mut problems: Vec<_> = texts.into_iter().flatten().collect();
        let is_color = self
            .color
            .strip_prefix('#')
            .is_some_and(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()));
        if !is_color {
            problems.push(FieldError::new("settings.color", "is a colour like #5b5bd6"));
        }
        if self.reopen_within_hours > 24 * 365 {
            problems.push(FieldError::new(
                "settings.reopen_within_hours",
                "is at most a year (8760)",
            ));
        }
        if self.allowed_origins.len() > 100 {
            problems.push(FieldError::new("settings.allowed_origins", "has at most 100 entries"));
        }
        for (n, origin) in self.allowed_origins.iter().enumerate() {
            if Origin::parse(origin).is_none() || origin.len() > 300 {
                let field = format!("settings.allowed_origins[{n}]");
                problems.push(FieldError::new(
                    field,
                    "is an origin like https://shop.example or https://*.example",
                ));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_fine_and_each_mistake_is_named() {
        assert_eq!(WebChatSettings::default().problems(), vec![]);
        let bad = WebChatSettings {
            color: "red".into(),
            title: " ".into(),
            reopen_within_hours: 9_999,
            allowed_origins: vec!["https://ok.example".into(), "shop.example/x".into()],
            ..WebChatSettings::default()
        };
        let fields: Vec<_> = bad
            .problems()
            .into_iter()
            .map(|problem| problem.field.into_owned())
            .collect();
        let expect = [
            "settings.title",
            "settings.color",
            "settings.reopen_within_hours",
            "settings.allowed_origins[1]",
        ];
        assert_eq!(fields, expect);
    }
}
