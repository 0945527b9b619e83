//! What the claims can be told.

use std::time::Duration as Time;

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use treenail::Duration;

/// A claim has to be extended several times within its lease, over a network.
const SHORTEST: Time = Time::from_secs(1);

/// Configuration of [`Claims`](crate::Claims).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimsConfig {
    /// After so long another helpdesk takes over the tickets of one that was killed or is cut off; at least a second.
    #[serde(deserialize_with = "lease")]
    pub lease: Duration,
    /// The pause after a ticket's first failure. It is four times as long after each further one.
    pub retry_after: Duration,
}

impl Default for ClaimsConfig {
    fn default() -> Self {
        Self {
            lease: Time::from_secs(30).into(),
            retry_after: Time::from_secs(5).into(),
        }
    }
}

fn lease<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let lease = Duration::deserialize(deserializer)?;
    if lease.get() < SHORTEST {
        return Err(D::Error::custom("a lease is at least a second"));
    }
    Ok(lease)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_that_nobody_could_extend_in_time_is_refused() {
        let read = |lease: &str| {
            serde_json::from_value::<ClaimsConfig>(serde_json::json!({ "lease": lease }))
        };
        let error = read("999ms").expect_err("too short").to_string();
        assert_eq!(error, "a lease is at least a second");
        let config = read("1s").expect("long enough");
        assert_eq!(config.lease.get(), SHORTEST);
        assert_eq!(config.retry_after.get(), Time::from_secs(5));
    }
}
