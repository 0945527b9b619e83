//! The real `nats-server`, killed and started again with what it has kept.

use std::fs::OpenOptions;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::folder::Folder;

/// Its log, in the folder of the run.
const LOG: &str = "server.log";
/// What it keeps, in the folder of the run.
const KEPT: &str = "server";
/// It begins to listen within this time.
const PATIENCE: Duration = Duration::from_secs(20);
/// Who has found no server says so within this time after it is back.
const ECHO: Duration = Duration::from_secs(10);

/// A server on a port of its own.
pub(crate) struct Server<'f> {
    folder: &'f Folder,
    port: u16,
    running: Option<Child>,
    /// When it is started again, or was, after it has been killed.
    back: Option<Instant>,
}

impl<'f> Server<'f> {
    /// Starts it, and waits until it listens.
    pub(crate) fn new(folder: &'f Folder) -> Result<Self, String> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let address = listener.and_then(|listener| listener.local_addr());
        let port = address.map_err(|error| format!("no port: {error}"))?.port();
        let mut server = Self {
            folder,
            port,
            running: None,
            back: None,
        };
        server.start()?;
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if begun.elapsed() > PATIENCE {
                return Err(format!("the server does not listen within {PATIENCE:?}"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(server)
    }

    pub(crate) fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Starts it with what it has kept.
    fn start(&mut self) -> Result<(), String> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.file(LOG));
        let log = log.map_err(|error| format!("{LOG}: {error}"))?;
        let process = Command::new("nats-server")
            .args(["--addr", "127.0.0.1", "--port", &self.port.to_string()])
            .arg("--jetstream")
            .arg("--store_dir")
            .arg(self.folder.file(KEPT))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        let process = process.map_err(|error| {
            format!("cannot start `nats-server`: {error}\ninstall it: Debian has the package `nats-server`")
        })?;
        self.running = Some(process);
        Ok(())
    }

    /// Kills it, until it is started again after so long.
    pub(crate) fn kill_for(&mut self, away: Duration) {
        self.kill();
        self.back = Some(Instant::now() + away);
    }

    /// Starts it again if it is time to. Gives whether it is away, or was a short while ago.
    pub(crate) fn look(&mut self) -> Result<bool, String> {
        let Some(back) = self.back else {
            return Ok(false);
        };
        if self.running.is_none() && back <= Instant::now() {
            self.start()?;
        }
        Ok(back + ECHO > Instant::now())
    }

    fn kill(&mut self) {
        if let Some(mut process) = self.running.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        self.kill();
    }
}
