//! As much HTTP as preparing a server takes: one request a connection, JSON both ways.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Someone who asks a server on this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) port: u16,
    pub(crate) token: Option<&'a str>,
}

impl Client<'_> {
    /// Fetches, and expects success.
    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        self.expect("GET", path, "").await
    }

    /// Posts, and expects success.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.expect("POST", path, &body.to_string()).await
    }

    async fn expect(&self, method: &str, path: &str, body: &str) -> Result<Value> {
        let (status, text) = self.ask(method, path, body).await.with_context(|| path.to_owned())?;
        if !(200..300).contains(&status) {
            bail!("{method} {path}: {status} {text}");
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Asks, and returns the status and the body.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &str) -> Result<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let token = self
            .token
            .map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\n{token}\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        take_apart(&answer)
    }
}

fn take_apart(answer: &[u8]) -> Result<(u16, String)> {
    let mut headers = [httparse::EMPTY_HEADER; 48];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(answer)? else {
        bail!("half an answer");
    };
    let is_chunked = response.headers.iter().any(|header| {
        header.name.eq_ignore_ascii_case("transfer-encoding") && header.value.eq_ignore_ascii_case(b"chunked")
    });
    let status = response.code.unwrap_or_default();
    let body = answer.get(length..).unwrap_or_default();
    let body = if is_chunked { join_chunks(body)? } else { body.to_vec() };
    Ok((status, String::from_utf8(body)?))
}

fn join_chunks(mut body: &[u8]) -> Result<Vec<u8>> {
    let mut whole = Vec::new();
    while let httparse::Status::Complete((start, length)) =
        httparse::parse_chunk_size(body).ok().context("a bad chunk")?
    {
        if length == 0 {
            break;
        }
        let length = usize::try_from(length)?;
        let after = body.get(start..).context("a short chunk")?;
        whole.extend_from_slice(after.get(..length).context("a short chunk")?);
        body = after.get(length + 2..).context("a short chunk")?;
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_whole_or_in_chunks() {
        let plain = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(take_apart(plain).unwrap(), (201, "{}".to_owned()));
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        assert_eq!(take_apart(chunked).unwrap(), (200, "abcde".to_owned()));
    }
}
