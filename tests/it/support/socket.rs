//! A connection of the live protocol.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const PATIENCE: Duration = Duration::from_secs(10);

/// A connection: answers are waited for, everything else is kept until it is asked for.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    kept: VecDeque<Value>,
    next_id: i64,
    /// The newest event seen.
    pub(crate) cursor: i64,
    pub(crate) greeting: Value,
}

impl Socket {
    /// Connects without a word.
    pub(crate) async fn open(url: &str) -> Self {
        let (stream, _) = connect_async(format!("{}/ws", url.replace("http", "ws")))
            .await
            .expect("a connection");
        Self {
            stream,
            kept: VecDeque::new(),
            next_id: 0,
            cursor: 0,
            greeting: Value::Null,
        }
    }

    /// Connects and says hello.
    pub(crate) async fn hello(url: &str, token: &str, mut fields: Value) -> Self {
        let mut socket = Self::open(url).await;
        fields["token"] = json!(token);
        let had_cursor = fields["cursor"].as_i64();
        let answer = socket.ask("hello", fields).await;
        assert_eq!(answer["ok"], true, "{answer}");
        socket.cursor = had_cursor.unwrap_or_else(|| answer["data"]["cursor"].as_i64().unwrap());
        socket.greeting = answer["data"].clone();
        socket
    }

    /// Sends a request and returns its answer.
    pub(crate) async fn ask(&mut self, op: &str, fields: Value) -> Value {
        let id = self.send(op, fields).await;
        loop {
            let frame = self.read().await.expect("an answer");
            if frame["id"] == id {
                return frame;
            }
            self.kept.push_back(frame);
        }
    }

    /// Sends a request without waiting for the answer.
    pub(crate) async fn send(&mut self, op: &str, mut fields: Value) -> i64 {
        self.next_id += 1;
        fields["id"] = json!(self.next_id);
        fields["op"] = json!(op);
        self.send_text(&fields.to_string()).await;
        self.next_id
    }

    /// A server that was killed may not take it; what matters then is that no answer comes.
    pub(crate) async fn send_text(&mut self, text: &str) {
        drop(self.stream.send(Message::text(text)).await);
    }

    /// The next frame of this type, leaving out what comes before it.
    pub(crate) async fn next(&mut self, kind: &str) -> Value {
        loop {
            let frame = match self.kept.pop_front() {
                Some(frame) => frame,
                None => self
                    .read()
                    .await
                    .unwrap_or_else(|code| panic!("closed with {code:?}, waiting for {kind}")),
            };
            self.cursor = frame["seq"].as_i64().unwrap_or(0).max(self.cursor);
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// All event frames that come until there is a pause.
    pub(crate) async fn events_until_quiet(&mut self, pause: Duration) -> Vec<Value> {
        let mut events: Vec<Value> = self.kept.drain(..).collect();
        while let Ok(Ok(frame)) = tokio::time::timeout(pause, self.read()).await {
            events.push(frame);
        }
        events.retain(|frame| frame["seq"].is_i64() && frame["type"] != "beat");
        self.cursor = events
            .iter()
            .filter_map(|event| event["seq"].as_i64())
            .fold(self.cursor, i64::max);
        events
    }

    /// All frames up to one of this type.
    pub(crate) async fn frames_until(&mut self, kind: &str) -> Vec<Value> {
        let mut frames: Vec<Value> = self.kept.drain(..).collect();
        while frames.last().is_none_or(|frame| frame["type"] != kind) {
            frames.push(self.read().await.expect("a frame"));
        }
        frames
    }

    /// The code that the server closes with.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.read().await {
                return code;
            }
        }
    }

    /// The next frame, or the code that the connection was closed with.
    pub(crate) async fn read(&mut self) -> Result<Value, Option<u16>> {
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
}
