//! Where a request comes from.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::{HttpRequest, web};

/// The proxies whose word we take for where a request came from.
#[derive(Clone)]
pub struct TrustedProxies(Arc<dyn Fn(IpAddr) -> bool + Send + Sync>);

impl TrustedProxies {
    pub fn new(trusts: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(trusts))
    }
}

/// Returns the client's address: the peer's, or what a trusted proxy says.
#[must_use]
pub fn client_ip(request: &HttpRequest) -> IpAddr {
    let peer = request
        .peer_addr()
        .map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.ip());
    let trusted = request.app_data::<web::Data<TrustedProxies>>();
    if !trusted.is_some_and(|trusted| (trusted.0)(peer)) {
        return peer;
    }
    let header = request
        .headers()
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok());
    // The last one was added by the proxy that we trust.
    header
        .and_then(|list| list.rsplit(',').next())
        .and_then(|ip| ip.trim().parse().ok())
        .unwrap_or(peer)
}
