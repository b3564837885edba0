//! A connection that stays open for one request after another, and hears how long the server itself took.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Something to ask.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    /// Below `/api/v1`.
    pub(crate) path: String,
    /// JSON, or nothing.
    pub(crate) body: String,
}

impl Ask {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            body: String::new(),
        }
    }

    pub(crate) fn post(path: impl Into<String>, body: &serde_json::Value) -> Self {
        Self {
            method: "POST",
            path: path.into(),
            body: body.to_string(),
        }
    }
}

/// A connection that stays open.
pub(crate) struct Kept {
    stream: TcpStream,
    bytes: Vec<u8>,
}

/// What came back.
pub(crate) struct Told {
    pub(crate) body: Vec<u8>,
    /// From the request's head to the answer, by the server's own clock.
    pub(crate) at_server: Duration,
}

impl Kept {
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            bytes: Vec::new(),
        })
    }

    /// Asks, and expects success.
    pub(crate) async fn ask(&mut self, token: &str, ask: &Ask) -> Result<Told> {
        let Ask { method, path, body } = ask;
        let request = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        self.bytes.clear();
        loop {
            let read = self.stream.read_buf(&mut self.bytes).await?;
            ensure!(read > 0, "closed before the answer");
            if let Some(told) = whole(&self.bytes).with_context(|| format!("{method} {path}"))? {
                return Ok(told);
            }
        }
    }
}

/// The answer, once it is there in full.
fn whole(bytes: &[u8]) -> Result<Option<Told>> {
    let mut headers = [httparse::EMPTY_HEADER; 48];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = response.parse(bytes)? else {
        return Ok(None);
    };
    let header = |name: &str| {
        let found = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name));
        found.and_then(|header| std::str::from_utf8(header.value).ok())
    };
    let length: usize = header("content-length").unwrap_or("0").parse()?;
    let Some(body) = bytes.get(start..start + length) else {
        return Ok(None);
    };
    let status = response.code.unwrap_or_default();
    if !(200..300).contains(&status) {
        bail!("{status} {}", String::from_utf8_lossy(body));
    }
    let millis: f64 = header("server-timing")
        .and_then(|value| value.strip_prefix("total;dur="))
        .context("the server does not say how long it took")?
        .parse()?;
    Ok(Some(Told {
        body: body.to_vec(),
        at_server: Duration::from_secs_f64(millis / 1e3),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_when_it_is_whole() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nServer-Timing: total;dur=1.500\r\n\r\nabcd";
        assert!(whole(&answer[..60]).unwrap().is_none());
        assert!(whole(&answer[..answer.len() - 1]).unwrap().is_none());
        let told = whole(answer).unwrap().unwrap();
        assert_eq!(
            (told.body.as_slice(), told.at_server),
            (&b"abcd"[..], Duration::from_micros(1500))
        );
        assert!(whole(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").is_err());
    }
}
