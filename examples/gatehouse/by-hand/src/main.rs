//! The gatehouse by hand: the same program as `gatehouse`, put together in one `main`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

mod cache;
mod configuration;
mod desk;
mod health;
mod metrics;
mod notify;
mod pages;
mod redact;
mod signals;
mod store;
mod visitor;

use cache::Cache;
use configuration::{Configuration, Keep};
use desk::Desk;
use health::Board;
use metrics::Counters;
use notify::{Log, Notifier, Webhook};
use pages::Parts;
use store::{FileStore, MemoryStore, Store};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Requests that are under way when the program stops have so long to end.
const GRACE: Duration = Duration::from_secs(10);
/// Everything else has so long.
const STOP: Duration = Duration::from_secs(5);
/// And so long to start.
const START: Duration = Duration::from_secs(60);
/// Fewer letters are no token, but a mistake.
const SHORTEST: usize = 8;

#[tokio::main]
async fn main() -> ExitCode {
    let file = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "gatehouse.yml".to_owned());
    let ended = match Configuration::read(&file) {
        Ok(configuration) => {
            redact::log(configuration.secrets());
            run(configuration).await
        }
        Err(error) => Err(error),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Starts everything in order, serves until a signal, and stops everything in the reverse order.
async fn run(configuration: Configuration) -> Result<()> {
    let signal = signals::listen()?;
    let starting = timeout(START, Started::start(configuration));
    let started = tokio::select! {
        started = starting => started.map_err(|_| "the start takes too long")??,
        () = signals::requested(signal.clone()) => return Ok(()),
    };
    started.serve(signal).await
}

/// All that has been started.
struct Started {
    listener: TcpListener,
    parts: Parts,
    refresher: JoinHandle<()>,
    writer: Option<JoinHandle<()>>,
    /// Tells the two tasks to end.
    end: watch::Sender<bool>,
}

impl Started {
    async fn start(configuration: Configuration) -> Result<Self> {
        let board = Arc::new(Board::default());
        if configuration.token.expose_secret().len() < SHORTEST {
            return Err(format!("the token has fewer than {SHORTEST} letters").into());
        }
        let inner: Arc<dyn Store> = match configuration.keep {
            Keep::Memory => Arc::new(MemoryStore::default()),
            Keep::File { path } => Arc::new(FileStore::open(path).await?),
        };
        let store = Arc::new(Cache::new(inner, Arc::clone(&board)));
        board.ok("store");
        let mut notifiers: Vec<Box<dyn Notifier>> = vec![Box::new(Log)];
        for one in configuration.webhooks {
            notifiers.push(Box::new(Webhook::new(one)?));
        }
        let metrics = match Counters::start(configuration.metrics.file).await {
            Ok(counters) => {
                board.ok("metrics");
                Some(Arc::new(counters))
            }
            Err(error) => {
                tracing::warn!(%error, "the metrics are left out");
                board.permanent("metrics", error.to_string());
                None
            }
        };
        let desk = Desk::new(
            store.clone(),
            notifiers,
            metrics.clone(),
            Arc::clone(&board),
        );
        board.ok("desk");
        let listener = TcpListener::bind(configuration.listen).await;
        let listener = listener
            .map_err(|error| format!("cannot listen on {}: {error}", configuration.listen))?;
        board.ok("server");

        let (end, ended) = watch::channel(false);
        let refresher =
            tokio::spawn(Arc::clone(&store).refresh(configuration.refresh, ended.clone()));
        let interval = configuration.metrics.interval;
        let writer = metrics
            .clone()
            .map(|one| tokio::spawn(one.write_every(interval, Arc::clone(&board), ended)));
        let parts = Parts {
            store,
            desk: Arc::new(desk),
            metrics,
            board,
            token: Arc::new(configuration.token),
        };
        Ok(Self {
            listener,
            parts,
            refresher,
            writer,
            end,
        })
    }

    async fn serve(self, signal: watch::Receiver<u8>) -> Result<()> {
        println!("listening on http://{}", self.listener.local_addr()?);
        let (metrics, board) = (self.parts.metrics.clone(), Arc::clone(&self.parts.board));
        board.ready(true);
        let server = axum::serve(self.listener, pages::router(self.parts))
            .with_graceful_shutdown(signals::requested(signal.clone()));
        // It ends at the signal, and not before.
        let server = tokio::spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "the server");
            }
        });
        signals::requested(signal).await;
        board.ready(false);
        let mut trouble = Vec::new();
        trouble.extend(ended("the server", GRACE, server).await);
        let _ = self.end.send(true);
        trouble.extend(ended("the cache's task", STOP, self.refresher).await);
        if let Some(writer) = self.writer {
            trouble.extend(ended("the metrics' task", STOP, writer).await);
        }
        if let Some(metrics) = metrics {
            match timeout(STOP, metrics.write()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => trouble.push(format!("the metrics: {error}")),
                Err(_) => trouble.push(format!("the metrics were not written within {STOP:?}")),
            }
        }
        if trouble.is_empty() {
            Ok(())
        } else {
            Err(trouble.join("; ").into())
        }
    }
}

/// Waits for the end of a task, or gives it up; with what went wrong.
async fn ended(name: &str, within: Duration, mut task: JoinHandle<()>) -> Option<String> {
    match timeout(within, &mut task).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("{name}: {error}")),
        Err(_) => {
            task.abort();
            Some(format!("{name} did not end within {within:?}"))
        }
    }
}
