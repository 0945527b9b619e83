//! What the server can be told.

use std::net::{Ipv4Addr, SocketAddr};

use treenail::Secret;

/// Configuration of a [`Server`](crate::Server).
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct ServerConfig {
    /// Where to listen. Port 0 is any that is free.
    #[serde(default = "local")]
    pub listen: SocketAddr,
    /// What a request has to show, as a bearer's, for any page that is not open.
    pub token: Secret,
}

fn local() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 8080).into()
}
