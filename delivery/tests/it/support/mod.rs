//! A server with nothing behind it but what a test wants.

mod client;
mod log;

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_http::{HttpService, Request, Response};
use actix_web::dev::{Server, ServerHandle};
use chrono::{DateTime, Utc};
use delivery::{Admission, Audience, Delivery, DeliveryConfig, Desk, Framed, Log, Written};
use futures_util::future::LocalBoxFuture;
use kernel::{
    Caller, ChannelId, Clock, Code, ContactId, Fault, Permission, Permissions, Problem, Recorded, TenantId, UserId, Who,
};
use serde_json::{Value, json};
use store::{Announce, Committed};
use tokio::time::Instant;
use uuid::Uuid;

pub(crate) use client::{Client, raw};
pub(crate) use log::MemoryLog;

/// A running server, for one tenant.
pub(crate) struct House {
    pub(crate) delivery: Delivery,
    pub(crate) log: Arc<MemoryLog>,
    pub(crate) port: u16,
    pub(crate) tenant: TenantId,
    pub(crate) block: Arc<Block>,
    server: ServerHandle,
}

impl House {
    pub(crate) fn open() -> Self {
        Self::with(DeliveryConfig::default())
    }

    pub(crate) fn with(config: DeliveryConfig) -> Self {
        let (tenant, log) = (TenantId::fresh(), Arc::new(MemoryLog::default()));
        let delivery = Delivery::start(log.clone() as Arc<dyn Log>, Clock::machine(), audience(tenant), config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (shared, block) = (delivery.clone(), Arc::new(Block::default()));
        let blocked = block.clone();
        let server = Server::build()
            .workers(1)
            .disable_signals()
            .listen("house", listener, move || {
                let (delivery, block) = (shared.clone(), blocked.clone());
                HttpService::build()
                    .upgrade(actix_service::fn_service(
                        move |(request, framed): (Request, Framed)| {
                            let desk = Arc::new(Parrot(AtomicUsize::new(0), block.clone()));
                            let from = IpAddr::from(Ipv4Addr::LOCALHOST);
                            delivery::accept(delivery.clone(), desk, from, request, framed)
                        },
                    ))
                    .finish(|_: Request| async { Ok::<_, actix_web::Error>(Response::not_found()) })
                    .tcp()
            })
            .unwrap()
            .run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self {
            delivery,
            log,
            port,
            tenant,
            block,
            server: handle,
        }
    }

    /// Commits an event on a topic, and tells of it.
    pub(crate) fn commit(&self, subject: &str, kind: &str, contact: Option<ContactId>) -> i64 {
        let event = self.log.add(self.tenant, subject, kind, contact);
        let (seq, tenant) = (event.seq, self.tenant);
        self.delivery.committed(vec![Committed {
            tenant,
            events: vec![event],
        }]);
        seq
    }

    pub(crate) async fn member(&self, user: UserId, fields: Value) -> Client {
        Client::hello(self.port, &format!("user:{user}"), fields).await
    }

    pub(crate) async fn customer(&self, contact: ContactId, fields: Value) -> Client {
        Client::hello(self.port, &format!("contact:{contact}"), fields).await
    }
}

impl Drop for House {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

/// Whoever names themselves is let in.
fn audience(tenant: TenantId) -> Audience {
    let mut audience = Audience::default();
    audience.topic("inbox", Permission::ReadConversations);
    audience.topic("members", Permission::ReadMembers);
    audience.topic_of_each("thing", Permission::ReadConversations);
    audience.broad(|kind| {
        assert!(kind != "bus.killed", "a test asked for this");
        kind.starts_with("thing.").then_some("inbox")
    });
    audience.view(|event: &Recorded| {
        let payload = event.payload.as_ref()?;
        Some((event.contact?, payload.to_string()))
    });
    audience.admit(move |token| admit(tenant, token).ok_or_else(|| delivery::problem(&Stranger)));
    audience
}

fn admit(tenant: TenantId, token: &str) -> Option<Admission> {
    let (kind, id) = token.split_once(':')?;
    let id: Uuid = id.parse().ok()?;
    let who = match kind {
        "user" => Who::User(UserId(id)),
        _ => Who::Contact(ContactId(id), ChannelId(Uuid::nil())),
    };
    let permissions = if kind == "user" {
        Permissions::all()
    } else {
        Permissions::default()
    };
    Some(Admission {
        caller: Caller {
            tenant,
            who,
            name: kind.into(),
            permissions,
            cause: None,
        },
        session: None,
        expires_at: DateTime::<Utc>::MAX_UTC,
    })
}

#[derive(Debug, thiserror::Error)]
#[error("who are you?")]
struct Stranger;

impl Fault for Stranger {
    fn code(&self) -> Code {
        Code::Unauthenticated
    }
}

/// Answers with what it was asked, and the how manieth it was.
struct Parrot(AtomicUsize, Arc<Block>);

impl Desk for Parrot {
    fn carry_out(
        &self,
        op: &str,
        _: Caller,
        _: Uuid,
        fields: Value,
    ) -> LocalBoxFuture<'static, Result<Written, Problem>> {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        let op = op.to_owned();
        if op == "block" {
            self.1.stand();
        }
        Box::pin(async move {
            if op == "slow" {
                tokio::time::sleep(Duration::from_secs(30)).await;
            }
            Ok(Written(json!({ "op": op, "fields": fields, "n": n }).to_string()))
        })
    }
}

/// What holds up the thread of the sockets, and whatever lives there.
#[derive(Default)]
pub(crate) struct Block {
    held: Mutex<Option<Receiver<()>>>,
    is_standing: AtomicBool,
}

impl Block {
    /// The next who asks for it stands until what is returned is dropped.
    pub(crate) fn put(&self) -> Sender<()> {
        let (release, held) = channel();
        *self.held.lock().unwrap() = Some(held);
        release
    }

    pub(crate) fn is_standing(&self) -> bool {
        self.is_standing.load(Ordering::Relaxed)
    }

    fn stand(&self) {
        self.is_standing.store(true, Ordering::Relaxed);
        if let Some(held) = self.held.lock().unwrap().take() {
            held.recv().ok();
        }
    }
}

/// Waits until something has become so.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !is_so().await {
        assert!(Instant::now() < deadline, "{what}: not in time");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
