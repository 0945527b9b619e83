//! Doing once what must not be done twice.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};

use crate::{Fault, HttpError};

/// Remembers so many doubtful deeds; more than that is not a hiccup but an outage.
const REMEMBERED: usize = 10_000;

/// Sends what must not be sent twice, such as a note on a ticket.
///
/// Where the answer got lost, nobody knows whether it was done. Then it looks, and only if nothing is
/// there the request is sent once more. After a timeout even that would be rash, because a slow server
/// may still be at it: the error is passed on, and remembered, so that whoever repeats the deed later
/// looks first.
#[derive(Debug, Default)]
pub struct Once {
    /// Hashes of their names, which hold whole notes. Two deeds with one hash cost a look.
    doubtful: Mutex<BTreeSet<u64>>,
}

impl Once {
    /// Does it once. `name` tells this deed from others, `act` does it, `look` says whether it is done.
    ///
    /// # Errors
    /// What `act` met with, unless looking showed that it was done all the same; what `look` met with,
    /// when an earlier try left a doubt.
    pub async fn act<A, L>(
        &self,
        name: &str,
        act: impl Fn() -> A + Send + Sync,
        look: impl Fn() -> L + Send + Sync,
    ) -> Result<(), HttpError>
    where
        A: Future<Output = Result<(), HttpError>> + Send,
        L: Future<Output = Result<bool, HttpError>> + Send,
    {
        if self.doubts(name) && look().await? {
            self.settle(name);
            return Ok(());
        }
        let mut again = true;
        loop {
            let error = match act().await {
                Ok(()) => {
                    self.settle(name);
                    return Ok(());
                }
                Err(error) if !error.may_have_arrived() => return Err(error),
                Err(error) => error,
            };
            self.doubt(name);
            match look().await {
                Ok(true) => {
                    self.settle(name);
                    return Ok(());
                }
                Ok(false) if again && error.is_transient() && error.fault() != Fault::Timeout => {
                    again = false;
                }
                // That looking failed too says nothing new: the first error is the one to know.
                Ok(false) | Err(_) => return Err(error),
            }
        }
    }

    fn doubts(&self, name: &str) -> bool {
        self.doubtful().contains(&hash(name))
    }

    fn doubt(&self, name: &str) {
        let mut doubtful = self.doubtful();
        if doubtful.len() >= REMEMBERED {
            doubtful.pop_first();
        }
        doubtful.insert(hash(name));
    }

    fn settle(&self, name: &str) {
        self.doubtful().remove(&hash(name));
    }

    fn doubtful(&self) -> std::sync::MutexGuard<'_, BTreeSet<u64>> {
        self.doubtful.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::{Method, Request};

    /// Waits for what never has to wait.
    fn now<T>(future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        match future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("it waits"),
        }
    }

    fn lost(fault: Fault) -> HttpError {
        let url = "http://desk.invalid".parse().expect("an address");
        HttpError::new(&Request::new(Method::POST, url), fault, "")
    }

    /// Acts with these outcomes, one after the other; gives the result, and how often it acted.
    fn act(once: &Once, outcomes: &[Result<(), Fault>], there: Option<bool>) -> (bool, u32) {
        let acted = AtomicU32::new(0);
        let acting = || async {
            let number = acted.fetch_add(1, Ordering::Relaxed) as usize;
            outcomes[number].map_err(lost)
        };
        let looking = || async { there.ok_or_else(|| lost(Fault::Unreachable)) };
        let done = now(once.act("deed", acting, looking)).is_ok();
        (done, acted.into_inner())
    }

    #[test]
    fn it_acts_again_only_after_a_look_and_never_more_than_once() {
        let broken = Err(Fault::Interrupted);
        for (outcomes, there, expected) in [
            (&[Ok(())][..], None, (true, 1)),
            (&[broken], Some(true), (true, 1)),
            (&[broken, Ok(())], Some(false), (true, 2)),
            (&[broken, broken], Some(false), (false, 2)),
            (&[broken], None, (false, 1)),
            (&[Err(Fault::Unreachable)], Some(false), (false, 1)),
            (&[Err(Fault::Garbled)], Some(false), (false, 1)),
            (&[Err(Fault::Timeout)], Some(false), (false, 1)),
        ] {
            let outcome = act(&Once::default(), outcomes, there);
            assert_eq!(outcome, expected, "{outcomes:?}, {there:?}");
        }
    }

    #[test]
    fn a_doubt_is_remembered_until_it_is_settled() {
        let once = Once::default();
        assert_eq!(act(&once, &[Err(Fault::Timeout)], Some(false)), (false, 1));
        assert_eq!(
            act(&once, &[], None),
            (false, 0),
            "who cannot look does not act"
        );
        assert_eq!(act(&once, &[], Some(true)), (true, 0));
        assert_eq!(act(&once, &[Ok(())], None), (true, 1), "it is settled");
    }
}
