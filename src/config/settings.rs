//! Takes the raw values apart, one reader for each kind, and remembers every problem.

use std::{collections::BTreeSet, fmt, ops::RangeInclusive, path::PathBuf};

use toml::Value;

use super::{
    ConfigError, Secret,
    sources::{Origin, Raw, Sources, variable_of},
    suggest,
};

/// A setting as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Understood {
    pub key: &'static str,
    pub value: String,
    /// Where it came from.
    pub origin: String,
}

impl fmt::Display for Understood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {} ({})", self.key, self.value, self.origin)
    }
}

/// The raw values while they are read.
pub(super) struct Settings {
    raw: Sources,
    known: BTreeSet<&'static str>,
    understood: Vec<Understood>,
    problems: Vec<String>,
}

impl Settings {
    pub(super) fn new(raw: Sources) -> Self {
        Self {
            raw,
            known: BTreeSet::new(),
            understood: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Reads a value with `parse`, which knows what is allowed when it returns nothing.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        allowed: &str,
        parse: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        self.known.insert(key);
        let raw = self.raw.0.get(key)?;
        let shown = shown(key, &raw.value);
        let Some(value) = parse(&raw.value) else {
            let origin = raw.origin.name();
            self.problems
                .push(format!("{key} = {shown} ({origin}): must be {allowed}"));
            return None;
        };
        self.understood.push(Understood {
            key,
            value: shown,
            origin: raw.origin.name().to_owned(),
        });
        Some(value)
    }

    /// Reads a value, or takes the default.
    pub(super) fn or<T: fmt::Display>(
        &mut self,
        key: &'static str,
        default: T,
        allowed: &str,
        parse: impl Fn(&Value) -> Option<T>,
    ) -> T {
        if let Some(value) = self.optional(key, allowed, parse) {
            return value;
        }
        self.understood.push(Understood {
            key,
            value: default.to_string(),
            origin: "default".to_owned(),
        });
        default
    }

    pub(super) fn text(&mut self, key: &'static str, default: &str) -> String {
        self.or(key, default.to_owned(), "text", text)
    }

    pub(super) fn path(&mut self, key: &'static str, default: &str) -> PathBuf {
        PathBuf::from(self.or(key, default.to_owned(), "the path of a folder", text))
    }

    pub(super) fn optional_path(&mut self, key: &'static str) -> Option<PathBuf> {
        self.optional(key, "the path of a folder", text).map(PathBuf::from)
    }

    pub(super) fn flag(&mut self, key: &'static str, default: bool) -> bool {
        self.or(key, default, "true or false", |value| match value {
            Value::Boolean(flag) => Some(*flag),
            value => text(value)?.parse().ok(),
        })
    }

    /// Reads a whole number within a range of the type that is asked for.
    pub(super) fn number<N>(&mut self, key: &'static str, default: N, range: RangeInclusive<N>) -> N
    where
        N: Copy + PartialOrd + fmt::Display + TryFrom<i64>,
    {
        let allowed = format!("a whole number from {} to {}", range.start(), range.end());
        self.or(key, default, &allowed, |value| {
            whole(value).filter(|number| range.contains(number))
        })
    }

    /// The same, where absence means something.
    pub(super) fn optional_number<N>(&mut self, key: &'static str, range: RangeInclusive<N>) -> Option<N>
    where
        N: Copy + PartialOrd + fmt::Display + TryFrom<i64>,
    {
        let allowed = format!("a whole number from {} to {}", range.start(), range.end());
        self.optional(key, &allowed, |value| {
            whole(value).filter(|number| range.contains(number))
        })
    }

    /// Reads a list: an array in the file, separated by commas in a variable.
    pub(super) fn list<T>(&mut self, key: &'static str, allowed: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let list = self.optional(key, allowed, |value| {
            let parts: Vec<String> = match value {
                Value::Array(values) => values.iter().map(text).collect::<Option<_>>()?,
                value => text(value)?.split(',').map(|part| part.trim().to_owned()).collect(),
            };
            parts.iter().map(|part| parse(part)).collect()
        });
        list.unwrap_or_default()
    }

    /// Reads a secret of at least so many characters.
    pub(super) fn secret(&mut self, key: &'static str, allowed: &str, least: usize) -> Option<Secret> {
        let long_enough = |secret: &String| secret.chars().count() >= least;
        self.optional(key, allowed, |value| text(value).filter(long_enough))
            .map(Secret::new)
    }

    /// Reports all problems, keys that nobody asked for among them.
    pub(super) fn finish(mut self) -> Result<Vec<Understood>, ConfigError> {
        for (key, raw) in &self.raw.0 {
            if !self.known.contains(key.as_str()) {
                self.problems.push(stranger(key, raw, &self.known));
            }
        }
        if self.problems.is_empty() {
            return Ok(self.understood);
        }
        Err(ConfigError {
            problems: self.problems,
        })
    }
}

/// What is said about a key that is no setting.
fn stranger(key: &str, raw: &Raw, known: &BTreeSet<&'static str>) -> String {
    let near = suggest::nearest(key, known.iter().copied());
    let (name, near) = match &raw.origin {
        Origin::Variable(name) => (name.clone(), near.map(variable_of)),
        origin => (format!("{key} ({})", origin.name()), near.map(str::to_owned)),
    };
    match near {
        Some(near) => format!("{name} is not a setting; did you mean {near}?"),
        None => format!("{name} is not a setting"),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).filter(|text| !text.is_empty())
}

fn whole<N: TryFrom<i64>>(value: &Value) -> Option<N> {
    let number: i64 = match value {
        Value::Integer(number) => *number,
        value => value.as_str()?.trim().parse().ok()?,
    };
    N::try_from(number).ok()
}

/// The value as a message may show it.
fn shown(key: &str, value: &Value) -> String {
    const SECRETS: [&str; 2] = ["database.url", "security.signing_key"];
    if SECRETS.contains(&key) {
        return "(hidden)".to_owned();
    }
    value.to_string()
}
