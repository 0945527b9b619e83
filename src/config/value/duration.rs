//! Durations of a configuration: ISO 8601, short forms, clock forms and seconds.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

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

    fn from_seconds(seconds: f64) -> Option<Self> {
        if seconds <= 0.0 {
            return Some(Self::default());
        }
        std::time::Duration::try_from_secs_f64(seconds)
            .ok()
            .map(Self)
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
        let trimmed = text.trim();
        let (negative, rest) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        iso(rest)
            .or_else(|| clock(rest))
            .or_else(|| number(rest))
            .or_else(|| short(rest))
            .and_then(|seconds| Self::from_seconds(if negative { -seconds } else { seconds }))
            .ok_or_else(|| DurationError(text.to_owned()))
    }
}

const DAY: f64 = 86_400.0;

/// `P1Y2M3W4DT5H6M7.5S`: units in this order, at least one of them.
fn iso(text: &str) -> Option<f64> {
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((date, time)) if !time.is_empty() => (date, time),
        Some(_) => return None,
        None => (text, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let date = units(
        date,
        &[
            ("Y", 365.0 * DAY),
            ("M", 30.0 * DAY),
            ("W", 7.0 * DAY),
            ("D", DAY),
        ],
    )?;
    let time = units(time, &[("H", 3600.0), ("M", 60.0), ("S", 1.0)])?;
    Some(date + time)
}

/// `1h 30m`, `500ms`: units in this order.
fn short(text: &str) -> Option<f64> {
    if text.is_empty() {
        return None;
    }
    let close: String = text.split_whitespace().collect();
    let known = [
        ("w", 7.0 * DAY),
        ("d", DAY),
        ("h", 3600.0),
        ("m", 60.0),
        ("s", 1.0),
        ("ms", 1e-3),
        ("us", 1e-6),
        ("ns", 1e-9),
    ];
    units(&close, &known)
}

/// Numbers with units, the units in the order given and each once.
fn units(mut text: &str, mut known: &[(&str, f64)]) -> Option<f64> {
    let mut sum = 0.0;
    while !text.is_empty() {
        let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let amount = number(&text[..end])?;
        let unit_end = text[end..]
            .find(|c: char| !c.is_ascii_alphabetic())
            .map_or(text.len(), |at| end + at);
        let unit = &text[end..unit_end];
        let place = known.iter().position(|(name, _)| *name == unit)?;
        sum += amount * known[place].1;
        known = &known[place + 1..];
        text = &text[unit_end..];
    }
    Some(sum)
}

/// `HH:MM` or `HH:MM:SS`.
fn clock(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let [hours, minutes, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let seconds = match rest {
        [] => 0.0,
        [seconds]
            if seconds
                .bytes()
                .next()
                .is_some_and(|byte| byte.is_ascii_digit()) =>
        {
            number(seconds)?
        }
        _ => return None,
    };
    let whole = |text: &str| {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse::<u32>().ok()
        } else {
            None
        }
    };
    let (hours, minutes) = (whole(hours)?, whole(minutes)?);
    (minutes < 60 && seconds < 60.0)
        .then(|| f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + seconds)
}

/// Digits with at most one dot: no exponent, no infinity.
fn number(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.bytes().any(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
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
                Duration::from_seconds(seconds)
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

/// A number, as a regular expression has it.
const N: &str = r"([0-9]+\.?[0-9]*|\.[0-9]+)";

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
        let iso = format!(
            r"P(?=[0-9.]|T)({N}Y)?({N}M)?({N}W)?({N}D)?(T(?=[0-9.])({N}H)?({N}M)?({N}S)?)?"
        );
        let clock = r"[0-9]+:[0-5]?[0-9](:[0-5]?[0-9](\.[0-9]*)?)?";
        let unit = |name: &str| format!(r"({N}\s*{name}\s*)?");
        let short: String = ["w", "d", "h", "m", "s", "ms", "us", "ns"]
            .map(unit)
            .concat();
        let short = format!("(?=[0-9.]){short}");
        json_schema!({
            "type": ["string", "number"],
            "pattern": format!(r"^\s*[+-]?({iso}|{clock}|{N}|{short})\s*$"),
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
    fn every_form_of_a_duration_is_read() {
        let rows = [
            ("PT7S", 7.0),
            ("PT0.25S", 0.25),
            ("PT2M", 120.0),
            ("PT2H15M", 8100.0),
            ("P2D", 172_800.0),
            ("P1DT1H", 90_000.0),
            ("P2W", 1_209_600.0),
            ("P1Y", 31_536_000.0),
            ("P2M", 5_184_000.0),
            ("-PT7S", 0.0),
            ("7", 7.0),
            ("7.25", 7.25),
            ("7s", 7.0),
            ("250ms", 0.25),
            ("1h 30m", 5400.0),
            ("1h30m", 5400.0),
            ("02:30", 9000.0),
            ("00:00:07", 7.0),
        ];
        for (text, expected) in rows {
            assert_eq!(seconds(text.into()), Some(expected), "{text}");
        }
        assert_eq!(seconds(7.into()), Some(7.0));
        assert_eq!(seconds(0.25.into()), Some(0.25));
        assert_eq!(seconds((-7).into()), Some(0.0));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "PT7M30",
            "P7",
            "soon",
            "1 00:00:07",
            "7 minutes",
            "1m1h",
            "1e3",
            "inf",
            "00:61",
            "٣s",
            "s",
            ".",
        ] {
            assert_eq!(seconds(text.into()), None, "{text}");
        }
        assert_eq!(seconds(serde_json::Value::Null), None);
        assert_eq!(seconds(true.into()), None);
        assert_eq!(seconds(1e300.into()), None);
    }
}
