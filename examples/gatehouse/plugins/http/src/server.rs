//! The server as a component. It takes its port when it starts, so that one that is in use ends the start.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use gatehouse_api::{Pages, Refusal};
use tokio::net::TcpListener;
use treenail::{Component, Config, Deps, Entries, Error, Secret, Shutdown};

use crate::guard::guard;

/// Fewer letters are no token, but a mistake.
const SHORTEST: usize = 8;

/// Serves all pages.
pub struct Server {
    listen: SocketAddr,
    pages: Router,
    address: OnceLock<SocketAddr>,
    /// From the start to the beginning of the work.
    listener: Mutex<Option<TcpListener>>,
}

impl Server {
    /// Where it listens, once it has started: with the port that it was given, where the configuration says 0.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.address.get().copied()
    }
}

impl Component for Server {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        if config.token.expose().len() < SHORTEST {
            return Err(Error::msg(format!(
                "the token has fewer than {SHORTEST} letters"
            )));
        }
        Ok(Self {
            listen: config.listen,
            pages: router(&deps.pages, config.token),
            address: OnceLock::new(),
            listener: Mutex::default(),
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        let taken = TcpListener::bind(self.listen).await.map_err(|error| {
            Error::from(error).context(format!("cannot listen on {}", self.listen))
        })?;
        self.address
            .get_or_init(|| taken.local_addr().unwrap_or(self.listen));
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(taken);
        Ok(())
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        let taken = self
            .listener
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(listener) = taken {
            let stop = async move { shutdown.requested().await };
            axum::serve(listener, self.pages.clone())
                .with_graceful_shutdown(stop)
                .await?;
        }
        Ok(())
    }
}

/// Every page at its path, behind the token unless it is open. What is left out says why.
fn router(pages: &Entries<Pages>, token: Secret) -> Router {
    let guard = from_fn_with_state(Arc::new(token), guard);
    let mut router = Router::new();
    for line in pages.iter() {
        let mut page = line.entry.clone();
        if line.attribute("access") != Some("open") {
            page = page.layer(guard.clone());
        }
        router = router.nest(line.key, page);
    }
    for one in pages.left_out() {
        let why = one.to_string();
        let absent = async move || Refusal(StatusCode::NOT_FOUND, why);
        router = router.nest(one.key, Router::new().fallback(absent));
    }
    router.fallback(async || Refusal(StatusCode::NOT_FOUND, "there is no such page".to_owned()))
}
