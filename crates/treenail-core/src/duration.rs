//! How a length of time is written, in a manifest as in a configuration.
//!
//! As in ISO 8601 (`PT5S`, `P1DT2H`, `P1W`, with months of 30 and years of 365 days), in a short form (`5s`, `500ms`,
//! `1h 30m`), as a clock (`01:30`, `00:00:05`) or as a number of seconds. A negative one is accepted and counts as none.

use std::time::Duration;

const DAY: f64 = 86_400.0;

/// The date's units of ISO 8601, in seconds.
const DATE: [(&str, f64); 4] = [
    ("Y", 365.0 * DAY),
    ("M", 30.0 * DAY),
    ("W", 7.0 * DAY),
    ("D", DAY),
];

/// The time's units of ISO 8601, in seconds.
const TIME: [(&str, f64); 3] = [("H", 3600.0), ("M", 60.0), ("S", 1.0)];

/// Units of the short form, in seconds.
const SHORT: [(&str, f64); 8] = [
    ("w", 7.0 * DAY),
    ("d", DAY),
    ("h", 3600.0),
    ("m", 60.0),
    ("s", 1.0),
    ("ms", 1e-3),
    ("us", 1e-6),
    ("ns", 1e-9),
];

/// Reads a length of time; `None` where the text is none.
///
/// ```
/// use std::time::Duration;
/// use treenail_core::duration::parse;
///
/// assert_eq!(parse("PT1M30S"), Some(Duration::from_secs(90)));
/// assert_eq!(parse("1m 30s"), Some(Duration::from_secs(90)));
/// assert_eq!(parse("soon"), None);
/// ```
pub fn parse(text: &str) -> Option<Duration> {
    let trimmed = text.trim();
    let (negative, rest) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let seconds = iso(rest)
        .or_else(|| clock(rest))
        .or_else(|| number(rest))
        .or_else(|| short(rest))?;
    from_seconds(if negative { -seconds } else { seconds })
}

/// So many seconds; `None` where they are too many.
pub fn from_seconds(seconds: f64) -> Option<Duration> {
    if seconds <= 0.0 {
        return Some(Duration::ZERO);
    }
    Duration::try_from_secs_f64(seconds).ok()
}

/// Writes a length of time in the short form: `1m 30s`.
pub fn print(duration: Duration) -> String {
    let (seconds, nanos) = (duration.as_secs(), u64::from(duration.subsec_nanos()));
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
        (nanos / 1_000_000, "ms"),
        (nanos / 1000 % 1000, "us"),
        (nanos % 1000, "ns"),
    ];
    let parts = parts.iter().filter(|(amount, _)| *amount > 0);
    let words: Vec<String> = parts
        .map(|(amount, unit)| format!("{amount}{unit}"))
        .collect();
    match words.is_empty() {
        true => "0s".to_owned(),
        false => words.join(" "),
    }
}

/// A regular expression for every text that [`parse`] reads, but for amounts that are too large.
pub fn pattern() -> String {
    const N: &str = r"([0-9]+\.?[0-9]*|\.[0-9]+)";
    let all = |units: &[(&str, f64)], space: &str| -> String {
        let unit = |(name, _): &(&str, f64)| format!("({N}{space}{name}{space})?");
        units.iter().map(unit).collect()
    };
    let (date, time, short) = (all(&DATE, ""), all(&TIME, ""), all(&SHORT, r"\s*"));
    let iso = format!(r"P(?=[0-9.]|T){date}(T(?=[0-9.]){time})?");
    let clock = r"[0-9]+:[0-5]?[0-9](:[0-5]?[0-9](\.[0-9]*)?)?";
    format!(r"^\s*[+-]?({iso}|{clock}|{N}|(?=[0-9.]){short})\s*$")
}

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
    Some(units(date, &DATE)? + units(time, &TIME)?)
}

/// `1h 30m`, `500ms`: units in this order.
fn short(text: &str) -> Option<f64> {
    if text.is_empty() {
        return None;
    }
    let close: String = text.split_whitespace().collect();
    units(&close, &SHORT)
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
        [seconds] if seconds.starts_with(|c: char| c.is_ascii_digit()) => number(seconds)?,
        _ => return None,
    };
    let whole = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| plain)
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

#[cfg(test)]
mod tests {
    use super::{from_seconds, parse, print};
    use std::time::Duration;

    #[test]
    fn every_form_of_a_duration_is_read() {
        for (text, expected) in [
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
        ] {
            let read = parse(text).map(|duration| duration.as_secs_f64());
            assert_eq!(read, Some(expected), "{text}");
        }
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
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(from_seconds(1e300), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (nanos, text) in [
            (0, "0s"),
            (90_000_000_000, "1m 30s"),
            (200_000_000, "200ms"),
            (93_784_005_006_007, "1d 2h 3m 4s 5ms 6us 7ns"),
        ] {
            let duration = Duration::from_nanos(nanos);
            assert_eq!(print(duration), text);
            assert_eq!(parse(text), Some(duration));
        }
    }
}
