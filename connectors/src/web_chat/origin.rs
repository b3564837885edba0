//! Which pages may show the widget.

/// An entry of the list of allowed origins.
#[derive(Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    scheme: &'a str,
    host: &'a str,
    is_wildcard: bool,
}

impl<'a> Origin<'a> {
    /// Reads `https://shop.example`, `http://localhost:3000` or `https://*.example`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (scheme, host) = text.split_once("://")?;
        let (host, is_wildcard) = host.strip_prefix("*.").map_or((host, false), |host| (host, true));
        let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        let is_right = matches!(scheme, "http" | "https") && !host.is_empty() && host.chars().all(is_host);
        is_right.then_some(Self {
            scheme,
            host,
            is_wildcard,
        })
    }

    fn matches(&self, other: &Origin<'_>) -> bool {
        let same_host = if self.is_wildcard {
            other.host.len() > self.host.len() + 1
                && other
                    .host
                    .to_ascii_lowercase()
                    .ends_with(&format!(".{}", self.host.to_ascii_lowercase()))
        } else {
            self.host.eq_ignore_ascii_case(other.host)
        };
        self.scheme == other.scheme && same_host
    }
}

/// Whether a page of this origin may show the widget. No entries means every page may.
#[must_use]
pub fn is_allowed(allowed: &[String], origin: Option<&str>) -> bool {
    if allowed.is_empty() {
        return true;
    }
    let Some(origin) = origin.and_then(Origin::parse) else {
        return false;
    };
    allowed
        .iter()
        .filter_map(|entry| Origin::parse(entry))
        .any(|entry| entry.matches(&origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_pages_are_allowed() {
        let list = ["https://shop.example".to_owned(), "https://*.wild.example".to_owned()];
        let table = [
            (Some("https://shop.example"), true),
            (Some("https://SHOP.example"), true),
            (Some("http://shop.example"), false),
            (Some("https://shop.example:8443"), false),
            (Some("https://evilshop.example"), false),
            (Some("https://a.wild.example"), true),
            (Some("https://a.b.wild.example"), true),
            (Some("https://wild.example"), false),
            (Some("https://notwild.example"), false),
            (Some("https://.wild.example"), false),
            (Some("null"), false),
            (None, false),
        ];
        for (origin, expect) in table {
            assert_eq!(is_allowed(&list, origin), expect, "{origin:?}");
        }
        assert!(is_allowed(&[], None));
    }
}
