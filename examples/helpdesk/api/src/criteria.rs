//! What to look for in a ticket system.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

use crate::{Entity, Ticket};

/// Which tickets to find, and how many of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SearchCriteria {
    /// The queue in which they wait; every queue if absent.
    pub queue: Option<Entity>,
    /// At most so many.
    #[serde(deserialize_with = "count")]
    #[schemars(with = "u32")]
    pub limit: u32,
    /// Leaving out so many of the first.
    #[serde(deserialize_with = "count")]
    #[schemars(with = "u32")]
    pub offset: u32,
}

impl Default for SearchCriteria {
    fn default() -> Self {
        Self {
            queue: None,
            limit: 10,
            offset: 0,
        }
    }
}

impl SearchCriteria {
    /// Whether `ticket` is in the queue that is looked for.
    #[must_use]
    pub fn matches(&self, ticket: &Ticket) -> bool {
        self.queue
            .as_ref()
            .is_none_or(|queue| queue.matches(ticket.queue.as_ref()))
    }
}

/// A count written as an integer, as a number without a fraction, or as a text of digits.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    struct Count;

    impl Visitor<'_> for Count {
        type Value = u32;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an integer that is not negative")
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<u32, E> {
            u32::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<u32, E> {
            u32::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<u32, E> {
            let wrong = || E::invalid_value(Unexpected::Float(value), &self);
            if value.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(&value) {
                return Err(wrong());
            }
            // Through text, because `as` would hide a mistake in the line above.
            format!("{value:.0}").parse().map_err(|_| wrong())
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<u32, E> {
            value
                .trim()
                .parse()
                .map_err(|_| E::invalid_value(Unexpected::Str(value), &self))
        }
    }

    deserializer.deserialize_any(Count)
}
