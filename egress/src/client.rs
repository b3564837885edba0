//! The client.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, redirect};
use rustls::{ClientConfig, RootCertStore};
use tokio::time::Instant;

use crate::resolve::{Checking, LookUp, look_up};
use crate::{EgressError, Rules};

const TO_CONNECT: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_secs(30);
const IDLE_CONNECTIONS: usize = 4;

/// What goes out.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    pub url: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// For everything, from the name to the last byte.
    pub timeout: Duration,
    /// So much of the answer is read.
    pub most: usize,
}

/// What came back. Whatever its status says: a redirect is one, too.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// As much as was asked for.
    pub body: Bytes,
    pub took: Duration,
}

/// The one client. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    client: Client,
    rules: Arc<Rules>,
}

impl Egress {
    pub fn new(rules: Rules) -> Result<Self, EgressError> {
        Self::resolving(rules, Arc::new(|name| Box::pin(look_up(name))))
    }

    fn resolving(rules: Rules, look_up: LookUp) -> Result<Self, EgressError> {
        let rules = Arc::new(rules);
        let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| EgressError::Unreachable(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(TO_CONNECT)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .user_agent(concat!("Switchboard/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(Checking::new(rules.clone(), look_up)))
            .build()
            .map_err(|error| EgressError::Unreachable(told(&error)))?;
        Ok(Self { client, rules })
    }

    /// Whether this may be an address, as far as can be told before its name is resolved.
    pub fn check(&self, url: &str) -> Result<(), EgressError> {
        self.rules.url(url).map(drop)
    }

    /// Sends a request and reads as much of the answer as is wanted.
    pub async fn send(&self, request: Request) -> Result<Answer, EgressError> {
        let Request {
            method,
            url,
            headers,
            body,
            timeout,
            most,
        } = request;
        let (url, began) = (self.rules.url(&url)?, Instant::now());
        let asked = async {
            let sending = self.client.request(method, url).headers(headers).body(body).send();
            let mut response = sending.await.map_err(|error| reason(&error))?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let mut body = BytesMut::new();
            while body.len() < most {
                // What the status says counts, even if the rest is lost.
                let Ok(Some(chunk)) = response.chunk().await else {
                    break;
                };
                let wanted = chunk.len().min(most - body.len());
                body.extend_from_slice(chunk.get(..wanted).unwrap_or_default());
            }
            Ok(Answer {
                status,
                headers,
                body: body.freeze(),
                took: began.elapsed(),
            })
        };
        let late = |_| Err(EgressError::Late(timeout.as_secs()));
        tokio::time::timeout(timeout, asked).await.unwrap_or_else(late)
    }
}

/// Finds the error of ours that was wrapped, or says what went wrong.
fn reason(error: &reqwest::Error) -> EgressError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(ours) = inner.downcast_ref::<EgressError>() {
            return ours.clone();
        }
        cause = inner.source();
    }
    if error.is_connect() || error.is_timeout() {
        return EgressError::Unreachable(told(error));
    }
    EgressError::Broken(told(error))
}

/// The innermost cause says the most, and names no addresses.
fn told(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers every request on this address in the same way, and counts them.
    async fn server(host: &str, answer: Vec<u8>, then_waits: bool) -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let (port, count) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let counted = count.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut request = vec![0; 4096];
                    let _read = socket.read(&mut request).await;
                    let _written = socket.write_all(&answer).await;
                    if then_waits {
                        std::future::pending::<()>().await;
                    }
                });
            }
        });
        (port, count)
    }

    fn ok(body: &str) -> Vec<u8> {
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
    }

    fn request(url: &str) -> Request {
        Request {
            method: Method::POST,
            url: url.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"{}"),
            timeout: Duration::from_millis(500),
            most: 1024,
        }
    }

    fn allowing(nets: &[&str]) -> Rules {
        let allow = nets.iter().map(|net| net.parse().unwrap()).collect();
        Rules { allow }
    }

    #[tokio::test]
    async fn an_answer_comes_with_its_status_and_no_more_than_was_asked_for() {
        let (port, _) = server("127.0.0.1", ok(&"x".repeat(10_000_000)), false).await;
        let egress = Egress::new(allowing(&["127.0.0.0/8"])).unwrap();
        let answer = egress
            .send(request(&format!("http://127.0.0.1:{port}/")))
            .await
            .unwrap();
        assert_eq!((answer.status, answer.body.len()), (200, 1024));
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer() {
        let (inner, visits) = server("127.0.0.1", ok("secret"), false).await;
        let moved = format!("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{inner}/\r\ncontent-length: 0\r\n\r\n");
        let (port, _) = server("127.0.0.2", moved.into_bytes(), false).await;
        let egress = Egress::new(allowing(&["127.0.0.2/32"])).unwrap();
        let answer = egress
            .send(request(&format!("http://127.0.0.2:{port}/")))
            .await
            .unwrap();
        assert_eq!((answer.status, visits.load(Ordering::Relaxed)), (302, 0));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_be_it_only_the_second_time_or_one_of_two() {
        let (port, visits) = server("127.0.0.1", ok(""), false).await;
        let (outer, _) = server("127.0.0.2", ok(""), false).await;
        assert_ne!(port, outer);
        let n = Arc::new(AtomicUsize::new(0));
        let look_up: LookUp = Arc::new(move |name| {
            let n = n.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                let (inside, outside) = ("127.0.0.1:0".parse().unwrap(), "127.0.0.2:0".parse().unwrap());
                Ok(match name.as_str() {
                    "both.example" => vec![outside, inside],
                    _ if n == 0 => vec![outside],
                    _ => vec![inside],
                })
            })
        });
        let egress = Egress::resolving(allowing(&["127.0.0.2/32"]), look_up).unwrap();
        let mut first = request(&format!("http://turns.example:{outer}/"));
        first.headers.insert("connection", "close".parse().unwrap());
        assert_eq!(egress.send(first).await.unwrap().status, 200);
        for name in ["turns.example", "both.example"] {
            let outcome = egress.send(request(&format!("http://{name}:{port}/"))).await;
            let inside = "127.0.0.1".parse().unwrap();
            assert_eq!(outcome.err(), Some(EgressError::Forbidden(inside)), "{name}");
        }
        assert_eq!(visits.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn whoever_does_not_answer_is_not_waited_for() {
        let (silent, _) = server("127.0.0.1", vec![], true).await;
        let (resetting, _) = server("127.0.0.1", b"HTTP/1.1".to_vec(), false).await;
        let egress = Egress::new(allowing(&["127.0.0.0/8"])).unwrap();
        let send = async |port: u16| egress.send(request(&format!("http://127.0.0.1:{port}/"))).await.err();
        assert_eq!(send(silent).await, Some(EgressError::Late(0)));
        assert!(matches!(send(resetting).await, Some(EgressError::Broken(_))));
        assert!(matches!(send(1024).await, Some(EgressError::Unreachable(_))));
        let unknown = egress.send(request("http://nothing.invalid/")).await.err();
        assert_eq!(unknown, Some(EgressError::Unresolved("nothing.invalid".into())));
    }
}
