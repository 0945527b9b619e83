//! How long to wait before sending again, and whether to wait at all.

use std::time::{Duration, SystemTime};

use helpdesk_http_client::{HeaderMap, header};

/// The pause before the next attempt: at least the one the server `asked` for. None where that is longer
/// than the `longest`, or would leave nothing of the time that is `left`.
pub(crate) fn pause(
    own: Option<Duration>,
    asked: Option<Duration>,
    longest: Duration,
    left: Duration,
) -> Option<Duration> {
    let pause = own?.max(asked.unwrap_or_default());
    (asked.is_none_or(|asked| asked <= longest) && pause < left).then_some(pause)
}

/// What a `Retry-After` asks for: seconds, or a date (RFC 9110, section 10.2.3).
pub(crate) fn asked(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(text).ok()?;
            Some(date.duration_since(now).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use helpdesk_http_client::HeaderValue;

    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_pause_is_never_shorter_than_asked_and_none_where_that_is_too_long() {
        assert_eq!(pause(Some(s(1)), None, s(20), s(60)), Some(s(1)));
        assert_eq!(pause(Some(s(1)), Some(s(5)), s(20), s(60)), Some(s(5)));
        assert_eq!(pause(Some(s(8)), Some(s(5)), s(20), s(60)), Some(s(8)));
        assert_eq!(pause(Some(s(1)), Some(s(21)), s(20), s(60)), None);
        assert_eq!(pause(Some(s(1)), Some(s(5)), s(20), s(4)), None);
        assert_eq!(pause(None, Some(s(5)), s(20), s(60)), None);
    }

    #[test]
    fn the_server_asks_in_seconds_or_by_date() {
        let asked_by = |text: &'static str| {
            let value = HeaderValue::from_static(text);
            let now = SystemTime::UNIX_EPOCH + s(1_000_000_000);
            asked(&HeaderMap::from_iter([(header::RETRY_AFTER, value)]), now)
        };
        assert_eq!(asked_by("7"), Some(s(7)));
        assert_eq!(asked_by("Sun, 09 Sep 2001 01:47:00 GMT"), Some(s(20)));
        assert_eq!(asked_by("Sun, 09 Sep 2001 01:00:00 GMT"), Some(s(0)));
        assert_eq!(asked_by("soon"), None);
    }
}
