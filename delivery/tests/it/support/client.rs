//! Clients: one that keeps the protocol, and one that writes bytes and reads nothing.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const PATIENCE: Duration = Duration::from_secs(10);

/// A client that keeps the protocol.
pub(crate) struct Client {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    n_asked: i64,
    pub(crate) greeting: Value,
}

impl Client {
    pub(crate) async fn open(port: u16) -> Self {
        let (stream, _) = connect_async(format!("ws://127.0.0.1:{port}/ws"))
            .await
            .expect("a connection");
        let (n_asked, greeting) = (0, Value::Null);
        Self {
            stream,
            n_asked,
            greeting,
        }
    }

    pub(crate) async fn hello(port: u16, token: &str, mut fields: Value) -> Self {
        let mut client = Self::open(port).await;
        fields["token"] = json!(token);
        client.send("hello", fields).await;
        client.greeting = client.next().await.expect("a greeting");
        assert_eq!(client.greeting["ok"], true, "{}", client.greeting);
        client
    }

    pub(crate) async fn send(&mut self, op: &str, mut fields: Value) -> i64 {
        self.n_asked += 1;
        fields["id"] = json!(self.n_asked);
        fields["op"] = json!(op);
        drop(self.stream.send(Message::text(fields.to_string())).await);
        self.n_asked
    }

    /// Sends a request and returns its answer; what comes before it is let go.
    pub(crate) async fn ask(&mut self, op: &str, fields: Value) -> Value {
        let id = self.send(op, fields).await;
        loop {
            let frame = self.next().await.expect("an answer");
            if frame["id"] == id {
                return frame;
            }
        }
    }

    /// The next frame, or the code that the connection was closed with.
    pub(crate) async fn next(&mut self) -> Result<Value, Option<u16>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.stream.next())
                .await
                .expect("a frame in time");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The places of the next so many events.
    pub(crate) async fn events(&mut self, n: usize) -> Vec<i64> {
        let mut seqs = vec![];
        while seqs.len() < n {
            let frame = self.next().await.expect("an event");
            if frame["type"] != "beat" {
                seqs.extend(frame["seq"].as_i64());
            }
        }
        seqs
    }

    /// The places of the events until the server closes, and the code it closes with.
    pub(crate) async fn events_until_close(&mut self) -> (Vec<i64>, Option<u16>) {
        let mut seqs = vec![];
        loop {
            match self.next().await {
                Ok(frame) if frame["type"] != "beat" => seqs.extend(frame["seq"].as_i64()),
                Ok(_) => {}
                Err(code) => return (seqs, code),
            }
        }
    }

    /// The code that the server closes with.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

/// A connection after its handshake, for whoever does not keep the protocol.
pub(crate) async fn raw(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let handshake = "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    stream.write_all(handshake.as_bytes()).await.unwrap();
    let mut answer = vec![];
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    stream
}
