//! What the application is told of the store: the first of its troubles, until none is left.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use helpdesk_work::WorkError;
use treenail::Handle;

/// What can be wrong, the gravest first. Each passes by itself, whatever becomes of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// There is no connection.
    Connection,
    /// Requests are not answered, or refused.
    Answers,
    /// Nothing can be written. Reading goes on.
    Room,
    /// The bucket grows, as nothing can be removed.
    Forgetting,
}

/// How long what the server has said may be the cause of a request that was not answered.
const RECENT: Duration = Duration::from_secs(10);

/// The troubles that there are.
pub(crate) struct Health {
    handle: Arc<Handle>,
    troubles: Mutex<BTreeMap<Trouble, String>>,
    /// What the server has said last, and when. It does not say of which request: that one is just never answered.
    said: Mutex<Option<(Instant, String)>>,
}

impl Health {
    pub(crate) fn new(handle: Arc<Handle>) -> Self {
        Self {
            handle,
            troubles: Mutex::default(),
            said: Mutex::default(),
        }
    }

    /// The server has said that it does not do something, for instance what the credentials do not allow.
    pub(crate) fn said(&self, what: impl fmt::Display) {
        *locked(&self.said) = Some((Instant::now(), what.to_string()));
    }

    /// There is this trouble.
    pub(crate) fn trouble(&self, trouble: Trouble, reason: impl fmt::Display) {
        self.tell(|troubles| {
            troubles.insert(trouble, reason.to_string());
        });
    }

    /// There is no such trouble any more.
    pub(crate) fn well(&self, trouble: Trouble) {
        self.tell(|troubles| {
            troubles.remove(&trouble);
        });
    }

    /// There is this trouble for another reason, if there is any.
    pub(crate) fn still(&self, trouble: Trouble, reason: impl fmt::Display) {
        self.tell(|troubles| {
            if let Some(told) = troubles.get_mut(&trouble) {
                *told = reason.to_string();
            }
        });
    }

    /// Something was read, or could not be.
    pub(crate) fn read<T>(&self, answer: &Result<T, WorkError>) {
        match answer {
            Ok(_) => self.well(Trouble::Answers),
            Err(error) => self.failed(error),
        }
    }

    /// Something was written, or could not be.
    pub(crate) fn written<T>(&self, answer: &Result<T, WorkError>) {
        self.read(answer);
        if answer.is_ok() {
            self.well(Trouble::Room);
        }
    }

    /// The bucket was looked through, or could not be.
    pub(crate) fn swept(&self, answer: &Result<(), WorkError>) {
        match answer {
            Ok(()) => self.well(Trouble::Forgetting),
            Err(error) => self.trouble(Trouble::Forgetting, self.words(error)),
        }
    }

    fn failed(&self, error: &WorkError) {
        match error {
            WorkError::Full { .. } => {
                // It has answered.
                self.well(Trouble::Answers);
                self.trouble(Trouble::Room, self.words(error));
            }
            error => self.trouble(Trouble::Answers, self.words(error)),
        }
    }

    /// An error with its cause, and with what the server has said just now.
    fn words(&self, error: &WorkError) -> String {
        let mut words = error.to_string();
        if let Some(cause) = error.source() {
            words.push_str(&format!(": {cause}"));
        }
        if let Some((when, said)) = locked(&self.said).as_ref()
            && when.elapsed() < RECENT
        {
            words.push_str(&format!("; the server says: {said}"));
        }
        words
    }

    /// Changes what troubles there are, and tells the application if the gravest is another one then.
    fn tell(&self, change: impl FnOnce(&mut BTreeMap<Trouble, String>)) {
        let mut troubles = locked(&self.troubles);
        let before = first(&troubles);
        change(&mut troubles);
        let now = first(&troubles);
        if before == now {
            return;
        }
        // Under the lock, so that what is told last is so.
        match now {
            Some((_, reason)) => self.handle.recoverable(reason),
            None => self.handle.ok(),
        }
    }
}

fn first(troubles: &BTreeMap<Trouble, String>) -> Option<(Trouble, String)> {
    let (trouble, reason) = troubles.first_key_value()?;
    Some((*trouble, reason.clone()))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use treenail::State;

    use super::*;

    /// What the application has been told last.
    fn told(handle: &Handle) -> (State, String) {
        let status = handle.status();
        (status.state, status.reason.unwrap_or_default())
    }

    #[test]
    fn the_gravest_trouble_is_told_until_none_is_left() {
        let handle = Handle::detached("work-nats:NatsWork");
        let health = Health::new(Arc::clone(&handle));
        health.well(Trouble::Answers);
        health.trouble(Trouble::Room, "full");
        assert_eq!(told(&handle), (State::Recoverable, "full".to_owned()));
        health.trouble(Trouble::Connection, "gone");
        health.trouble(Trouble::Answers, "silent");
        assert_eq!(told(&handle), (State::Recoverable, "gone".to_owned()));
        health.still(Trouble::Connection, "refused");
        health.still(Trouble::Forgetting, "there was none");
        assert_eq!(told(&handle), (State::Recoverable, "refused".to_owned()));
        health.well(Trouble::Connection);
        assert_eq!(told(&handle), (State::Recoverable, "silent".to_owned()));
        // Reading says nothing about room.
        health.read(&Ok(()));
        assert_eq!(told(&handle), (State::Recoverable, "full".to_owned()));
        health.written(&Ok(()));
        assert_eq!(told(&handle), (State::Ok, String::new()));
    }
}
