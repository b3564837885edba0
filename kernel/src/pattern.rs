//! Patterns over the kinds of events: `conversation.*` is every kind of two words that begins so, `**` any number of words.
//! With `!` before it a pattern takes away.

use std::collections::{BTreeSet, HashMap};

crate::words! {
    /// What a follower of the log is at.
    FollowerState {
        Live = "live",
        Paused = "paused",
        Replaying = "replaying",
    }
}

/// How long a pattern may be, and how many words.
pub const LONGEST_PATTERN: usize = 100;
const MOST_WORDS: usize = 8;

/// Why something is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPattern {
    #[error("is empty")]
    Empty,
    #[error("is too long")]
    TooLong,
    #[error("may hold small letters, digits, _ and - between dots, and * or ** as a whole word")]
    Unreadable,
}

/// Checks a pattern.
pub fn check(pattern: &str) -> Result<(), NoPattern> {
    let wanted = pattern.strip_prefix('!').unwrap_or(pattern);
    let is_word = |word: &str| {
        matches!(word, "*" | "**")
            || (!word.is_empty()
                && word
                    .bytes()
                    .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')))
    };
    match wanted {
        "" => Err(NoPattern::Empty),
        _ if wanted.len() > LONGEST_PATTERN || wanted.split('.').count() > MOST_WORDS => Err(NoPattern::TooLong),
        _ if wanted.split('.').all(is_word) => Ok(()),
        _ => Err(NoPattern::Unreadable),
    }
}

/// Who wants what: finds everyone whose patterns match a kind, in one walk along its words.
#[derive(Clone, Debug)]
pub struct Patterns<T> {
    wanted: Node<T>,
    unwanted: Node<T>,
}

#[derive(Clone, Debug)]
struct Node<T> {
    words: HashMap<Box<str>, Self>,
    /// After `*`, after `**`.
    one: Option<Box<Self>>,
    any: Option<Box<Self>>,
    here: Vec<T>,
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self {
            words: HashMap::new(),
            one: None,
            any: None,
            here: vec![],
        }
    }
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Self {
            wanted: Node::default(),
            unwanted: Node::default(),
        }
    }
}

impl<T: Copy + Ord> Patterns<T> {
    /// Notes that `who` wants the kinds that a pattern matches, or with `!` those no more.
    pub fn add(&mut self, pattern: &str, who: T) -> Result<(), NoPattern> {
        check(pattern)?;
        let (mut node, words) = match pattern.strip_prefix('!') {
            Some(words) => (&mut self.unwanted, words),
            None => (&mut self.wanted, pattern),
        };
        for word in words.split('.') {
            node = match word {
                "*" => node.one.get_or_insert_default(),
                "**" => node.any.get_or_insert_default(),
                word => node.words.entry(word.into()).or_default(),
            };
        }
        node.here.push(who);
        Ok(())
    }

    /// Everyone who wants this kind.
    #[must_use]
    pub fn who_wants(&self, kind: &str) -> BTreeSet<T> {
        let words: Vec<_> = kind.split('.').collect();
        let (mut wanted, mut unwanted) = (BTreeSet::new(), BTreeSet::new());
        self.wanted.find(&words, &mut wanted);
        self.unwanted.find(&words, &mut unwanted);
        wanted.difference(&unwanted).copied().collect()
    }
}

impl<T: Copy + Ord> Node<T> {
    fn find(&self, words: &[&str], found: &mut BTreeSet<T>) {
        match words {
            [] => found.extend(&self.here),
            [word, rest @ ..] => {
                let next = self.words.get(*word).into_iter().chain(self.one.as_deref());
                next.for_each(|node| node.find(rest, found));
            }
        }
        if let Some(after) = &self.any {
            (0..=words.len())
                .filter_map(|skipped| words.get(skipped..))
                .for_each(|rest| after.find(rest, found));
        }
    }
}

/// Whether one of these patterns matches a kind, and none with `!` does. What is no pattern matches nothing.
#[must_use]
pub fn matches<'a>(patterns: impl IntoIterator<Item = &'a str>, kind: &str) -> bool {
    let mut compiled = Patterns::default();
    for pattern in patterns {
        if compiled.add(pattern, ()).is_err() {
            return false;
        }
    }
    !compiled.who_wants(kind).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_word_by_word() {
        for (patterns, kind, is_match) in [
            (&["conversation.resolved"][..], "conversation.resolved", true),
            (&["conversation.*"], "conversation.resolved", true),
            (&["conversation.*"], "conversation", false),
            (&["conversation.*"], "conversation.label.added", false),
            (&["conversation.**"], "conversation.label.added", true),
            (&["conversation.**"], "conversation", true),
            (&["**.resolved"], "conversation.resolved", true),
            (&["**.resolved"], "resolved", true),
            (&["**.resolved"], "a.b.resolved", true),
            (&["**.resolved"], "conversation.resolved.again", false),
            (&["*.posted"], "message.posted", true),
            (&["**"], "message.posted", true),
            (&["**.b.**.d"], "a.b.c.b.d", true),
            (&["*"], "message.posted", false),
            (&["message.posted", "contact.*"], "contact.created", true),
            (&["**", "!message.*"], "message.posted", false),
            (&["**", "!message.*"], "contact.created", true),
            (&["!message.*"], "contact.created", false),
            (&[], "contact.created", false),
        ] {
            assert_eq!(matches(patterns.iter().copied(), kind), is_match, "{patterns:?} {kind}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for (pattern, why) in [
            ("", NoPattern::Empty),
            ("!", NoPattern::Empty),
            ("conversation..resolved", NoPattern::Unreadable),
            ("conversation.res*", NoPattern::Unreadable),
            ("***", NoPattern::Unreadable),
            ("Message.posted", NoPattern::Unreadable),
            ("message posted", NoPattern::Unreadable),
            ("!!a", NoPattern::Unreadable),
            ("a.b.c.d.e.f.g.h.i", NoPattern::TooLong),
        ] {
            assert_eq!(check(pattern), Err(why), "{pattern}");
        }
        assert_eq!(check(&"a".repeat(101)), Err(NoPattern::TooLong));
        assert!(!matches(["message posted"], "message posted"));
    }

    #[test]
    fn many_are_found_at_once() {
        let mut patterns = Patterns::default();
        for (who, pattern) in ["**", "message.*", "*.posted", "contact.*", "message.posted"]
            .iter()
            .enumerate()
        {
            patterns.add(pattern, who).unwrap();
        }
        patterns.add("!message.posted", 1).unwrap();
        assert_eq!(patterns.who_wants("message.posted"), BTreeSet::from([0, 2, 4]));
        assert_eq!(patterns.who_wants("contact.created"), BTreeSet::from([0, 3]));
    }
}
