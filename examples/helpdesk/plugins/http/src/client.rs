//! The client: attempts, until one succeeds or another would be of no use.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable as _};
use helpdesk_http_client::{Http, HttpError, Request, Response, async_trait};
use tracing::{debug, warn};

use crate::connections::Connections;
use crate::{ClientConfig, attempt, retry};

/// A limit for those who set none that a clock can express.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// An HTTP client with connections that all its users share.
pub struct Client {
    config: ClientConfig,
    connections: Connections,
}

impl Client {
    /// A client; it connects to nobody yet.
    #[must_use]
    pub fn new(config: ClientConfig) -> Self {
        Self {
            connections: Connections::new(&config),
            config,
        }
    }

    fn pauses(&self, request: &Request) -> ExponentialBuilder {
        let retries = if request.is_repeatable() {
            self.config.retries
        } else {
            0
        };
        ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(self.config.backoff.get())
            .with_max_delay(self.config.longest_backoff.get())
            .with_max_times(usize::try_from(retries).unwrap_or(usize::MAX))
    }

    /// One attempt, which is logged.
    async fn attempt(
        &self,
        request: &Request,
        number: u32,
        deadline: Instant,
    ) -> Result<Response, HttpError> {
        let begin = Instant::now();
        let answer = attempt::send(&self.connections, &self.config, request, deadline).await;
        let (method, url) = (request.method(), request.shown_url());
        let elapsed_ms = begin.elapsed().as_millis();
        match &answer {
            Ok(response) => {
                let (status, bytes) = (response.status().as_u16(), response.body().len());
                debug!(%method, url, status, bytes, attempt = number, elapsed_ms, "answered");
            }
            Err(error) => {
                let (fault, status) = (error.fault(), error.status().map(|status| status.as_u16()));
                debug!(%method, url, ?fault, status, attempt = number, elapsed_ms, "failed");
            }
        }
        answer
    }
}

#[async_trait]
impl Http for Client {
    async fn send(&self, request: Request) -> Result<Response, HttpError> {
        let now = Instant::now();
        let deadline = now
            .checked_add(self.config.timeout.get())
            .unwrap_or(now + FOREVER);
        let attempts = AtomicU32::new(0);
        let sent = || {
            let number = attempts.fetch_add(1, Ordering::Relaxed) + 1;
            self.attempt(&request, number, deadline)
        };
        let longest = self.config.longest_backoff.get();
        let answer = sent
            .retry(self.pauses(&request))
            .sleep(tokio::time::sleep)
            .when(HttpError::is_transient)
            .adjust(|error, pause| {
                retry::pause(pause, error.pause(), longest, deadline - Instant::now())
            })
            .notify(|error, pause| {
                let pause_ms = pause.as_millis();
                warn!(method = %error.method(), url = error.url(), fault = ?error.fault(), pause_ms, "sending again");
            })
            .await;
        answer.map_err(|error| error.after(attempts.into_inner()))
    }
}
