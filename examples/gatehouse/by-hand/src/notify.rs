//! Tells hosts that somebody is there for them: in the log, and by as many webhooks as the configuration names.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use secrecy::ExposeSecret as _;
use tokio::time::timeout;

use crate::Result;
use crate::configuration::Hook;
use crate::visitor::Visitor;

/// Tells hosts that somebody is there for them.
#[async_trait::async_trait]
pub(crate) trait Notifier: Send + Sync {
    /// Tells the host of a visitor.
    async fn notify(&self, visitor: &Visitor) -> Result<()>;
}

/// Writes arrivals to the log.
pub(crate) struct Log;

#[async_trait::async_trait]
impl Notifier for Log {
    async fn notify(&self, visitor: &Visitor) -> Result<()> {
        let Visitor {
            number, name, host, ..
        } = visitor;
        tracing::info!(number, host, "{name} has arrived");
        Ok(())
    }
}

/// Posts arrivals, as JSON, to a server.
pub(crate) struct Webhook {
    client: Client<HttpConnector, Full<Bytes>>,
    url: Uri,
    hook: Hook,
}

impl Webhook {
    pub(crate) fn new(hook: Hook) -> Result<Self> {
        let url: Uri = hook.url.parse()?;
        if url.scheme_str() != Some("http") {
            return Err(format!("`{url}` does not begin with http://").into());
        }
        let client = Client::builder(TokioExecutor::new()).build_http();
        Ok(Self { client, url, hook })
    }
}

#[async_trait::async_trait]
impl Notifier for Webhook {
    async fn notify(&self, visitor: &Visitor) -> Result<()> {
        let mut request = Request::post(&self.url).header(CONTENT_TYPE, "application/json");
        if let Some(token) = &self.hook.token {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.expose_secret()));
        }
        let request = request.body(Full::from(serde_json::to_vec(visitor)?))?;
        let answer = timeout(self.hook.timeout, self.client.request(request)).await;
        let answer = answer.map_err(|_| format!("{} does not answer", self.url))?;
        let status = answer
            .map_err(|error| format!("{}: {error}", self.url))?
            .status();
        if status.is_success() {
            Ok(())
        } else {
            Err(format!("{} answers {status}", self.url).into())
        }
    }
}
