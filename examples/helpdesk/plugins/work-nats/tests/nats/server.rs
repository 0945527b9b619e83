//! The real `nats-server`, on a port of its own, with its stream in a folder of its own.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use helpdesk_work::conformance::ATTEMPTS;
use helpdesk_work::{Claim, Work};
use helpdesk_work_nats::{NatsWork, NatsWorkConfig};

/// How long a test waits for what has to come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// How long it is remembered that work is done, longer than any test takes.
const REMEMBER: Duration = Duration::from_secs(600);

/// A lease that does not run out within a test.
pub(crate) const LEASE: Duration = Duration::from_secs(600);

/// What says that a machine without the server is a failure.
const REQUIRED: &str = "TREENAIL_REQUIRE_NATS";

/// The configuration that tests begin with.
pub(crate) fn at(address: String) -> NatsWorkConfig {
    NatsWorkConfig {
        servers: vec![address],
        credentials: None,
        token: None,
        tls: None,
        bucket: "work".to_owned(),
        replicas: 1.try_into().expect("not zero"),
        attempts: ATTEMPTS.try_into().expect("not zero"),
        remember: REMEMBER.into(),
    }
}

/// The work of a server, as a process of its own would have it.
pub(crate) async fn open(server: &Server) -> NatsWork {
    let work = NatsWork::open(at(server.address())).await;
    work.expect("opened")
}

/// A claim of work that is free.
pub(crate) async fn given(work: &dyn Work, key: &str) -> Claim {
    let claim = work.claim(key, "", LEASE).await;
    claim.expect("met").expect("free")
}

/// Whether work is free; then it is not any more.
pub(crate) async fn is_free(work: &dyn Work, key: &str) -> bool {
    let claim = work.claim(key, "", LEASE).await;
    claim.expect("met").is_some()
}

/// A folder that is gone at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("helpdesk-work-nats-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, and gives its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("written");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A server that can be killed and started again, and is gone at the end.
pub(crate) struct Server {
    folder: Folder,
    port: u16,
    running: Mutex<Option<Child>>,
}

impl Server {
    /// Starts a server with JetStream, where there is one on this machine.
    pub(crate) async fn new(name: &str) -> Option<Self> {
        Self::with(name, "").await
    }

    /// One that has this in its configuration besides.
    pub(crate) async fn with(name: &str, more: &str) -> Option<Self> {
        let folder = Folder::new(name);
        let jetstream = format!("jetstream {{ store_dir: '{}' }}", folder.path().display());
        Self::configured(folder, &format!("{jetstream}\n{more}\n")).await
    }

    /// One that knows this token alone.
    pub(crate) async fn with_token(name: &str, token: &str) -> Option<Self> {
        Self::with(name, &format!("authorization {{ token: '{token}' }}")).await
    }

    /// One with this configuration.
    pub(crate) async fn configured(folder: Folder, configuration: &str) -> Option<Self> {
        if !is_installed() {
            return None;
        }
        let server = Self {
            folder,
            port: free_port(),
            running: Mutex::default(),
        };
        server.configure(configuration);
        server.start().await;
        Some(server)
    }

    /// What it goes by when it is started next.
    pub(crate) fn configure(&self, configuration: &str) {
        self.folder.write("server.conf", configuration);
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Starts it, with the stream that it has kept.
    pub(crate) async fn start(&self) {
        let mut command = Command::new("nats-server");
        command.args(["--addr", "127.0.0.1", "--port", &self.port.to_string()]);
        command
            .arg("--config")
            .arg(self.folder.path().join("server.conf"));
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        *self.running.lock().expect("no panic") = Some(child.expect("started"));
        let begun = Instant::now();
        let address = (Ipv4Addr::LOCALHOST, self.port);
        while tokio::net::TcpStream::connect(address).await.is_err() {
            assert!(begun.elapsed() < PATIENCE, "it does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends its process a signal.
    pub(crate) fn signal(&self, name: &str) {
        let running = self.running.lock().expect("no panic");
        let id = running.as_ref().expect("it runs").id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("sent").success());
    }

    /// Ends it by SIGKILL.
    pub(crate) fn kill(&self) {
        if let Some(mut child) = self.running.lock().expect("no panic").take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Whether the server is installed; where it has to be and is not, that is a failure.
fn is_installed() -> bool {
    let is_there = Command::new("nats-server")
        .arg("--version")
        .output()
        .is_ok();
    let is_required = std::env::var_os(REQUIRED).is_some();
    assert!(
        is_there || !is_required,
        "{REQUIRED} is set, and there is no nats-server"
    );
    if !is_there {
        eprintln!("skipped: there is no nats-server on this machine");
    }
    is_there
}
