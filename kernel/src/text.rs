//! Text from outside: trimmed, bounded, and free of what the database cannot keep.

use crate::FieldError;

/// The longest message that people may write, in characters.
pub const MAX_MESSAGE: usize = 20_000;

/// Returns the trimmed text, or what is wrong with it.
pub fn required(field: &'static str, text: &str, max: usize) -> Result<String, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldError::new(field, "is required"));
    }
    bounded(field, text, max)
}

/// Returns the trimmed text, `None` when nothing is left of it, or what is wrong with it.
pub fn optional(field: &'static str, text: Option<&str>, max: usize) -> Result<Option<String>, FieldError> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => bounded(field, text, max).map(Some),
    }
}

/// Returns a lower-case e-mail address, or what is wrong with it.
pub fn email(field: &'static str, text: &str) -> Result<String, FieldError> {
    let text = required(field, text, 254)?.to_lowercase();
    let parts = text.split_once('@');
    let looks_right = parts.is_some_and(|(name, host)| {
        let host_ok = host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@');
        !name.is_empty() && host_ok && !text.contains(|c: char| c.is_whitespace() || c.is_control())
    });
    if looks_right {
        Ok(text)
    } else {
        Err(FieldError::new(field, "is not an e-mail address"))
    }
}

/// The first characters of a text on one line, for lists.
#[must_use]
pub fn preview(text: &str) -> String {
    const MAX: usize = 140;
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(MAX) {
        None => one_line,
        Some((end, _)) => format!("{}…", one_line.get(..end).unwrap_or_default()),
    }
}

/// The SQL pattern for texts with this one in them, or, if it is one or two letters only, with a word that begins so.
///
/// Signs that a pattern would read as wild cards lose their meaning.
#[must_use]
pub fn search_pattern(text: &str) -> String {
    let is_short = text.chars().count() < 3;
    let text = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    if is_short {
        format!("% {text}%")
    } else {
        format!("%{text}%")
    }
}

/// Whether a sign changes how others are read and is not seen itself: what turns the direction of writing around, and what
/// has no width but joins nothing.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The text without signs that are not seen and without controls, but for tabs.
#[must_use]
pub fn without_unseen(text: &str) -> String {
    let is_kept = |c: &char| *c == '\t' || !(c.is_control() || is_unseen(*c));
    text.chars().filter(is_kept).collect()
}

fn bounded(field: &'static str, text: &str, max: usize) -> Result<String, FieldError> {
    if text.contains('\0') {
        return Err(FieldError::new(field, "must not contain NUL characters"));
    }
    let length = text.chars().count();
    if length > max {
        return Err(FieldError::new(
            field,
            format!("has {length} characters, at most {max} are allowed"),
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_text_is_trimmed_and_bounded() {
        let wrong = |text: &str| required("text", text, 5).err().map(|e| e.message.into_owned());
        assert_eq!(required("text", "  hi \n", 5), Ok("hi".into()));
        assert_eq!(required("text", "🦊🦊🦊🦊🦊", 5), Ok("🦊🦊🦊🦊🦊".into()));
        assert_eq!(wrong(" \n "), Some("is required".into()));
        assert_eq!(wrong("a\0b"), Some("must not contain NUL characters".into()));
        assert_eq!(wrong("123456"), Some("has 6 characters, at most 5 are allowed".into()));
    }

    #[test]
    fn email_addresses_are_lowered_and_checked() {
        assert_eq!(email("email", " Ada@Example.org "), Ok("ada@example.org".into()));
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@host",
            "a b@c.de",
            "a@c\u{8}.de",
            "a@b@c.de",
            "a@.de",
            "a@de.",
        ] {
            assert!(email("email", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_search_is_for_a_part_or_for_how_a_word_begins() {
        let cases = [
            ("ada", "%ada%"),
            ("ad", "% ad%"),
            ("a", "% a%"),
            ("10% _\\", r"%10\% \_\\%"),
        ];
        for (text, pattern) in cases {
            assert_eq!(search_pattern(text), pattern, "{text}");
        }
    }

    #[test]
    fn a_preview_is_one_short_line() {
        assert_eq!(preview("a\n\n b"), "a b");
        assert_eq!(preview(&"x".repeat(200)).chars().count(), 141);
    }
}
