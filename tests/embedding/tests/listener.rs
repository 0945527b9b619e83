//! A port that is taken in `start` and served in `work`, with nothing between them but a cell.

use std::io;
use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OnceCell;
use treenail::{Component, Config, Deps, Settings, Shutdown};

treenail::compose!("listener.toml");

/// Which port it is; any that is free, if nothing is said.
#[derive(Default, treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", default, deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct WebConfig {
    port: u16,
}

/// Says hello to whoever says something.
pub struct Web {
    port: u16,
    listener: OnceCell<TcpListener>,
}

impl Web {
    async fn listener(&self) -> io::Result<&TcpListener> {
        let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, self.port));
        self.listener.get_or_try_init(bind).await
    }
}

impl Component for Web {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            port: config.port,
            listener: OnceCell::new(),
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        self.listener().await?;
        Ok(())
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        let listener = self.listener().await?;
        loop {
            tokio::select! {
                () = shutdown.requested() => return Ok(()),
                accepted = listener.accept() => greet(accepted?.0).await?,
            }
        }
    }
}

async fn greet(mut guest: TcpStream) -> treenail::Result<()> {
    let word = guest.read_u8().await?;
    if word == b'!' {
        return Err(treenail::Error::msg("insulted"));
    }
    guest.write_all(b"hello").await?;
    Ok(())
}

/// Where the greeter is.
pub trait Greets: Send + Sync {
    /// The port that was taken.
    fn port(&self) -> Option<u16>;
}

impl Greets for Web {
    fn port(&self) -> Option<u16> {
        self.listener
            .get()?
            .local_addr()
            .ok()
            .map(|address| address.port())
    }
}

async fn say(port: u16, word: &[u8]) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .unwrap();
    stream.write_all(word).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn the_port_is_there_from_the_start_on_and_outlives_a_run_that_fails() {
    let app = App::start(Settings::none()).await.unwrap();
    let port = app.get::<dyn Greets>().port().expect("taken in `start`");
    assert_eq!(say(port, b"?").await, "hello");
    assert_eq!(say(port, b"!").await, "");
    assert_eq!(say(port, b"?").await, "hello", "by the next run");
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn a_port_that_is_taken_already_fails_the_start() {
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = other.local_addr().unwrap().port();
    let folder = std::env::temp_dir().join(format!("treenail-listener-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("config.yml");
    let text = format!("app:\n  components:\n    \"app:Web\": {{ port: {port} }}\n");
    std::fs::write(&file, text).unwrap();
    let error = App::start(Settings::file(&file).unwrap())
        .await
        .unwrap_err();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(
        error
            .to_string()
            .starts_with("cannot start `app:Web` (plugin `app`): "),
        "{error}"
    );
}
