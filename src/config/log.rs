//! What the server tells about itself, and in which form.

use std::fmt;

use super::settings::Settings;

/// `[log]`
#[derive(Debug, Clone)]
pub(crate) struct Log {
    pub format: LogFormat,
    /// What to tell, as tracing's filters say it: `info,store=debug`.
    pub filter: String,
}

/// For whom the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people at a terminal.
    Pretty,
    /// For machines, one object a line.
    Json,
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
        })
    }
}

impl Log {
    pub(super) fn read(from: &mut Settings) -> Self {
        Self {
            format: from.or("log.format", LogFormat::Pretty, "pretty or json", |value| {
                match value.as_str()? {
                    "pretty" => Some(LogFormat::Pretty),
                    "json" => Some(LogFormat::Json),
                    _ => None,
                }
            }),
            filter: from.or(
                "log.filter",
                "info".to_owned(),
                "a filter such as info,store=debug",
                |value| {
                    let text = value.as_str()?;
                    tracing_subscriber::EnvFilter::try_new(text).ok()?;
                    Some(text.to_owned())
                },
            ),
        }
    }
}
