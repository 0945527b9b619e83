//! What the program is told: a file, and the environment over it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::Figment;
use figment::providers::{Env, Format as _, Yaml};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};

use crate::Result;

/// The whole configuration. A variable names a value by its keys: `GATEHOUSE__METRICS__FILE`; the token's is `GATEHOUSE_TOKEN`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Configuration {
    /// Where to listen. Port 0 is any that is free.
    #[serde(default = "local")]
    pub(crate) listen: SocketAddr,
    /// What a request has to show, as a bearer's, for any page that is not open.
    #[serde(deserialize_with = "secret")]
    pub(crate) token: SecretString,
    /// Where the list is kept.
    pub(crate) keep: Keep,
    /// How often the list is read anew.
    #[serde(default = "one_second", deserialize_with = "seconds")]
    pub(crate) refresh: Duration,
    /// Where arrivals are posted to.
    #[serde(default)]
    pub(crate) webhooks: Vec<Hook>,
    /// What is counted.
    #[serde(default)]
    pub(crate) metrics: Metrics,
}

/// Where the list is kept.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Keep {
    /// In memory.
    Memory,
    /// In a file, whose folder has to exist.
    File { path: PathBuf },
}

/// A webhook.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hook {
    /// As `http://chat.internal/gate`.
    pub(crate) url: String,
    /// Sent along, as a bearer's, where there is one.
    #[serde(default, deserialize_with = "some_secret")]
    pub(crate) token: Option<SecretString>,
    /// How long an answer may take.
    #[serde(default = "five_seconds", deserialize_with = "seconds")]
    pub(crate) timeout: Duration,
}

/// What is counted.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Metrics {
    /// The file that is written again and again, if any.
    pub(crate) file: Option<PathBuf>,
    /// How often.
    #[serde(deserialize_with = "seconds")]
    pub(crate) interval: Duration,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            file: None,
            interval: Duration::from_secs(10),
        }
    }
}

impl Configuration {
    pub(crate) fn read(file: &str) -> Result<Self> {
        if !Path::new(file).is_file() {
            return Err(format!("no configuration file {file}").into());
        }
        let mut figment = Figment::from(Yaml::file_exact(file));
        figment = figment.merge(Env::prefixed("GATEHOUSE__").split("__"));
        if let Ok(token) = std::env::var("GATEHOUSE_TOKEN") {
            figment = figment.merge(("token", token));
        }
        Ok(figment.extract()?)
    }

    /// What nothing may show.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let hooks = self.webhooks.iter().filter_map(|hook| hook.token.as_ref());
        let all = hooks.chain([&self.token]);
        all.map(|secret| secret.expose_secret().to_owned())
            .collect()
    }
}

fn local() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 8080).into()
}

fn one_second() -> Duration {
    Duration::from_secs(1)
}

fn five_seconds() -> Duration {
    Duration::from_secs(5)
}

/// A number of seconds.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
}

/// A text. The usual error shows what was found in its place.
fn secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<SecretString, D::Error> {
    let text = String::deserialize(deserializer);
    text.map(SecretString::from)
        .map_err(|_| serde::de::Error::custom("expected a text, which is not shown here"))
}

fn some_secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<SecretString>, D::Error> {
    secret(deserializer).map(Some)
}
