//! What a store can be told, and the tickets that a new one begins with.

use std::path::Path;

use helpdesk_api::{Error, ErrorKind, Result, Ticket};
use schemars::JsonSchema;
use serde::Deserialize;

/// The word in place of a file that means the demonstration tickets of this plugin.
const DEMO: &str = "demo";
const DEMO_TICKETS: &str = include_str!("../seed/demo.json");

/// Configuration of a [`Store`](crate::Store).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// The database file, made if it is not there; `:memory:` forgets everything at the end.
    pub path: String,
    /// What a store that is new and empty begins with: `demo`, or a JSON file with a list of tickets.
    pub seed: Option<String>,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            path: "helpdesk.db".to_owned(),
            seed: None,
        }
    }
}

/// Reads the tickets that `seed` names.
pub(crate) fn seed_tickets(seed: &str) -> Result<Vec<Ticket>> {
    let doing = || format!("cannot read the tickets of `seed: {seed}`");
    let text = if seed == DEMO {
        DEMO_TICKETS.to_owned()
    } else {
        std::fs::read_to_string(Path::new(seed))
            .map_err(|error| Error::caused_by(ErrorKind::NotFound, doing(), error))?
    };
    serde_json::from_str(&text)
        .map_err(|error| Error::caused_by(ErrorKind::Garbled, doing(), error))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_demonstration_tickets_are_complete_and_have_distinct_ids() {
        let tickets = seed_tickets(DEMO).expect("the file is shipped");
        let ids: BTreeSet<_> = tickets.iter().map(|ticket| ticket.id.clone()).collect();
        assert_eq!(ids.len(), tickets.len());
        for ticket in tickets {
            assert!(
                ticket.subject.is_some() && ticket.body.is_some(),
                "{ticket:?}"
            );
            assert!(
                ticket.queue.is_some() && ticket.priority.is_some(),
                "{ticket:?}"
            );
        }
    }

    #[test]
    fn a_seed_that_is_not_there_is_named() {
        let error = seed_tickets("/nowhere/tickets.json").expect_err("there is no such file");
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(error.to_string().contains("/nowhere/tickets.json"));
    }
}
