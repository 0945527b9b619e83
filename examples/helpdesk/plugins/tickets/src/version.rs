//! Which of its versions a ticket is in, for those that share the work on it.

use std::fmt::Write as _;

use helpdesk_api::Ticket;
use sha2::{Digest, Sha256};

/// A text that is another one whenever anything of the ticket is, in every helpdesk alike.
pub(crate) fn version(ticket: &Ticket) -> String {
    // A ticket holds nothing that JSON cannot write.
    let text = serde_json::to_vec(ticket).unwrap_or_default();
    let digest = Sha256::digest(text);
    let mut version = String::with_capacity(32);
    for byte in digest.iter().take(16) {
        // Writing to a text does not fail.
        let _ = write!(version, "{byte:02x}");
    }
    version
}

#[cfg(test)]
mod tests {
    use helpdesk_api::{Entity, Note};

    use super::*;

    #[test]
    fn it_changes_with_a_queue_and_with_a_note_and_with_nothing_else() {
        let ticket = Ticket {
            id: Some("1".to_owned()),
            queue: Some(Entity::named("Inbox")),
            ..Ticket::default()
        };
        assert_eq!(version(&ticket), version(&ticket.clone()));
        let moved = Ticket {
            queue: Some(Entity::named("Network")),
            ..ticket.clone()
        };
        let noted = Ticket {
            notes: Some(vec![Note::plain("a", "b")]),
            ..ticket.clone()
        };
        assert_ne!(version(&ticket), version(&moved));
        assert_ne!(version(&ticket), version(&noted));
    }
}
