//! Where a link may lead.

use crate::text::is_unseen;

const MAX: usize = 2_000;

/// What is wrong with an address, if anything. The pattern `link` of the contract says the same.
#[must_use]
pub fn problem(link: &str) -> Option<&'static str> {
    if link.chars().count() > MAX {
        return Some("is longer than an address may be");
    }
    let is_bad = |c: char| c.is_whitespace() || c.is_control() || is_unseen(c) || "\"<>\\^`{|}".contains(c);
    let is_right = match link.split_once(':') {
        Some(("http" | "https", rest)) => rest.strip_prefix("//").is_some_and(|rest| {
            // A name before the host only makes the host look like another.
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            !host.is_empty() && !host.contains('@')
        }),
        Some(("mailto" | "tel", rest)) => !rest.is_empty(),
        _ => false,
    };
    (!is_right || link.contains(is_bad)).then_some("is no link to http, https, mailto or tel")
}

/// The address as people write it: without the scheme that they leave out.
#[must_use]
pub fn shown(link: &str) -> &str {
    ["mailto:", "tel:"]
        .iter()
        .find_map(|scheme| link.strip_prefix(scheme))
        .unwrap_or(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_web_to_a_mailbox_or_to_a_telephone() {
        for good in [
            "https://shop.example",
            "http://shop.example:8080/a/b?c=d&e=%20#f",
            "https://bücher.example/größe",
            "https://shop.example/?mail=a@b.example",
            "mailto:ada@example.org",
            "tel:+49-30-1234",
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
        for bad in [
            "",
            "shop.example",
            "//shop.example",
            "/orders",
            "https:",
            "https://",
            "https:///orders",
            "HTTPS://shop.example",
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            " https://shop.example",
            "https://shop.example/a b",
            "https://shop.example/\"onclick=\"",
            "https://bank.example@shop.example",
            "https://shop.example/\u{202e}gpj.exe",
            "https://shop.example/\u{200b}",
            "data:text/html,<script>",
            "vbscript:x",
            "file:///etc/passwd",
            "mailto:",
            "tel:",
        ] {
            assert!(problem(bad).is_some(), "{bad}");
        }
        assert!(problem(&format!("https://shop.example/{}", "a".repeat(2_000))).is_some());
    }
}
