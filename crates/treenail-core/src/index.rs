//! Where a key stands among the keys of a registry: a hash table that rustc computes when it compiles the registry, so that
//! it costs nothing when the program starts and a look-up takes as long among a thousand keys as among five.

use crate::composed::StaticLine;
use crate::registry::Registry;

/// Has one line, or is empty.
pub struct Bucket<R: Registry> {
    /// The hash of the line's key.
    hash: u64,
    line: Option<&'static StaticLine<R>>,
}

impl<R: Registry> Bucket<R> {
    /// No line.
    pub const EMPTY: Self = Self {
        hash: 0,
        line: None,
    };
}

/// How many buckets so many lines have: a power of two, and at least half of them are empty.
#[must_use]
pub const fn buckets(lines: usize) -> usize {
    (2 * lines).next_power_of_two()
}

/// The index of these lines. A line is in the first bucket that was empty, from the one on that the hash of its key says.
///
/// # Panics
/// If a key stands twice, which is then an error of rustc's.
#[must_use]
pub const fn index<R: Registry, const BUCKETS: usize>(
    lines: &[&'static StaticLine<R>],
) -> [Bucket<R>; BUCKETS] {
    assert!(BUCKETS == buckets(lines.len()));
    let mut index = [const { Bucket::EMPTY }; BUCKETS];
    let mut number = 0;
    while number < lines.len() {
        let line = lines[number];
        let hash = hash(line.key.as_bytes());
        let mut at = hash as usize % BUCKETS;
        while let Some(other) = index[at].line {
            let is_same = are_equal(line.key.as_bytes(), other.key.as_bytes());
            assert!(!is_same, "a registry has two entries with one key");
            at = (at + 1) % BUCKETS;
        }
        index[at] = Bucket {
            hash,
            line: Some(line),
        };
        number += 1;
    }
    index
}

/// The line of a key.
#[inline]
pub(crate) fn find<R: Registry>(index: &[Bucket<R>], key: &str) -> Option<&'static StaticLine<R>> {
    let hash = hash(key.as_bytes());
    let mask = index.len().checked_sub(1)?;
    let mut at = hash as usize;
    loop {
        let bucket = index.get(at & mask)?;
        let line = bucket.line?;
        if bucket.hash == hash && line.key == key {
            return Some(line);
        }
        at += 1;
    }
}

/// Eight bytes at a time; of the last eight, some may have been among those before.
#[inline]
const fn hash(key: &[u8]) -> u64 {
    let mut hash = key.len() as u64;
    let mut rest = key;
    while rest.len() > 8
        && let Some((word, after)) = rest.split_first_chunk()
    {
        hash = mixed(hash ^ u64::from_le_bytes(*word));
        rest = after;
    }
    let mut last = 0;
    if let Some(word) = key.last_chunk() {
        last = u64::from_le_bytes(*word);
    } else {
        while let [byte, after @ ..] = rest {
            last = last << 8 | *byte as u64;
            rest = after;
        }
    }
    mixed(hash ^ last)
}

/// Every bit of the result depends on every bit of the number.
#[inline]
const fn mixed(number: u64) -> u64 {
    let product = number as u128 * 0x9e37_79b9_7f4a_7c15;
    (product >> 64) as u64 ^ product as u64
}

const fn are_equal(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Bucket, buckets, find, index};
    use crate::composed::{EntryAt, StaticLine};
    use crate::registry::Registry;

    struct Numbers;

    impl Registry for Numbers {
        type Entry = u8;
    }

    fn lines(keys: impl IntoIterator<Item = String>) -> Vec<&'static StaticLine<Numbers>> {
        let lines = keys.into_iter().map(|key| StaticLine {
            key: key.leak(),
            plugin: "app",
            version: "0.1.0",
            description: "",
            attributes: &[],
            at: EntryAt::Constant(&7),
        });
        lines.map(|line| &*Box::leak(Box::new(line))).collect()
    }

    fn found(index: &[Bucket<Numbers>], key: &str) -> Option<&'static str> {
        find(index, key).map(|line| line.key)
    }

    #[test]
    fn every_key_is_found_and_nothing_else() {
        // Of every length, and many begin or end alike.
        let texts = (0..150).flat_map(|length| {
            let same = "a".repeat(length);
            ["", "b", "ü", "\0"].map(|other| [format!("{same}{other}"), format!("{other}{same}")])
        });
        let mut texts: Vec<String> = texts.flatten().collect();
        texts.sort();
        texts.dedup();
        let there = texts.iter().step_by(2).cloned();
        let index = index::<_, 2048>(&lines(there));
        for (at, key) in texts.iter().enumerate() {
            let expected = (at % 2 == 0).then_some(key.as_str());
            assert_eq!(found(&index, key), expected);
        }
    }

    #[test]
    fn among_no_lines_nothing_is_found() {
        assert_eq!(buckets(0), 1);
        for empty in [&index::<_, 1>(&[])[..], &[Bucket::EMPTY], &[]] {
            assert_eq!(found(empty, "key"), None);
        }
    }

    #[test]
    fn lines_are_close_to_where_they_are_looked_for() {
        let keys = (0..1000).map(|number| format!("filter_{number}"));
        let index = index::<_, 2048>(&lines(keys));
        let runs = index.split(|bucket| bucket.line.is_none());
        assert!(runs.map(<[Bucket<Numbers>]>::len).max() < Some(40));
    }

    #[test]
    #[should_panic(expected = "two entries with one key")]
    fn a_key_stands_once() {
        let _ = index::<_, 8>(&lines(["one", "two", "one"].map(str::to_owned)));
    }
}
