//! What the plugin can be told.

use std::num::{NonZeroU8, NonZeroU32};
use std::path::PathBuf;
use std::time::Duration as Time;

use schemars::JsonSchema;
use serde::Deserialize;
use treenail::{Duration, Secret};

/// Configuration of [`NatsWork`](crate::NatsWork).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NatsWorkConfig {
    /// The servers of one cluster, such as `nats://10.0.0.7:4222` or `tls://nats.example:4222`, without credentials.
    pub servers: Vec<String>,
    /// What a file of credentials has in it (`.creds`: a user's JWT and key).
    #[serde(default)]
    pub credentials: Option<Secret>,
    /// A token, in the place of credentials.
    #[serde(default)]
    pub token: Option<Secret>,
    /// Makes TLS a condition, with these files.
    #[serde(default)]
    pub tls: Option<TlsFiles>,
    /// The bucket that all helpdesks name which share their work; it is made if it is not there.
    #[serde(default = "bucket")]
    pub bucket: String,
    /// How many servers of the cluster keep a bucket that is made.
    #[serde(default = "replicas")]
    pub replicas: NonZeroU8,
    /// How often a piece of work is tried before it is a dead letter.
    #[serde(default = "attempts")]
    pub attempts: NonZeroU32,
    /// How long it is remembered that a piece of work is done: for longer than a helpdesk works on tickets that it has once listed.
    #[serde(default = "remember")]
    pub remember: Duration,
}

/// The files that TLS needs, in PEM.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TlsFiles {
    /// The authority that has signed the server's certificate; without it those that the machine trusts.
    pub authority: Option<PathBuf>,
    /// The certificate that is shown to the server, and its key.
    pub certificate: Option<PathBuf>,
    /// The key of that certificate.
    pub key: Option<PathBuf>,
}

fn bucket() -> String {
    "helpdesk-work".to_owned()
}

fn replicas() -> NonZeroU8 {
    NonZeroU8::MIN
}

fn attempts() -> NonZeroU32 {
    const { NonZeroU32::new(5).unwrap() }
}

fn remember() -> Duration {
    Time::from_secs(60).into()
}
