//! A receiver of webhooks, which answers as its test says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What came.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) id: String,
    pub(super) timestamp: String,
    pub(super) signature: String,
    pub(super) text: String,
    pub(super) body: Value,
}

/// How it answers.
#[derive(Clone, Debug)]
pub(super) enum Manner {
    Status(u16),
    Redirect(String),
    Large,
    Reset,
    Slow,
}

#[derive(Clone)]
pub(super) struct Receiver {
    pub(super) url: String,
    received: Arc<Mutex<Vec<Received>>>,
    manner: Arc<Mutex<Manner>>,
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            received: Arc::default(),
            manner: Arc::new(Mutex::new(Manner::Status(204))),
        };
        let listening = receiver.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let receiver = listening.clone();
                tokio::spawn(async move { receiver.serve(socket).await });
            }
        });
        receiver
    }

    pub(super) fn answers(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Waits until so many have come.
    pub(super) async fn wait_for(&self, n: usize) -> Vec<Received> {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        while self.received().len() < n {
            assert!(
                tokio::time::Instant::now() < deadline,
                "{} of {n} came",
                self.received().len()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.received()
    }

    async fn serve(&self, mut socket: TcpStream) {
        let mut bytes = vec![];
        loop {
            let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
                if read(&mut socket, &mut bytes).await {
                    continue;
                }
                return;
            };
            let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
            let header = |name: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
                line.unwrap_or_default().to_owned()
            };
            let length: usize = header("content-length").parse().unwrap_or(0);
            while bytes.len() < head + 4 + length {
                if !read(&mut socket, &mut bytes).await {
                    return;
                }
            }
            let body = String::from_utf8_lossy(&bytes[head + 4..head + 4 + length]).into_owned();
            let raw = String::from_utf8_lossy(&bytes[..head]).into_owned();
            let signature = raw.lines().find_map(|line| line.strip_prefix("webhook-signature: "));
            self.received.lock().unwrap().push(Received {
                id: header("webhook-id"),
                timestamp: header("webhook-timestamp"),
                signature: signature.unwrap_or_default().to_owned(),
                body: serde_json::from_str(&body).unwrap_or_default(),
                text: body,
            });
            bytes.drain(..head + 4 + length);
            let manner = self.manner.lock().unwrap().clone();
            let answer = match manner {
                Manner::Status(status) => format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n\r\nok"),
                Manner::Redirect(to) => format!("HTTP/1.1 302 X\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"),
                Manner::Large => format!(
                    "HTTP/1.1 500 X\r\ncontent-length: 10000000\r\n\r\n{}",
                    "x".repeat(10_000_000)
                ),
                Manner::Reset => return,
                Manner::Slow => std::future::pending().await,
            };
            if socket.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

async fn read(socket: &mut TcpStream, bytes: &mut Vec<u8>) -> bool {
    matches!(socket.read_buf(bytes).await, Ok(n) if n > 0)
}
