//! Keys and values as the bucket has them.

use std::fmt::Write as _;
use std::time::Duration;

use helpdesk_work::{Record, State};
use serde::{Deserialize, Serialize};

/// The value of a key.
#[derive(Debug, Deserialize, Serialize)]
struct Value {
    state: String,
    version: String,
    /// Absent from the first value of a key, which tells the fence by its revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    fence: Option<u64>,
    attempt: u32,
    holds_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Who wrote it, for people who look into the bucket.
    by: String,
}

/// The longest time that a value states; more is for ever.
const LONGEST: u64 = u64::MAX / 2;

/// The text of a record. The first claim of a key has no fence yet, which is zero.
pub(crate) fn to_value(record: &Record, by: &str) -> Vec<u8> {
    let millis = record.holds.as_nanos().div_ceil(1_000_000);
    let value = Value {
        state: record.state.name().to_owned(),
        version: record.version.clone(),
        fence: (record.fence > 0).then_some(record.fence),
        attempt: record.attempt,
        holds_ms: u64::try_from(millis).unwrap_or(LONGEST).min(LONGEST),
        reason: record.reason.clone(),
        by: by.to_owned(),
    };
    // Texts and numbers are always JSON.
    serde_json::to_vec(&value).unwrap_or_default()
}

/// The record that a text with this revision is, in a bucket whose fences have this base; else what is wrong with it.
pub(crate) fn to_record(text: &[u8], revision: u64, base: u64) -> Result<Record, String> {
    let value: Value = serde_json::from_slice(text).map_err(|error| {
        format!("revision {revision} is no piece of work: {error}; remove its key from the bucket")
    })?;
    let state = State::named(&value.state).ok_or_else(|| {
        let state = value.state.escape_debug();
        format!("revision {revision} is `{state}`, which this version does not know: use a newer helpdesk")
    })?;
    Ok(Record {
        state,
        version: value.version,
        fence: value.fence.unwrap_or_else(|| base.saturating_add(revision)),
        attempt: value.attempt,
        holds: Duration::from_millis(value.holds_ms),
        reason: value.reason,
    })
}

/// A key as the bucket takes it: every byte that is not a letter, a digit or a hyphen as `=` and two digits.
pub(crate) fn encode(key: &str) -> String {
    let mut encoded = String::new();
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(encoded, "={byte:02x}");
        }
    }
    encoded
}

/// The key that was encoded so; nothing, if none was.
pub(crate) fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = encoded.as_bytes();
    while let [first, after @ ..] = rest {
        rest = if *first == b'=' {
            let (digits, after) = after.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            after
        } else {
            bytes.push(*first);
            after
        };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_key_is_encoded_and_decoded_again() {
        for key in ["a-1", "a.b", "*", ">", "=", " ", "\0", "ä🪵", "=41"] {
            let encoded = encode(key);
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-=".contains(&byte);
            assert!(encoded.bytes().all(plain), "{encoded}");
            assert_eq!(decode(&encoded).as_deref(), Some(key));
        }
        assert_eq!(decode("=4"), None);
        assert_eq!(decode("=zz"), None);
        assert_eq!(decode("=ff"), None);
    }

    #[test]
    fn a_value_that_is_no_piece_of_work_is_told_with_what_to_do() {
        let unknown = br#"{"state":"frozen","version":"","attempt":1,"holds_ms":1,"by":"x"}"#;
        for (text, words) in [
            (&b"hello"[..], "remove its key"),
            (unknown, "newer helpdesk"),
        ] {
            let error = to_record(text, 7, 0).expect_err("no record");
            assert!(
                error.starts_with("revision 7 ") && error.contains(words),
                "{error}"
            );
        }
    }

    #[test]
    fn the_longest_lease_is_kept() {
        let record = Record::given(0, "v", 1, Duration::MAX);
        let kept = to_record(&to_value(&record, "x"), 9, 100).expect("a record");
        assert_eq!(
            (kept.fence, kept.holds),
            (109, Duration::from_millis(LONGEST))
        );
    }
}
