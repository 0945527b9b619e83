//! The real `nats-server`, on a port of its own, with its stream in a folder of its own.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use helpdesk_work::conformance::ATTEMPTS;
use helpdesk_work_nats::NatsWorkConfig;

/// How long it is remembered that work is done, longer than any test takes.
const REMEMBER: Duration = Duration::from_secs(60);

/// What says that a machine without the server is a failure.
const REQUIRED: &str = "TREENAIL_REQUIRE_NATS";

/// A server that can be killed and started again, and is gone at the end.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    pub(crate) token: Option<&'static str>,
    /// What JetStream is told besides its folder; without it there is none.
    jetstream: Option<&'static str>,
    running: Mutex<Option<Child>>,
}

impl Server {
    /// Starts a server, where there is one on this machine.
    pub(crate) async fn new(name: &str, token: Option<&'static str>) -> Option<Self> {
        Self::of(name, token, Some("")).await
    }

    #[allow(dead_code, reason = "not every test has one")]
    pub(crate) async fn without_jetstream(name: &str) -> Option<Self> {
        Self::of(name, None, None).await
    }

    /// A server with this little room.
    #[allow(dead_code, reason = "not every test has one")]
    pub(crate) async fn small(name: &str) -> Option<Self> {
        Self::of(name, None, Some("max_file_store: 8192")).await
    }

    async fn of(
        name: &str,
        token: Option<&'static str>,
        jetstream: Option<&'static str>,
    ) -> Option<Self> {
        let version = Command::new("nats-server").arg("--version").output();
        if version.is_err() {
            let is_required = std::env::var_os(REQUIRED).is_some();
            assert!(
                !is_required,
                "{REQUIRED} is set, and there is no nats-server"
            );
            eprintln!("skipped: there is no nats-server on this machine");
            return None;
        }
        let name = format!("helpdesk-work-nats-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let server = Self {
            folder,
            port,
            token,
            jetstream,
            running: Mutex::default(),
        };
        server.start().await;
        Some(server)
    }

    pub(crate) fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Starts it, with the stream that it has kept.
    pub(crate) async fn start(&self) {
        let mut command = Command::new("nats-server");
        command.args(["--addr", "127.0.0.1", "--port", &self.port.to_string()]);
        if let Some(more) = self.jetstream {
            let file = self.folder.join("server.conf");
            let folder = self.folder.display();
            let text = format!("jetstream {{\n  store_dir: '{folder}'\n  {more}\n}}\n");
            std::fs::write(&file, text).expect("written");
            command.arg("--config").arg(file);
        }
        if let Some(token) = self.token {
            command.args(["--auth", token]);
        }
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        *self.running.lock().expect("no panic") = Some(child.expect("started"));
        let begun = Instant::now();
        let address = (Ipv4Addr::LOCALHOST, self.port);
        while tokio::net::TcpStream::connect(address).await.is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "it does not listen"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
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
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The configuration that tests begin with.
#[allow(dead_code, reason = "not every test has one")]
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
