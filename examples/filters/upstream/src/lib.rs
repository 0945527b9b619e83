//! Hands requests to the servers behind the proxy. All filters of this kind share the connections.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use filters_api::{Answer, Filter, Request, Settings, WiredFilter, setting};
use treenail::{Component, Config, Deps};

treenail::plugin!();

/// Connections, one for each server. This one keeps the names only, and answers itself.
#[derive(Debug, Default)]
pub struct Pool {
    servers: Mutex<BTreeSet<String>>,
}

impl Pool {
    /// The answer of a server.
    pub fn ask(&self, server: &str, request: &Request) -> Answer {
        self.connected().insert(server.to_owned());
        let body = format!("{server} answers {}", request.path);
        Answer { status: 200, body }
    }

    /// How many servers have a connection.
    pub fn connections(&self) -> usize {
        self.connected().len()
    }

    fn connected(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Component for Pool {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self::default())
    }
}

/// Hands the request to the server `to`.
pub struct Forward {
    pool: Arc<Pool>,
    to: String,
}

impl Forward {
    /// With connections that others use too.
    ///
    /// # Errors
    /// `to` is missing.
    pub fn through(pool: &Arc<Pool>, settings: &Settings) -> Result<Self, String> {
        let (pool, to) = (Arc::clone(pool), setting(settings, "to")?);
        Ok(Self { pool, to })
    }
}

impl WiredFilter for Forward {
    fn new(deps: &ForwardDeps, settings: &Settings) -> Result<Self, String> {
        Self::through(&deps.pool, settings)
    }
}

impl Filter for Forward {
    fn apply(&self, request: &mut Request) -> ControlFlow<Answer> {
        ControlFlow::Break(self.pool.ask(&self.to, request))
    }
}
