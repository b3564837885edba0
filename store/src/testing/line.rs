//! A line to the database that a test can cut.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::TestingError;
use crate::DatabaseUrls;
use crate::roles::Url;

const CHUNK: usize = 64 * 1024;

/// Connections that are made by its addresses go through it, as long as it is there.
pub struct Line {
    pub urls: DatabaseUrls,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    to: Url,
    is_cut: watch::Sender<bool>,
    n_refused: AtomicUsize,
    loses_commit: AtomicBool,
}

impl Line {
    /// Lays a line to this database.
    pub async fn to(urls: &DatabaseUrls) -> Result<Self, TestingError> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let here = listener.local_addr()?.to_string();
        let through = |url: &str| Ok::<_, TestingError>(Url::parse(url)?.with_host(&here).to_string());
        let shared = Arc::new(Shared {
            to: Url::parse(&urls.admin)?,
            is_cut: watch::Sender::new(false),
            n_refused: AtomicUsize::new(0),
            loses_commit: AtomicBool::new(false),
        });
        Ok(Self {
            urls: DatabaseUrls {
                admin: through(&urls.admin)?,
                app: through(&urls.app)?,
                journal: through(&urls.journal)?,
                system: through(&urls.system)?,
                backup: through(&urls.backup)?,
            },
            task: tokio::spawn(shared.clone().serve(listener)),
            shared,
        })
    }

    /// Ends all connections, and refuses new ones.
    pub fn cut(&self) {
        self.shared.is_cut.send_replace(true);
    }

    pub fn mend(&self) {
        self.shared.is_cut.send_replace(false);
    }

    /// How many connections were refused.
    #[must_use]
    pub fn n_refused(&self) -> usize {
        self.shared.n_refused.load(Ordering::Relaxed)
    }

    /// The next commit of a journal happens, but its answer is lost with the connection.
    pub fn lose_next_commit(&self) {
        self.shared.loses_commit.store(true, Ordering::Relaxed);
    }

    /// Whether that has happened.
    #[must_use]
    pub fn has_lost_commit(&self) -> bool {
        !self.shared.loses_commit.load(Ordering::Relaxed)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.cut();
        self.task.abort();
    }
}

impl Shared {
    async fn serve(self: Arc<Self>, listener: TcpListener) {
        while let Ok((client, _)) = listener.accept().await {
            if *self.is_cut.borrow() {
                self.n_refused.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            // However it ends, both sides see that it has ended.
            let shared = self.clone();
            tokio::spawn(async move { shared.carry(client).await.ok() });
        }
    }

    async fn carry(&self, client: TcpStream) -> io::Result<()> {
        match self.to.option("host") {
            Some(folder) => {
                let port = self.to.option("port").unwrap_or("5432");
                let server = UnixStream::connect(format!("{folder}/.s.PGSQL.{port}")).await?;
                self.pass(client, server).await
            }
            None => {
                let host = self.to.host();
                let port = if host.contains(':') { "" } else { ":5432" };
                self.pass(client, TcpStream::connect(format!("{host}{port}")).await?)
                    .await
            }
        }
    }

    /// Passes on what both sides say, until one of them leaves or the line is cut.
    async fn pass<S: AsyncRead + AsyncWrite + Unpin>(&self, mut client: TcpStream, mut server: S) -> io::Result<()> {
        let (mut up, mut down) = (vec![0; CHUNK], vec![0; CHUNK]);
        let (mut is_journal, mut is_losing) = (false, false);
        let mut cut = self.is_cut.subscribe();
        loop {
            tokio::select! {
                read = client.read(&mut up) => {
                    let said = up.get(..read?).filter(|said| !said.is_empty());
                    let Some(said) = said else { return Ok(()) };
                    is_journal |= has(said, b"switchboard_journal\0");
                    is_losing |= is_journal && has(said, b"COMMIT\0") && self.loses_commit.load(Ordering::Relaxed);
                    server.write_all(said).await?;
                }
                read = server.read(&mut down) => {
                    let said = down.get(..read?).filter(|said| !said.is_empty());
                    let Some(said) = said else { return Ok(()) };
                    if !is_losing {
                        client.write_all(said).await?;
                    } else if has(said, b"COMMIT\0") {
                        self.loses_commit.store(false, Ordering::Relaxed);
                        return Ok(());
                    }
                }
                _ = async { cut.wait_for(|is_cut| *is_cut).await.is_ok() } => return Ok(()),
            }
        }
    }
}

fn has(said: &[u8], word: &[u8]) -> bool {
    said.windows(word.len()).any(|here| here == word)
}
