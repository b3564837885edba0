//! The door: listens, answers HTTP, and hands WebSocket connections over to their sessions.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::{HttpService, Request};
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Server, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse};
use actors::Hub;
use api::{Limits, LimitsConfig, Seal, Tokens, TrustedProxies};
use delivery::Framed;
use egress::Egress;
use identity::settings::IdentitySettings;
use inbox::channel::PublicUrl;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use utoipa_actix_web::AppExt;

use crate::config::Config;
use crate::contract::Contract;
use crate::http::{headers, health, methods, show_contract, show_docs, trace};
use crate::{assets, contract, registration};

const READ_WITHIN: Duration = Duration::from_secs(30);

/// Everything that handlers may ask for.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) hub: Data<Hub>,
    pub(crate) store: Data<store::Store>,
    pub(crate) tokens: Data<Tokens>,
    pub(crate) limits: Data<Limits>,
    pub(crate) sizes: Data<LimitsConfig>,
    pub(crate) seal: Data<Seal>,
    pub(crate) egress: Data<Egress>,
    pub(crate) identity: Data<IdentitySettings>,
    pub(crate) proxies: Data<TrustedProxies>,
    pub(crate) public_url: Data<PublicUrl>,
    pub(crate) metrics: Data<PrometheusHandle>,
}

/// Answers on a listener until the server is stopped.
pub(crate) fn listen(
    config: &Config,
    parts: Parts,
    listener: TcpListener,
    stopping: Arc<Notify>,
) -> anyhow::Result<Server> {
    let workers = config.http.workers;
    let server = Server::build()
        .workers(workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, Into::into)))
        .shutdown_timeout(10)
        .disable_signals()
        .listen("http", listener, move || {
            let (hub, proxies) = (parts.hub.clone(), parts.proxies.clone());
            let app = app(parts.clone()).into_factory();
            let app = app.map_err(|error| error.error_response());
            let stopping = stopping.clone();
            HttpService::build()
                // What is small goes out at once: nobody may wait until the client has acknowledged what went before.
                .tcp_nodelay(true)
                .client_disconnect_timeout(Duration::from_secs(1))
                // Idle connections are not waited for.
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .on_connect_ext(|io: &TcpStream, _| leave_who_does_not_read(io))
                .upgrade(fn_service(move |(request, framed): (Request, Framed)| {
                    connect(hub.clone(), proxies.clone(), request, framed)
                }))
                .finish(map_config(app, |()| AppConfig::default()))
                .tcp()
        })?;
    Ok(server.run())
}

/// The kernel ends a connection whose other end takes nothing for so long, whether it is gone or just does not read.
fn leave_who_does_not_read(io: &TcpStream) {
    let patience = u32::try_from(READ_WITHIN.as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(io, patience) {
        tracing::debug!(%error, "a connection keeps the system's patience");
    }
}

fn app(
    parts: Parts,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let scope = utoipa_actix_web::scope("/api/v1").configure(registration::routes);
    let (app, document) = App::new()
        .into_utoipa_app()
        .openapi(contract::base())
        .service(scope)
        .split_for_parts();
    let document = contract::complete(document);
    let catalogue = Data::new(contract::catalogue(&document.0));
    app.app_data(parts.hub)
        .app_data(parts.store)
        .app_data(parts.tokens)
        .app_data(parts.limits)
        .app_data(parts.sizes)
        .app_data(parts.seal)
        .app_data(parts.egress)
        .app_data(parts.identity)
        .app_data(parts.proxies)
        .app_data(parts.public_url)
        .app_data(parts.metrics)
        .app_data(catalogue)
        .app_data(Data::new(document))
        .route("/metrics", web::get().to(health::metrics))
        .route("/health/live", web::get().to(health::live))
        .route("/health/ready", web::get().to(health::ready))
        .route("/api/openapi.json", web::get().to(show_contract))
        .route("/api/docs", web::get().to(show_docs))
        .route("/ws", web::get().to(no_handshake))
        .default_service(web::to(fallback))
        .wrap(from_fn(headers::secure))
        .wrap(from_fn(headers::allow_widget))
        .wrap(Compress::default())
        .wrap(from_fn(trace::follow))
}

/// WebSocket handshakes come here, whatever their address.
async fn connect(
    hub: Data<Hub>,
    proxies: Data<TrustedProxies>,
    request: Request,
    framed: Framed,
) -> Result<(), actix_web::Error> {
    if request.path() == "/ws" {
        let peer = request.peer_addr().map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.ip());
        let from = proxies.client(peer, &request.head().headers);
        delivery::accept(hub.delivery().clone(), hub.into_inner(), from, request, framed).await
    } else {
        delivery::refuse(framed, &NoSuchRoute).await
    }
}

async fn no_handshake() -> api::Result<HttpResponse> {
    Err(NoHandshake.into())
}

/// Pages are the app's; under /api there is nothing but the API.
async fn fallback(request: HttpRequest, contract: Data<Contract>) -> api::Result<HttpResponse> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_page = is_read && !request.path().starts_with("/api/");
    if is_page {
        Ok(assets::serve(request).await)
    } else {
        methods::refuse(&request, &contract).ok_or_else(|| NoSuchRoute.into())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a WebSocket handshake is expected here")]
struct NoHandshake;

impl kernel::Fault for NoHandshake {
    fn code(&self) -> kernel::Code {
        kernel::Code::Invalid
    }
}

#[derive(Debug, thiserror::Error)]
#[error("there is nothing at this address")]
struct NoSuchRoute;

impl kernel::Fault for NoSuchRoute {
    fn code(&self) -> kernel::Code {
        kernel::Code::NotFound
    }
}
