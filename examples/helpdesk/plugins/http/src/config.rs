//! What the client can be told.

use std::time::Duration as Time;

use schemars::JsonSchema;
use serde::Deserialize;
use treenail::Duration;

/// Configuration of a [`Client`](crate::Client).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClientConfig {
    /// How long it may take to get a connection.
    pub connect_timeout: Duration,
    /// How long a server may be silent in the middle of an answer.
    pub read_timeout: Duration,
    /// How long a request may take with all its repetitions and pauses.
    pub timeout: Duration,
    /// How often a request that may be repeated is sent again, at most.
    pub retries: u32,
    /// The first pause before sending again; each further one is about twice as long.
    pub backoff: Duration,
    /// The longest pause, whether it was chosen here or asked for by the server. A server that wants a
    /// longer one is not asked again.
    pub longest_backoff: Duration,
    /// The largest answer, in bytes.
    pub response_limit: u32,
    /// Whether to use the proxies that the environment names (HTTP_PROXY, HTTPS_PROXY, NO_PROXY).
    pub proxy: bool,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Time::from_secs(5).into(),
            read_timeout: Time::from_secs(10).into(),
            timeout: Time::from_secs(60).into(),
            retries: 3,
            backoff: Time::from_millis(200).into(),
            longest_backoff: Time::from_secs(20).into(),
            response_limit: 16 * 1024 * 1024,
            proxy: true,
        }
    }
}
