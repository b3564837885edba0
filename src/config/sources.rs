//! Gathers the raw values: one for each key, from the source that has the last word.

use std::{collections::BTreeMap, fs, io, path::Path};

use toml::Value;

use super::{ConfigArgs, ConfigError};

const PREFIX: &str = "SWITCHBOARD_";
const FILE: &str = "switchboard.toml";
/// Variables that tools of many kinds know, and our names for them.
const COMMON: [(&str, &str); 2] = [("DATABASE_URL", "database.url"), ("PG_BIN", "database.pg_bin")];

/// A value as it was written, with the place where it was.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Raw {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    Argument(&'static str),
    Variable(String),
    File(String),
}

impl Origin {
    /// As a message names it.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Argument(name) => name,
            Self::Variable(name) | Self::File(name) => name,
        }
    }
}

/// The raw values by key, `http.port` for example.
#[derive(Debug, Default)]
pub(super) struct Sources(pub(super) BTreeMap<String, Raw>);

impl Sources {
    /// Reads the file, then lets the environment and the command line overrule it.
    pub(super) fn gather(
        args: &ConfigArgs,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let variables: BTreeMap<String, String> = environment.filter(|(_, value)| !value.is_empty()).collect();
        let mut sources = Self::default();
        if let Some((name, text)) = find_file(args, &variables)? {
            sources.add_file(&name, &text)?;
        }
        for (name, key) in COMMON {
            if let Some(value) = variables.get(name) {
                sources.add_variable(name, key.to_owned(), value);
            }
        }
        for (name, value) in &variables {
            if let Some(key) = key_of(name) {
                sources.add_variable(name, key, value);
            }
        }
        sources.add_arguments(args);
        Ok(sources)
    }

    fn add_file(&mut self, name: &str, text: &str) -> Result<(), ConfigError> {
        let table: toml::Table = text
            .parse()
            .map_err(|error| ConfigError::one(format!("{name}: {error}")))?;
        self.add_table(name, "", table);
        Ok(())
    }

    fn add_table(&mut self, name: &str, prefix: &str, table: toml::Table) {
        for (key, value) in table {
            let key = format!("{prefix}{key}");
            match value {
                Value::Table(table) => self.add_table(name, &format!("{key}."), table),
                value => self.add(key, value, Origin::File(name.to_owned())),
            }
        }
    }

    fn add_variable(&mut self, name: &str, key: String, value: &str) {
        let value = Value::String(value.to_owned());
        self.add(key, value, Origin::Variable(name.to_owned()));
    }

    fn add_arguments(&mut self, args: &ConfigArgs) {
        let data_dir = args.data_dir.as_ref().map(|path| path.display().to_string());
        let port = args.port.map(|port| port.to_string());
        let given = [
            ("--data-dir", "data_dir", data_dir),
            ("--host", "http.host", args.host.clone()),
            ("--port", "http.port", port),
        ];
        for (name, key, value) in given {
            if let Some(value) = value {
                self.add(key.to_owned(), Value::String(value), Origin::Argument(name));
            }
        }
    }

    fn add(&mut self, key: String, value: Value, origin: Origin) {
        self.0.insert(key, Raw { value, origin });
    }
}

/// `SWITCHBOARD_HTTP__PORT` is `http.port`; what names the file, carries a new person's password or steers tests is no
/// setting.
fn key_of(variable: &str) -> Option<String> {
    let rest = variable.strip_prefix(PREFIX)?;
    let is_setting = !matches!(rest, "CONFIG" | "PASSWORD") && !rest.starts_with("TEST_");
    is_setting.then(|| rest.to_lowercase().replace("__", "."))
}

/// The reverse of [`key_of`].
pub(super) fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// The file that was named, which must exist, or one of the two places, which may be empty.
fn find_file(args: &ConfigArgs, variables: &BTreeMap<String, String>) -> Result<Option<(String, String)>, ConfigError> {
    let named = args
        .config
        .clone()
        .or_else(|| variables.get("SWITCHBOARD_CONFIG").map(Into::into));
    if let Some(path) = named {
        let text =
            fs::read_to_string(&path).map_err(|error| ConfigError::one(format!("{}: {error}", path.display())))?;
        return Ok(Some((path.display().to_string(), text)));
    }
    let data_dir = args
        .data_dir
        .clone()
        .or_else(|| variables.get("SWITCHBOARD_DATA_DIR").map(Into::into))
        .unwrap_or_else(|| "data".into());
    for path in [Path::new(FILE).to_owned(), data_dir.join(FILE)] {
        match fs::read_to_string(&path) {
            Ok(text) => return Ok(Some((path.display().to_string(), text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(ConfigError::one(format!("{}: {error}", path.display())));
            }
        }
    }
    Ok(None)
}
