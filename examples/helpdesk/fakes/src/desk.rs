//! Tickets behind a fake service, and what the service is told to do wrong.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use helpdesk_api::{Note, Ticket};

use crate::{Reply, Seen, Server, otobo, zammad};

/// The tickets of a fake service. Clones share them.
#[derive(Clone, Default)]
pub struct Desk(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    tickets: Vec<Ticket>,
    troubles: Vec<Planned>,
}

/// A trouble to come.
struct Planned {
    /// The method and a part of the target of the requests that it happens to.
    method: String,
    target: String,
    /// What happens instead of the answer.
    reply: Reply,
    /// Whether the service does what it is asked before.
    done: bool,
}

impl Desk {
    /// A desk with these tickets.
    #[must_use]
    pub fn with(tickets: &[Ticket]) -> Self {
        let desk = Self::default();
        desk.inside().tickets = tickets.to_vec();
        desk
    }

    /// The tickets as they are now.
    #[must_use]
    pub fn tickets(&self) -> Vec<Ticket> {
        self.inside().tickets.clone()
    }

    /// Puts these tickets in the place of all others.
    pub fn replace(&self, tickets: Vec<Ticket>) {
        self.inside().tickets = tickets;
    }

    /// Somebody adds a note.
    pub fn note(&self, id: &str, note: Note) {
        if let Some(ticket) = find(&mut self.inside().tickets, id) {
            ticket.notes.get_or_insert_default().push(note);
        }
    }

    /// The next request with this method and this in its target is answered so. If `done`, the service
    /// has done what it was asked all the same.
    pub fn plan(&self, method: &str, target: &str, reply: Reply, done: bool) {
        self.inside().troubles.push(Planned {
            method: method.to_owned(),
            target: target.to_owned(),
            reply,
            done,
        });
    }

    /// A server like OTOBO's and Znuny's generic interface, for this agent and web service.
    #[must_use]
    pub fn otobo(&self, password: &str) -> Server {
        self.serve(password, otobo::answer)
    }

    /// A server like Zammad.
    #[must_use]
    pub fn zammad(&self, token: &str) -> Server {
        self.serve(token, zammad::answer)
    }

    fn serve(&self, secret: &str, answer: fn(&mut Vec<Ticket>, &str, &Seen) -> Reply) -> Server {
        let (desk, secret) = (self.clone(), secret.to_owned());
        Server::start(move |seen| {
            let mut inside = desk.inside();
            let planned = inside.troubles.iter().position(|planned| {
                planned.method == seen.method && seen.target.contains(&planned.target)
            });
            let planned = planned.map(|index| inside.troubles.remove(index));
            match planned {
                Some(Planned {
                    reply, done: false, ..
                }) => reply,
                Some(Planned { reply, .. }) => {
                    answer(&mut inside.tickets, &secret, seen);
                    reply
                }
                None => answer(&mut inside.tickets, &secret, seen),
            }
        })
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The ticket with this id.
pub(crate) fn find<'t>(tickets: &'t mut [Ticket], id: &str) -> Option<&'t mut Ticket> {
    tickets
        .iter_mut()
        .find(|ticket| ticket.id.as_deref() == Some(id))
}

/// The articles of a ticket: what the customer wrote, then the notes.
pub(crate) fn articles(ticket: &Ticket) -> Vec<Note> {
    let subject = ticket.subject.clone().unwrap_or_default();
    let first = Note::plain(subject, ticket.body.clone().unwrap_or_default());
    std::iter::once(first)
        .chain(ticket.notes.iter().flatten().cloned())
        .collect()
}
