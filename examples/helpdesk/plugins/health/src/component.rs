//! The endpoint as a component: the port is taken when it starts, so that one that is in use ends the start.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::net::TcpListener;
use treenail::{Component, Config, Deps, Error, Handle, Shutdown};

use crate::life::Life;
use crate::server;

/// Answers over HTTP how the application is.
pub struct Endpoint {
    listen: Option<SocketAddr>,
    address: OnceLock<SocketAddr>,
    /// From the start to the beginning of the work.
    listener: Mutex<Option<TcpListener>>,
    life: Arc<Life>,
    handle: Arc<Handle>,
}

impl Endpoint {
    /// Where it listens, once it has started: with the port that it was given, where the configuration says 0.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.address.get().copied()
    }

    async fn bind(&self, listen: SocketAddr) -> io::Result<()> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        tracing::info!(%address, "answers probes");
        self.address.get_or_init(|| address);
        *self.listener() = Some(listener);
        Ok(())
    }

    fn listener(&self) -> MutexGuard<'_, Option<TcpListener>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Component for Endpoint {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        let life = Arc::new(Life::new(deps.app));
        if config.listen.is_some() {
            let (life, shutdown) = (Arc::clone(&life), deps.handle.shutdown());
            deps.handle.spawn(async move { life.watch(shutdown).await });
        }
        Ok(Self {
            listen: config.listen,
            address: OnceLock::new(),
            listener: Mutex::default(),
            life,
            handle: deps.handle,
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        match self.listen {
            Some(address) => self
                .bind(address)
                .await
                .map_err(|error| Error::from(error).context(format!("cannot listen on {address}"))),
            None => Ok(()),
        }
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        let listener = self.listener().take();
        if let Some(listener) = listener {
            server::serve(listener, &self.life, &self.handle, shutdown).await;
        }
        Ok(())
    }
}
