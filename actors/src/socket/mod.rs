//! A socket: one connection after its handshake, carried by one task on the thread that accepted it.
//!
//! What comes in goes to the session, what is to go out waits in the outlet. The connection is taken out of the HTTP
//! server's hands, so that an idle one costs no more than its session.

mod outlet;
mod pump;

use std::rc::Rc;
use std::time::Duration;

use actix_http::h1::{Codec, SendResponse};
use actix_http::ws;
use actix_http::{Request, Response};
use actix_web::web::Bytes;
use kernel::{Code, Fault};
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::Hub;
use crate::registry::problem;
use crate::session::Session;
pub(crate) use outlet::{Next, Outlet};
use pump::{Intake, Pump};

const LINGER: Duration = Duration::from_secs(1);

/// A connection as the HTTP server hands it over.
pub type Framed = actix_codec::Framed<TcpStream, Codec>;

/// Answers a handshake, and carries the connection from then on.
pub async fn accept(hub: Hub, request: Request, framed: Framed) -> Result<(), actix_web::Error> {
    match ws::handshake(request.head()) {
        Ok(mut answer) => {
            let framed = SendResponse::new(framed, answer.finish()).await?;
            actix::spawn(carry(hub, framed));
            Ok(())
        }
        Err(error) => refuse(framed, &NotWebSocket(error)).await,
    }
}

/// Answers a handshake with a problem.
pub async fn refuse(framed: Framed, fault: &impl Fault) -> Result<(), actix_web::Error> {
    let problem = problem(fault);
    let body = serde_json::to_string(&problem)?;
    let status = actix_http::StatusCode::from_u16(problem.status).unwrap_or(actix_http::StatusCode::BAD_REQUEST);
    let answer = Response::build(status)
        .insert_header(("content-type", "application/problem+json"))
        .insert_header(("connection", "close"))
        .body(body);
    SendResponse::new(framed, answer).await?;
    Ok(())
}

/// Runs a session on a connection until either ends.
async fn carry(hub: Hub, framed: Framed) {
    let (io, early) = take_over(framed);
    let config = hub.config();
    let outlet = Rc::new(Outlet::new(Uuid::now_v7(), io.clone(), config.unreceipted_bytes));
    let codec = ws::Codec::new().max_size(config.frame_bytes);
    let session = Session::new(hub, outlet.clone());
    Pump::new(
        io.clone(),
        outlet,
        session.carried_by(Intake::new(io.clone(), early), codec),
    )
    .await;
    if let Some(io) = Rc::into_inner(io) {
        linger(io).await;
    }
}

/// Leaves the HTTP server's buffers behind, but not what the client has sent already.
fn take_over(framed: Framed) -> (Rc<TcpStream>, Bytes) {
    let parts = framed.into_parts();
    (Rc::new(parts.io), Bytes::copy_from_slice(&parts.read_buf))
}

/// Lets the client read the last words: what it still sends must not reset the connection.
async fn linger(mut io: TcpStream) {
    let rest = async {
        io.shutdown().await?;
        let mut waste = [0; 512];
        while io.read(&mut waste).await? > 0 {}
        Ok::<_, std::io::Error>(())
    };
    // It is over, however it ends.
    tokio::time::timeout(LINGER, rest).await.ok();
}

#[derive(Debug, thiserror::Error)]
#[error("not a WebSocket handshake: {0}")]
struct NotWebSocket(ws::HandshakeError);

impl Fault for NotWebSocket {
    fn code(&self) -> Code {
        Code::Invalid
    }
}
