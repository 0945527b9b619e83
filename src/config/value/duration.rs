//! Durations of a configuration, as serde and a schema have them. How they are written stands in `treenail-core`.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use treenail_core::duration;

/// A length of time in a configuration.
///
/// It is written as in ISO 8601 (`PT5S`, `P1DT2H`, `P1W`, with months of 30 and years of 365 days), in a short form
/// (`5s`, `500ms`, `1h 30m`), as a clock (`01:30`, `00:00:05`) or as a number of seconds. A negative duration is
/// accepted and counts as none.
///
/// ```
/// let pause: treenail::Duration = "PT0.5S".parse()?;
/// assert_eq!(pause.get(), std::time::Duration::from_millis(500));
/// # Ok::<(), treenail::DurationError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(std::time::Duration);

impl Duration {
    /// The value as the standard library has it.
    pub const fn get(self) -> std::time::Duration {
        self.0
    }
}

impl From<std::time::Duration> for Duration {
    fn from(value: std::time::Duration) -> Self {
        Self(value)
    }
}

impl From<Duration> for std::time::Duration {
    fn from(value: Duration) -> Self {
        value.0
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PT{}S", self.0.as_secs_f64())
    }
}

/// A text that is no duration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationError(String);

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no duration; write for example PT5S, 5s, 500ms, 00:05:00 or a number of seconds",
            self.0
        )
    }
}

impl std::error::Error for DurationError {}

impl std::str::FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        duration::parse(text)
            .map(Self)
            .ok_or_else(|| DurationError(text.to_owned()))
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Duration;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as PT5S, 5s or a number of seconds")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Duration, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Duration, E> {
                duration::from_seconds(seconds)
                    .map(Duration)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Float(seconds), &self))
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Duration, E> {
                Ok(Duration(std::time::Duration::from_secs(seconds)))
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Duration, E> {
                Ok(Duration(std::time::Duration::from_secs(
                    u64::try_from(seconds).unwrap_or(0),
                )))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Duration {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "treenail::Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "number"],
            "pattern": duration::pattern(),
            "x-treenail": "duration",
            "description": "A duration: ISO 8601 (PT5S), short (5s, 500ms), a clock (00:05:00) or a number of seconds.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Duration;

    fn seconds(value: serde_json::Value) -> Option<f64> {
        serde_json::from_value::<Duration>(value)
            .ok()
            .map(|duration| duration.get().as_secs_f64())
    }

    #[test]
    fn texts_and_numbers_are_durations() {
        assert_eq!(seconds("PT7S".into()), Some(7.0));
        assert_eq!(seconds(7.into()), Some(7.0));
        assert_eq!(seconds(0.25.into()), Some(0.25));
        assert_eq!(seconds((-7).into()), Some(0.0));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        assert_eq!(seconds("soon".into()), None);
        assert_eq!(seconds(serde_json::Value::Null), None);
        assert_eq!(seconds(true.into()), None);
        assert_eq!(seconds(1e300.into()), None);
    }
}
