//! A socket: one connection after its handshake, carried by one task on the thread that accepted it.
//!
//! What comes in goes to the session, what is to go out waits in the outlet. The connection is taken out of the HTTP
//! server's hands, so that an idle one costs no more than its session.

mod intake;
mod pump;

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::h1::{Codec, SendResponse};
use actix_http::ws;
use actix_http::{Request, Response};
use actix_web::web::BytesMut;
use kernel::{Code, Fault};
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::delivery::Delivery;
use crate::desk::{Desk, Refusal, problem};
use crate::lobby::Place;
use crate::outlet::{Bounds, Outlet};
use crate::session::Session;
use intake::Intake;
use pump::Pump;

const LINGER: Duration = Duration::from_secs(1);

/// A connection as the HTTP server hands it over.
pub type Framed = actix_codec::Framed<TcpStream, Codec>;

/// Answers a handshake, and carries the connection from then on; what its client asks for is carried out at the desk.
pub async fn accept(
    delivery: Delivery,
    desk: Arc<dyn Desk>,
    from: IpAddr,
    request: Request,
    framed: Framed,
) -> Result<(), actix_web::Error> {
    match ws::handshake(request.head()) {
        Ok(mut answer) => {
            let Some(place) = delivery.lobby().enter(from) else {
                return refuse(framed, &Refusal::LobbyIsFull).await;
            };
            let framed = SendResponse::new(framed, answer.finish()).await?;
            actix::spawn(carry(delivery, desk, place, framed));
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
        .insert_header((
            "retry-after",
            problem.retry_after.map_or(1, |wait| wait.as_secs().max(1)).to_string(),
        ))
        .body(body);
    SendResponse::new(framed, answer).await?;
    Ok(())
}

/// Runs a session on a connection until either ends.
async fn carry(delivery: Delivery, desk: Arc<dyn Desk>, place: Place, framed: Framed) {
    let (io, early) = take_over(framed);
    let config = delivery.config();
    let bounds = Bounds {
        unreceipted: config.unreceipted_bytes,
        frame: config.frame_bytes,
    };
    let outlet = Rc::new(Outlet::new(Uuid::now_v7(), io.clone(), bounds));
    let codec = ws::Codec::new().max_size(config.frame_bytes);
    let session = Session::new(delivery, desk, outlet.clone(), place);
    let intake = Intake::new(io.clone(), outlet.clone(), early);
    Pump::new(io.clone(), outlet, session.carried_by(intake, codec)).await;
    if let Some(io) = Rc::into_inner(io) {
        linger(io).await;
    }
}

/// Leaves the HTTP server's buffers behind, but not what the client has sent already.
fn take_over(framed: Framed) -> (Rc<TcpStream>, BytesMut) {
    let parts = framed.into_parts();
    (Rc::new(parts.io), BytesMut::from(parts.read_buf.as_ref()))
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
