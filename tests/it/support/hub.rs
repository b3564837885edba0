//! One running server with its database.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use reqwest::Client;
use serde_json::{Value, json};
use store::testing::{TestDatabase, database};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::held::HeldRow;
use super::{Agent, Visitor};

const PATIENCE: Duration = Duration::from_secs(30);
pub(crate) const PASSWORD: &str = "a long enough password";

/// A server under test. Killed when dropped.
pub(crate) struct Hub {
    pub(crate) url: String,
    pub(crate) client: Client,
    process: Child,
    port: u16,
    data: TempDir,
    database: Option<TestDatabase>,
    settings: Vec<(String, String)>,
}

/// The passwords of the test database's roles, made once: roles are shared by all databases of a server.
static SEED: OnceCell<TempDir> = OnceCell::const_new();

impl Hub {
    /// Starts a server on a fresh database.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts a server with some settings changed.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        Self::on(database().await.expect("a test database"), settings).await
    }

    /// The same, on a database that the test has looked for itself.
    pub(crate) async fn on(database: TestDatabase, settings: &[(&str, &str)]) -> Self {
        let seed = SEED.get_or_init(|| seed(&database)).await;
        let data = TempDir::new().unwrap();
        copy_files(seed.path(), data.path());
        Self::launch(data, Some(database), settings).await
    }

    /// Starts a server that runs its own PostgreSQL.
    pub(crate) async fn embedded() -> Self {
        let data = tempfile::Builder::new()
            .prefix("switchboard-it-")
            .tempdir_in("/tmp")
            .unwrap();
        // The unprivileged account that PostgreSQL runs as must be able to pass.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(data.path(), open).unwrap();
        Self::launch(data, None, &[]).await
    }

    #[expect(clippy::disallowed_methods, reason = "tests ask this machine only")]
    async fn launch(data: TempDir, database: Option<TestDatabase>, settings: &[(&str, &str)]) -> Self {
        // Others may have done so before.
        rustls::crypto::ring::default_provider().install_default().ok();
        let port = free_port();
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let url = format!("http://127.0.0.1:{port}");
        let process = spawn(port, data.path(), database.as_ref(), &settings);
        let hub = Self {
            url,
            client: Client::new(),
            process,
            port,
            data,
            database,
            settings,
        };
        hub.wait_until_ready().await;
        hub
    }

    async fn wait_until_ready(&self) {
        let ready = format!("{}/health/ready", self.url);
        let until = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < until {
            if self
                .client
                .get(&ready)
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the server did not get ready:\n{}", self.log());
    }

    /// What the server logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.data.path().join("server.log")).unwrap_or_default()
    }

    /// Where the server keeps what must survive it.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Ends the server as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks the server to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.process.wait().unwrap();
    }

    /// Starts the server again, where it was.
    pub(crate) async fn start_again(&mut self) {
        self.process = spawn(self.port, self.data.path(), self.database.as_ref(), &self.settings);
        self.wait_until_ready().await;
    }

    /// The process ids of the server's children.
    pub(crate) fn children(&self) -> Vec<i32> {
        let of = |pid: &str| std::fs::read_to_string(format!("/proc/{pid}/stat")).ok();
        let parent = |stat: &str| stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse::<u32>().ok();
        let all = std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        all.filter(|pid| of(pid).and_then(|stat| parent(&stat)) == Some(self.process.id()))
            .filter_map(|pid| pid.parse().ok())
            .collect()
    }

    /// Runs a command of the server's own; returns whether it succeeded, and what it said.
    pub(crate) fn command(&self, arguments: &[&str]) -> (bool, String) {
        self.command_with(arguments, &[])
    }

    /// The same, with variables set.
    pub(crate) fn command_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> (bool, String) {
        let mut command = command(self.data.path(), self.database.as_ref());
        let output = command
            .args(arguments)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// How much memory the server has, in bytes.
    pub(crate) fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        let kib: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib * 1024
    }

    /// Holds a row, so that whoever wants to change it has to wait.
    pub(crate) async fn hold_row(&self, table: &str, id: &str) -> HeldRow {
        let mut admin = AsyncPgConnection::establish(&self.urls().admin).await.unwrap();
        let hold = format!("BEGIN; SELECT FROM {table} WHERE id = '{id}' FOR UPDATE");
        admin.batch_execute(&hold).await.unwrap();
        HeldRow(admin)
    }

    /// Where the database is, for tests that look behind the scenes.
    pub(crate) fn urls(&self) -> &store::DatabaseUrls {
        &self.database.as_ref().unwrap().urls
    }

    /// A new tenant's owner.
    pub(crate) async fn owner(&self, company: &str) -> Agent {
        let email = format!("{}@example.org", uuid::Uuid::now_v7().simple());
        let body = json!({ "company": company, "name": "Olive Owner", "email": email, "password": PASSWORD });
        let answer = self
            .client
            .post(format!("{}/api/v1/identity/tenants", self.url))
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201, "{}", self.log());
        Agent::new(self, &answer.json().await.unwrap())
    }

    /// A member of a tenant's team.
    pub(crate) async fn member(&self, owner: &Agent, name: &str, role: &str) -> Agent {
        let email = format!("{}@example.org", uuid::Uuid::now_v7().simple());
        let body = json!({ "name": name, "email": email, "password": PASSWORD, "role": role });
        owner.post("/identity/members", &body).await.expect(201);
        self.sign_in(&email).await
    }

    /// Signs someone in.
    pub(crate) async fn sign_in(&self, email: &str) -> Agent {
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = self
            .client
            .post(format!("{}/api/v1/identity/login", self.url))
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{}", self.log());
        Agent::new(self, &answer.json().await.unwrap())
    }

    /// A web chat channel.
    pub(crate) async fn channel(&self, owner: &Agent, settings: Value) -> Value {
        let body = json!({ "kind": "web_chat", "name": "Website", "settings": settings });
        owner.post("/inbox/channels", &body).await.expect(201)
    }

    /// A customer who opens the widget.
    pub(crate) async fn visitor(&self, channel: &Value) -> Visitor {
        Visitor::begin(self, json!({ "key": channel["key"] })).await.unwrap()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        if std::thread::panicking() {
            let log = self.log();
            let from = log.len().saturating_sub(4_000);
            println!("--- the server's log ends with\n{}", log.get(from..).unwrap_or(&log));
        }
    }
}

async fn seed(database: &TestDatabase) -> TempDir {
    let data = TempDir::new().unwrap();
    let output = command(data.path(), Some(database)).arg("migrate").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    data
}

fn command(data: &Path, database: Option<&TestDatabase>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.current_dir(data).arg("--data-dir").arg(data);
    if let Some(database) = database {
        command.env("DATABASE_URL", &database.urls.admin);
    }
    command
}

fn spawn(port: u16, data: &Path, database: Option<&TestDatabase>, settings: &[(String, String)]) -> Child {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(data.join("server.log"))
        .unwrap();
    let mut command = command(data, database);
    command
        .args(["serve", "--port", &port.to_string()])
        .env("SWITCHBOARD_DATABASE__POOL", "4")
        .env("SWITCHBOARD_SECURITY__SIGN_UP__BURST", "1000")
        .env("SWITCHBOARD_SECURITY__LOGIN__BURST", "1000")
        .env("SWITCHBOARD_LIMITS__WIDGET_VISITS__BURST", "1000")
        .env("SWITCHBOARD_LIMITS__WIDGET_MESSAGES__BURST", "10000")
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::null())
        .stderr(log);
    command.spawn().unwrap()
}

fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
