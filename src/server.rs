//! The running server: put together, kept running, and stopped without losing anything.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use actors::job::{Folder, JobConfig};
use actors::{Hub, LiveConfig};
use anyhow::Context;
use api::{Limits, LimitsConfig, MasterKey, Seal, Tokens, TrustedProxies};
use delivery::{DeliveryConfig, LobbySize};
use egress::Egress;
use identity::settings::IdentitySettings;
use inbox::channel::PublicUrl;
use kernel::Clock;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tracing::info;

use crate::command::say;
use crate::config::{self, Config};
use crate::http::door::{self, Parts};
use crate::{database, demo, registration, telemetry};

/// Runs the server until it is told to stop.
pub(crate) async fn serve(config: Config, is_demo: bool) -> anyhow::Result<()> {
    // Before anything is started, so that a taken port is told at once.
    let address = format!("{}:{}", config.http.host, config.http.port);
    let listener = TcpListener::bind(&address).with_context(|| format!("listening on {address}"))?;
    let address = listener.local_addr()?;
    let database = database::open_for_server(&config).await?;
    let parts = assemble(&config, &database)?;
    registration::begin(&parts.store, &parts.tokens)
        .await
        .context("preparing what is there for this version")?;
    parts
        .hub
        .begin_followers()
        .await
        .context("letting new followers begin")?;
    parts.hub.wake_followers().await.context("waking the followers")?;
    parts.hub.wake_jobs().await.context("waking the jobs")?;
    let url = config
        .http
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    if is_demo {
        let welcome = demo::prepare(&parts.hub, &parts.seal, &parts.egress, &url)
            .await
            .context("the demo tenant")?;
        say(&welcome);
    }
    let stopping = Arc::new(Notify::new());
    let server = door::listen(&config, parts.clone(), listener, stopping.clone())?;
    info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
    if !is_demo {
        say(&format!("Switchboard is ready: {url}"));
    }
    let (handle, running) = (server.handle(), actix::spawn(server));
    asked_to_stop().await?;
    info!("stopping: no new work, what was begun is finished");
    parts.hub.drain().await;
    stopping.notify_waiters();
    handle.stop(true).await;
    running.await.context("the server")??;
    database.close().await;
    info!("stopped");
    Ok(())
}

fn assemble(config: &Config, database: &database::Database) -> anyhow::Result<Parts> {
    // First of all, so that nothing is missing from the count.
    let metrics = telemetry::count()?;
    let store = database.store(config)?;
    let master = master_key(config)?;
    let minutes = u64::try_from(config.security.token_minutes).unwrap_or(15);
    let tokens = Tokens::new(&master, Duration::from_secs(minutes * 60), Clock::machine());
    let sizes = limits_of(config);
    let limits = Limits::new(&sizes);
    let is_https = config
        .http
        .public_url
        .as_deref()
        .is_some_and(|url| url.starts_with("https://"));
    let identity = IdentitySettings {
        allow_sign_up: config.security.allow_sign_up,
        session_days: config.security.session_days,
        reuse_leeway_seconds: config.security.reuse_leeway_seconds,
        secure_cookie: is_https,
    };
    let seal = Seal::new(&master);
    let allow = config.egress.allow.clone();
    let egress = Egress::new(egress::Rules { allow }).context("the way out")?;
    let hub = Hub::start(
        store.clone(),
        registration::live(tokens.clone(), limits.clone(), identity.clone(), &seal, &egress),
        live_of(config),
    );
    Ok(Parts {
        hub: Data::new(hub),
        store: Data::new(store),
        tokens: Data::new(tokens),
        limits: Data::new(limits),
        sizes: Data::new(sizes),
        seal: Data::new(seal),
        egress: Data::new(egress),
        identity: Data::new(identity),
        proxies: Data::new(TrustedProxies(config.http.trusted_proxies.clone())),
        public_url: Data::new(PublicUrl(config.http.public_url.clone())),
        metrics: Data::new(metrics),
    })
}

async fn asked_to_stop() -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn master_key(config: &Config) -> anyhow::Result<MasterKey> {
    let secret = config.security.signing_key(&config.data_dir)?;
    Ok(MasterKey::of(secret.expose()))
}

fn limits_of(config: &Config) -> LimitsConfig {
    LimitsConfig {
        body_bytes: config.limits.body_bytes,
        body_patience: Duration::from_secs(config.limits.body_seconds),
        sign_in: (config.security.login.per_minute, config.security.login.burst),
        sign_up: (config.security.sign_up.per_minute, config.security.sign_up.burst),
        visit: (
            config.limits.widget_visits.per_minute,
            config.limits.widget_visits.burst,
        ),
        visitor_message: (
            config.limits.widget_messages.per_minute,
            config.limits.widget_messages.burst,
        ),
    }
}

fn live_of(config: &Config) -> LiveConfig {
    LiveConfig {
        idle: Duration::from_secs(config.live.idle_seconds),
        mailbox: config.live.mailbox,
        restart_budget: usize::try_from(config.live.restart_budget).unwrap_or(5),
        restart_window: Duration::from_secs(config.live.restart_window_seconds),
        threads: std::thread::available_parallelism().map_or(2, Into::into),
        delivery: DeliveryConfig {
            ring: config.live.ring,
            beat: Duration::from_secs(config.live.beat_seconds),
            frame_bytes: config.limits.frame_bytes,
            lobby: LobbySize {
                per_address: config.limits.strangers.0,
                total: config.limits.strangers.1,
            },
            visitor_requests: rate(config.limits.widget_requests),
            member_requests: rate(config.limits.requests),
            signals: rate(config.limits.signals),
            ..DeliveryConfig::default()
        },
        jobs: JobConfig {
            shelf: Arc::new(Folder::new(config.data_dir.join("jobs"))),
            ..JobConfig::default()
        },
        ..LiveConfig::default()
    }
}

fn rate(of: config::Rate) -> delivery::Rate {
    delivery::Rate {
        per_minute: of.per_minute,
        burst: of.burst,
    }
}
