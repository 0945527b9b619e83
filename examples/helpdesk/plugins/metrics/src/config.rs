//! What the endpoint can be told.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Deserialize;

/// Configuration of an [`Endpoint`](crate::Endpoint).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EndpointConfig {
    /// The IP address and port to listen on, such as `127.0.0.1:9090` or `[::]:9090`. Without it nothing is counted and no port
    /// is opened.
    pub listen: Option<SocketAddr>,
}
