//! Pools of connections: one for plain HTTP, one for each choice of trusted certificates.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use helpdesk_http_client::{Trust, Url};
use reqwest::{Certificate, ClientBuilder, redirect};

use crate::ClientConfig;

/// Many servers close a connection that was idle for five seconds. One that is not used for so long is not used again,
/// for a request that meets the closing cannot know whether it arrived.
const IDLE: Duration = Duration::from_secs(4);
const USER_AGENT: &str = concat!("helpdesk-http/", env!("CARGO_PKG_VERSION"));

/// The pools, made when they are first needed: loading the certificates of the system takes time, and
/// who talks plain HTTP may have none.
pub(crate) struct Connections {
    connect_timeout: Duration,
    read_timeout: Duration,
    proxy: bool,
    /// `None` for plain HTTP.
    pools: Mutex<BTreeMap<Option<Trust>, reqwest::Client>>,
}

impl Connections {
    pub(crate) fn new(config: &ClientConfig) -> Self {
        // reqwest asks for the provider of the process. If somebody else has chosen one, that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            connect_timeout: config.connect_timeout.get(),
            read_timeout: config.read_timeout.get(),
            proxy: config.proxy,
            pools: Mutex::default(),
        }
    }

    /// The pool for an address. Fails with a reason if the certificates cannot be loaded.
    pub(crate) fn to(&self, url: &Url, trust: &Trust) -> Result<reqwest::Client, String> {
        let trust = (url.scheme() == "https").then(|| trust.clone());
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(&trust) {
            return Ok(pool.clone());
        }
        let pool = self.pool(trust.as_ref())?;
        pools.insert(trust, pool.clone());
        Ok(pool)
    }

    fn pool(&self, trust: Option<&Trust>) -> Result<reqwest::Client, String> {
        let mut builder = ClientBuilder::new()
            .user_agent(USER_AGENT)
            .referer(false)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .pool_idle_timeout(IDLE);
        if !self.proxy {
            builder = builder.no_proxy();
        }
        builder = match trust {
            Some(Trust::System) => builder,
            Some(Trust::Anyone) => builder.tls_danger_accept_invalid_certs(true),
            Some(Trust::File(path)) => {
                let shown = path.display();
                let pem =
                    std::fs::read(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
                let authorities = Certificate::from_pem_bundle(&pem)
                    .ok()
                    .filter(|authorities| !authorities.is_empty())
                    .ok_or_else(|| format!("{shown} holds no certificates in PEM form"))?;
                builder.tls_certs_only(authorities)
            }
            None => builder.tls_certs_only([]),
        };
        builder
            .build()
            .map_err(|error| crate::failure::chain(&error))
    }
}
