//! The short name of a tenant: pure.

/// Makes a short name for addresses from a company's name.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            '\'' | '’' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let slug: String = slug.chars().take(40).collect();
    match slug.trim_matches('-') {
        "" => "tenant".into(),
        slug => slug.into(),
    }
}

/// The first of `slug`, `slug-2`, `slug-3` … that is not taken.
pub(super) fn free(slug: &str, taken: &[String]) -> String {
    let is_taken = |candidate: &str| taken.iter().any(|taken| taken == candidate);
    if !is_taken(slug) {
        return slug.to_owned();
    }
    (2u32..)
        .map(|n| format!("{slug}-{n}"))
        .find(|candidate| !is_taken(candidate))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_short_and_plain() {
        let table = [
            ("Acme", "acme"),
            ("  Müller & Söhne GmbH ", "mueller-soehne-gmbh"),
            ("Bob’s Burgers", "bobs-burgers"),
            ("🦊", "tenant"),
            ("---", "tenant"),
        ];
        for (name, expect) in table {
            assert_eq!(slug(name), expect);
        }
        assert_eq!(slug(&"x".repeat(99)).len(), 40);
    }

    #[test]
    fn a_taken_slug_gets_a_number() {
        let taken = ["acme".to_owned(), "acme-2".to_owned()];
        assert_eq!(free("acme", &taken), "acme-3");
        assert_eq!(free("other", &taken), "other");
    }
}
