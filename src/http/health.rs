//! Whether the server lives, whether it can work, and what it has counted.

use actix_web::HttpResponse;
use actix_web::web::Data;
use actors::Hub;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

/// The process answers.
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// The process can do its work: the database answers, and it is not about to stop.
pub(crate) async fn ready(hub: Data<Hub>) -> HttpResponse {
    if hub.is_stopping() {
        return HttpResponse::ServiceUnavailable().json(json!({ "status": "stopping" }));
    }
    match hub.store().ping().await {
        Ok(()) => HttpResponse::Ok().json(json!({ "status": "ready" })),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            HttpResponse::ServiceUnavailable().json(json!({ "status": "no database" }))
        }
    }
}

/// What was counted, for Prometheus.
pub(crate) async fn metrics(hub: Data<Hub>, handle: Data<PrometheusHandle>) -> HttpResponse {
    let (used, size) = hub.store().load();
    #[expect(clippy::cast_precision_loss, reason = "a pool is far smaller than 2^52")]
    {
        metrics::gauge!("switchboard_database_connections_used").set(used as f64);
        metrics::gauge!("switchboard_database_connections_max").set(size as f64);
    }
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(handle.render())
}
