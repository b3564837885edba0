//! Opens a WebSocket: connects from an address of its own choice and asks for the upgrade.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::rc::Rc;

use anyhow::{Context, Result, bail};
use tokio::net::{TcpSocket, TcpStream};

use super::Link;

/// Connections are spread over so many addresses, so that the ports of none run out.
const ADDRESSES: usize = 8;

/// What a server wants to be asked.
#[derive(Debug, Clone)]
pub(crate) struct Upgrade {
    pub(crate) port: u16,
    pub(crate) path: String,
    pub(crate) protocol: Option<&'static str>,
}

impl Upgrade {
    pub(crate) fn new(port: u16, path: &str) -> Self {
        Self {
            port,
            path: path.to_owned(),
            protocol: None,
        }
    }

    fn request(&self) -> String {
        let Self { port, path, protocol } = self;
        let protocol = protocol.map_or_else(String::new, |name| format!("sec-websocket-protocol: {name}\r\n"));
        format!(
            "GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{protocol}\r\n"
        )
    }
}

/// Opens the nth connection.
pub(crate) async fn open(upgrade: &Upgrade, n: usize) -> Result<Rc<Link>> {
    let stream = connect(upgrade.port, n).await.context("connect")?;
    write_all(&stream, upgrade.request().as_bytes()).await?;
    let mut answer = Vec::new();
    loop {
        stream.readable().await?;
        let mut bytes = [0; 2048];
        match stream.try_read(&mut bytes) {
            Ok(0) => bail!("closed before the upgrade"),
            Ok(read) => answer.extend_from_slice(bytes.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error.into()),
        }
        if let Some(rest) = upgraded(&answer)? {
            return Ok(Link::new(stream, rest));
        }
    }
}

async fn connect(port: u16, n: usize) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    let last = u8::try_from(n % ADDRESSES).unwrap_or_default() + 1;
    socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)), 0))?;
    let stream = socket
        .connect(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
        .await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn write_all(stream: &TcpStream, mut bytes: &[u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What follows the answer, once that is whole.
fn upgraded(answer: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(answer)? else {
        return Ok(None);
    };
    if response.code != Some(101) {
        bail!("the upgrade was refused: {}", String::from_utf8_lossy(answer));
    }
    Ok(Some(answer.get(length..).unwrap_or_default().to_vec()))
}
