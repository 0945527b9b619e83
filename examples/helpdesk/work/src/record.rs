//! For plugins: what a store keeps of a piece of work, and what becomes of it with every call. A plugin reads a record, asks here
//! what follows, and writes that if nobody else has written meanwhile.

use std::time::Duration;

use crate::{Result, WorkError};

/// What a store keeps of a piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What became of it last.
    pub state: State,
    /// At which version it was last claimed.
    pub version: String,
    /// Of the last claim that was given.
    pub fence: u64,
    /// How many attempts are counted.
    pub attempt: u32,
    /// How long the state holds, from when the record was written: the lease of a claim, the pause after a failure, how long it is
    /// remembered that the work is done or was given back.
    pub holds: Duration,
    /// What a claimant said of its failure.
    pub reason: Option<String>,
}

/// What became of a piece of work last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Somebody has it, unless the lease has run out.
    Claimed,
    /// It was given back.
    Released,
    /// It has failed, and is tried again after a pause.
    Failed,
    /// It is done.
    Done,
    /// It used up its attempts.
    Dead,
    /// It was a dead letter.
    Revived,
}

/// Every state with the name that stores keep it by.
const NAMES: [(State, &str); 6] = [
    (State::Claimed, "claimed"),
    (State::Released, "released"),
    (State::Failed, "failed"),
    (State::Done, "done"),
    (State::Dead, "dead"),
    (State::Revived, "revived"),
];

impl State {
    /// The name that stores keep it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        let mut named = NAMES.iter().filter(|(state, _)| *state == self);
        named.next().map_or("", |(_, name)| name)
    }

    /// The state of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut named = NAMES.iter().filter(|(_, its)| *its == name);
        named.next().map(|(state, _)| *state)
    }
}

/// What a store of work is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How often a piece of work is tried before it is a dead letter.
    pub attempts: u32,
    /// How long it is remembered that a piece of work is done.
    pub remember: Duration,
}

/// How long what has failed, or was claimed and never heard of again, is kept when nobody asks for it.
const ABANDONED: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What follows when a piece of work is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is given, as this attempt.
    Give(u32),
    /// Nobody is given it now.
    Leave,
    /// The last attempt was never heard of again: it is a dead letter from now on.
    Bury,
}

/// How a claimant ends its claim.
#[derive(Clone, Copy, Debug)]
pub enum Ending<'a> {
    /// The work is done.
    Done,
    /// The work has failed, and may be tried again after the pause, for this reason.
    Failed(Duration, &'a str),
    /// It is given back.
    Released,
}

impl Next {
    /// What follows for somebody who asks at this version. `is_over`: whether the state of the record has held for as long as it
    /// was to.
    #[must_use]
    pub fn of(record: Option<&Record>, version: &str, is_over: bool, policy: Policy) -> Self {
        let Some(record) = record else {
            return Self::Give(1);
        };
        match record.state {
            State::Claimed if !is_over => Self::Leave,
            _ if record.version != version => Self::Give(1),
            State::Done if is_over => Self::Give(1),
            State::Done | State::Dead => Self::Leave,
            State::Failed if !is_over => Self::Leave,
            _ if record.attempt >= policy.attempts => Self::Bury,
            _ => Self::Give(record.attempt.saturating_add(1)),
        }
    }
}

impl Record {
    /// A claim that has just been given.
    #[must_use]
    pub fn given(fence: u64, version: &str, attempt: u32, lease: Duration) -> Self {
        Self {
            state: State::Claimed,
            version: version.to_owned(),
            fence,
            attempt,
            holds: lease,
            reason: None,
        }
    }

    /// The record of a dead letter whose last claimant was never heard of again.
    #[must_use]
    pub fn buried(self) -> Self {
        Self {
            state: State::Dead,
            ..self
        }
    }

    /// The record with a longer or shorter lease.
    ///
    /// # Errors
    /// [`WorkError::Lost`] if the claim with this fence is not current.
    pub fn extended(self, key: &str, fence: u64, lease: Duration) -> Result<Self> {
        if self.state != State::Claimed || self.fence != fence {
            return Err(lost(key));
        }
        Ok(Self {
            holds: lease,
            ..self
        })
    }

    /// The record after its claimant has ended its claim; nothing, where it has ended in just this way already.
    ///
    /// # Errors
    /// [`WorkError::Lost`] if the claim with this fence is not current, and did not end in this way.
    pub fn ended(
        self,
        key: &str,
        fence: u64,
        ending: Ending<'_>,
        policy: Policy,
    ) -> Result<Option<Self>> {
        if self.fence != fence {
            return Err(lost(key));
        }
        match (self.state, ending) {
            (State::Claimed, Ending::Done) => Ok(Some(Self {
                state: State::Done,
                holds: policy.remember,
                ..self
            })),
            (State::Claimed, Ending::Failed(pause, reason)) => Ok(Some(Self {
                state: if self.attempt >= policy.attempts {
                    State::Dead
                } else {
                    State::Failed
                },
                holds: pause,
                reason: Some(reason.to_owned()),
                ..self
            })),
            (State::Claimed, Ending::Released) => Ok(Some(Self {
                state: State::Released,
                attempt: self.attempt.saturating_sub(1),
                holds: policy.remember,
                ..self
            })),
            (State::Done, Ending::Done) | (State::Released, Ending::Released) => Ok(None),
            (State::Failed | State::Dead, Ending::Failed(..)) if self.reason.is_some() => Ok(None),
            _ => Err(lost(key)),
        }
    }

    /// How long after it was written a store forgets the record; nothing, if it never does. A claim with a longer lease is kept for
    /// longer.
    #[must_use]
    pub fn kept_for(&self) -> Option<Duration> {
        match self.state {
            State::Dead => None,
            State::Done => Some(self.holds),
            // With no attempt counted it is as if there were no record.
            State::Released | State::Revived if self.attempt == 0 => Some(self.holds),
            _ => Some(self.holds.saturating_add(ABANDONED)),
        }
    }

    /// The record of a dead letter that is work again; nothing, if it is no dead letter.
    #[must_use]
    pub fn revived(self) -> Option<Self> {
        (self.state == State::Dead).then_some(Self {
            state: State::Revived,
            attempt: 0,
            holds: Duration::ZERO,
            reason: None,
            ..self
        })
    }
}

/// The claim of this key is not current.
fn lost(key: &str) -> WorkError {
    WorkError::Lost {
        key: key.to_owned(),
    }
}
