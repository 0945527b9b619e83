//! The id of a ticket, where configuration or foreign data names one.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

/// The id of a ticket: text, always.
///
/// An integer is read too, and becomes its digits. Text stays as it is: `"0042"` keeps its zeros.
///
/// ```
/// use helpdesk_api::TicketId;
///
/// assert_eq!(serde_json::from_str::<TicketId>("42")?, TicketId::from("42"));
/// assert_eq!(&*serde_json::from_str::<TicketId>(r#""0042""#)?, "0042");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TicketId(String);

impl<T: Into<String>> From<T> for TicketId {
    fn from(id: T) -> Self {
        Self(id.into())
    }
}

impl Deref for TicketId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for TicketId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Id;

        impl Visitor<'_> for Id {
            type Value = TicketId;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string or an integer")
            }

            fn visit_str<E: Error>(self, id: &str) -> Result<TicketId, E> {
                Ok(TicketId(id.to_owned()))
            }

            fn visit_u64<E: Error>(self, id: u64) -> Result<TicketId, E> {
                Ok(TicketId(id.to_string()))
            }

            fn visit_i64<E: Error>(self, id: i64) -> Result<TicketId, E> {
                Ok(TicketId(id.to_string()))
            }
        }

        deserializer.deserialize_any(Id)
    }
}

impl JsonSchema for TicketId {
    fn schema_name() -> Cow<'static, str> {
        "TicketId".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "integer"],
            "description": "The id of a ticket; an integer is read as its digits",
        })
    }
}
