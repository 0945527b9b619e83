//! The contract by which several helpdesks share their work: who may work on what, for how long, and what is done.
//!
//! A helpdesk asks [`Work::claim`] before it works on a ticket, and works on it if it is given a [`Claim`]. It
//! [extends](Work::extend) the claim while a step runs ([`held`] does that), and says at the end that the work is
//! [done](Work::done), that it has [failed](Work::failed) and when to try again, or [gives it back](Work::release). Where that
//! is kept, a plugin decides: a file, a server.
//!
//! A *key* names what is worked on, for instance a ticket, and a *version* says as what it was found, for instance by a digest of
//! what is in the ticket. What became of a version holds for that version alone: of another one the work is given anew.
//!
//! # What is promised
//!
//! - At most one claim of a key is current at any time, among all handles of one store in all processes, whatever its version.
//! - What is done at a version is not given at that version again for a short while, which the plugin is told: whoever found the
//!   ticket before it was done must not be given it for that. Later it is given again, as a first attempt: a person may have
//!   put the ticket back as it was.
//! - A key whose version is another than the last one that was claimed is given at once, as a first attempt, unless a lease on
//!   it still holds: also where that last one is done, has failed, or is a dead letter.
//! - A claim that is never heard of again, because its process was killed or is cut off, is handed out to another once its
//!   lease has run out. No sooner, as long as clocks run evenly, unless the store knows that the process is gone.
//! - Of two claims of a key the later one has the greater [fence](Claim::fence), whatever clocks do and whoever is restarted;
//!   also where the second is of another store, if that was made later by the clocks of the machines that made them. So helpdesks
//!   can move from one store to another under a ticket system that remembers the greatest fence it has seen.
//! - Whoever is not the current claimant any more is told [`WorkError::Lost`], and changes nothing in the store.
//! - An attempt is counted when a claim is given, so that work which kills whoever does it is counted. Once the store's number of
//!   attempts is used up, the work is a [dead letter](Work::dead): nobody is given that version until it is
//!   [revived](Work::revive).
//! - Every call but `claim` may be repeated when it is not known whether it was met: the second time changes nothing. A claim that
//!   was ended so long ago that the store has forgotten it is lost.
//! - A store does not grow for ever: what is done or was given back it forgets after that short while, and what nobody has asked for
//!   or kept in seven days, too. Dead letters stay until they are revived, or claimed at another version.
//!
//! # What is not
//!
//! - *A lease is not a deadline.* It may run out while a step is still at work, and nothing stops that step. Until another has
//!   claimed the key, the first one may still extend its claim or end it. So extend the claim before each write, and hand the
//!   fence on to a ticket system that can refuse a smaller one than it has seen; where it cannot, a process that was
//!   held up between the two can write after another has begun.
//! - Versions have no order. Whoever asks with one that it found long ago is given the work, if another version was the last one.
//!   So look at the ticket again once the claim is there.
//! - A claim whose answer was lost on its way is nobody's until its lease has run out, and its attempt is counted.
//! - There is no queue: what there is to do, the ticket system knows. A key that nobody asks for is handed out to nobody, and
//!   work that used up its attempts by killing its claimants becomes a dead letter when it is next asked for.
//! - There is no order among those that ask for one key.

mod claim;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod fence;
mod held;
mod record;
mod work;

pub use async_trait::async_trait;
pub use claim::Claim;
pub use error::{Result, WorkError};
pub use fence::fence_base;
pub use held::held;
pub use record::{Ending, Next, Policy, Record, State};
pub use work::{DeadLetter, LONGEST, Work, check_key, check_version};
