//! What the ticket system can be told.

use std::borrow::Cow;
use std::path::PathBuf;

use helpdesk_http_client::{Trust, Url};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use treenail::{Duration, Secret};

/// Configuration of [`Zammad`](crate::Zammad).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZammadConfig {
    /// Where Zammad is, such as `https://desk.example`.
    #[serde(deserialize_with = "address")]
    #[schemars(with = "String")]
    pub base_url: Url,
    /// A personal access token.
    pub access_token: Secret,
    /// How long a request may take; the HTTP client's own limits if absent.
    #[serde(default)]
    pub timeout: Option<Duration>,
    /// Whether the server's certificate is checked, or a PEM file with the authorities that may have
    /// signed it.
    #[serde(default)]
    pub verify: Verify,
    /// Whether notes are for agents only, where the note itself does not say so.
    #[serde(default = "yes")]
    pub internal_notes: bool,
}

/// How the server's certificate is checked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Verify {
    /// Against what this machine trusts, or not at all.
    Check(bool),
    /// Against the authorities in this PEM file.
    Against(PathBuf),
}

impl Default for Verify {
    fn default() -> Self {
        Self::Check(true)
    }
}

impl From<Verify> for Trust {
    fn from(verify: Verify) -> Self {
        match verify {
            Verify::Check(true) => Self::System,
            Verify::Check(false) => Self::Anyone,
            Verify::Against(file) => Self::File(file),
        }
    }
}

impl JsonSchema for Verify {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Verify".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "boolean" }, { "type": "string" }] })
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    let url = Url::parse(&text).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| {
            de::Error::custom("`base_url` is no address that begins with http:// or https://")
        })
}

fn yes() -> bool {
    true
}
