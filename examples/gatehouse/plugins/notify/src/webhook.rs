//! A webhook: a request of ours to somebody else's server.

use std::time::Duration;

use gatehouse_api::{Notifier, Result, Visitor};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;
use treenail::{Component, Config, Deps, Error, Secret};

/// Configuration of a [`Webhook`].
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct WebhookConfig {
    /// Where arrivals are posted to, as `http://chat.internal/gate`.
    pub url: String,
    /// Sent along, as a bearer's, where there is one.
    pub token: Option<Secret>,
    /// How long an answer may take.
    #[serde(default = "five_seconds")]
    pub timeout: treenail::Duration,
}

fn five_seconds() -> treenail::Duration {
    Duration::from_secs(5).into()
}

/// Posts arrivals, as JSON, to a server.
pub struct Webhook {
    client: Client<HttpConnector, Full<Bytes>>,
    url: Uri,
    token: Option<Secret>,
    timeout: Duration,
}

impl Component for Webhook {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        let url: Uri = config.url.parse()?;
        if url.scheme_str() != Some("http") {
            return Err(Error::msg(format!("`{url}` does not begin with http://")));
        }
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            url,
            token: config.token,
            timeout: config.timeout.get(),
        })
    }
}

#[async_trait::async_trait]
impl Notifier for Webhook {
    async fn notify(&self, visitor: &Visitor) -> Result<()> {
        let mut request = Request::post(&self.url).header(CONTENT_TYPE, "application/json");
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.expose()));
        }
        let request = request.body(Full::from(serde_json::to_vec(visitor)?))?;
        let answer = timeout(self.timeout, self.client.request(request)).await;
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
