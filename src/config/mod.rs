//! The settings: from the command line, `SWITCHBOARD_*` variables and a TOML file, in that order.
//!
//! `http.port` in the file is `SWITCHBOARD_HTTP__PORT` in the environment. The file is the one
//! that `--config` or `SWITCHBOARD_CONFIG` names, else `switchboard.toml` in the current folder,
//! else in the data folder. A key that is no setting stops the start, and so does a bad value.

mod database;
mod egress;
mod error;
mod http;
mod limits;
mod live;
mod log;
mod network;
mod secret;
mod security;
mod settings;
mod sources;
mod suggest;

use std::path::PathBuf;

use settings::Settings;
use sources::Sources;

pub(crate) use database::Database;
pub(crate) use egress::Egress;
pub(crate) use error::ConfigError;
pub(crate) use http::Http;
pub(crate) use limits::{Limits, Rate};
pub(crate) use live::Live;
pub(crate) use log::{Log, LogFormat};
pub(crate) use secret::Secret;
pub(crate) use security::Security;
pub(crate) use settings::Understood;

/// The settings that the command line may give.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct ConfigArgs {
    /// The settings file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the server keeps what must survive it
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// The address to listen on
    #[arg(long, global = true)]
    pub host: Option<String>,
    /// The port to listen on
    #[arg(long, global = true)]
    pub port: Option<u16>,
}

/// All settings, checked.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub data_dir: PathBuf,
    pub http: Http,
    pub database: Database,
    pub log: Log,
    pub security: Security,
    pub limits: Limits,
    pub live: Live,
    pub egress: Egress,
    /// Every setting as it was understood, for `serve --check`.
    pub understood: Vec<Understood>,
}

impl Config {
    /// Reads the settings, or says everything that is wrong with them.
    pub(crate) fn load(args: &ConfigArgs) -> Result<Self, ConfigError> {
        let environment =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::from_sources(Sources::gather(args, environment)?)
    }

    fn from_sources(sources: Sources) -> Result<Self, ConfigError> {
        let mut from = Settings::new(sources);
        let config = Self {
            data_dir: from.path("data_dir", "data"),
            http: Http::read(&mut from),
            database: Database::read(&mut from),
            log: Log::read(&mut from),
            security: Security::read(&mut from),
            limits: Limits::read(&mut from),
            live: Live::read(&mut from),
            egress: Egress::read(&mut from),
            understood: Vec::new(),
        };
        let understood = from.finish()?;
        Ok(Self { understood, ..config })
    }
}

#[cfg(test)]
mod tests;
