//! The server of a component, from its start to its stop.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::net::TcpListener;
use treenail::{Error, Handle, Result, Shutdown};

use crate::answer::Pages;
use crate::connection::serve;

/// Answers over HTTP, where there is an address to listen on; without one it does nothing.
pub struct Server {
    listen: Option<SocketAddr>,
    address: OnceLock<SocketAddr>,
    /// From the start to the beginning of the work.
    listener: Mutex<Option<TcpListener>>,
    handle: Arc<Handle>,
}

impl Server {
    /// The server of the component that has this handle.
    #[must_use]
    pub fn new(listen: Option<SocketAddr>, handle: Arc<Handle>) -> Self {
        Self {
            listen,
            address: OnceLock::new(),
            listener: Mutex::default(),
            handle,
        }
    }

    /// Where it listens, once it has started: with the port that it was given, where it was told 0.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.address.get().copied()
    }

    /// Takes the port, and gives where it listens.
    ///
    /// # Errors
    /// If the port cannot be taken, with its address.
    pub async fn start(&self) -> Result<Option<SocketAddr>> {
        if let Some(listen) = self.listen {
            self.bind(listen).await.map_err(|error| {
                Error::from(error).context(format!("cannot listen on {listen}"))
            })?;
        }
        Ok(self.address())
    }

    /// Answers until the shutdown.
    pub async fn work(&self, pages: &Arc<impl Pages>, shutdown: Shutdown) {
        let listener = self.listener().take();
        if let Some(listener) = listener {
            serve(listener, pages, &self.handle, shutdown).await;
        }
    }

    async fn bind(&self, listen: SocketAddr) -> io::Result<()> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        self.address.get_or_init(|| address);
        *self.listener() = Some(listener);
        Ok(())
    }

    fn listener(&self) -> MutexGuard<'_, Option<TcpListener>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
