//! The contract by which several helpdesks share their work: who may work on what, for how long, and what is done.
//!
//! A helpdesk asks [`Work::claim`] before it works on a ticket, and works on it if it is given a [`Claim`]. It
//! [extends](Work::extend) the claim while a step runs ([`held`] does that), and says at the end that the work is
//! [done](Work::done), that it has [failed](Work::failed) and when to try again, or [gives it back](Work::release). Where that
//! is kept, a plugin decides: a file, a server.
//!
//! A key names a piece of work, and what is done stays done for as long as the plugin remembers it. So a key has in it whatever
//! makes the work another one, for instance a ticket's number and when it was changed.
//!
//! # What is promised
//!
//! - At most one claim of a key is current at any time, among all handles of one store in all processes.
//! - A claim that is never heard of again, because its process was killed or is cut off, is handed out to another once its
//!   lease has run out. No sooner, as long as clocks run evenly.
//! - Of two claims of a key the later one has the greater [fence](Claim::fence), whatever clocks do and whoever is restarted.
//! - Whoever is not the current claimant any more is told [`WorkError::Lost`], and changes nothing in the store.
//! - An attempt is counted when a claim is given, so that work which kills whoever does it is counted. Once the store's number of
//!   attempts is used up, the work is a [dead letter](Work::dead): nobody is given it until it is [revived](Work::revive).
//! - Every call but `claim` may be repeated when it is not known whether it was met: the second time changes nothing.
//!
//! # What is not
//!
//! - *A lease is not a deadline.* It may run out while a step is still at work, and nothing stops that step. Until another has
//!   claimed the key, the first one may still extend its claim or end it. So extend the claim before each write, and hand the
//!   fence on to a ticket system that can refuse a smaller one than it has seen; where it cannot, a process that was
//!   held up between the two can write after another has begun.
//! - A claim whose answer was lost on its way is nobody's until its lease has run out, and its attempt is counted.
//! - There is no queue: what there is to do, the ticket system knows. A key that nobody asks for is handed out to nobody, and
//!   work that used up its attempts by killing its claimants becomes a dead letter when it is next asked for.
//! - There is no order among those that ask for one key.

mod claim;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod held;
mod record;
mod work;

pub use async_trait::async_trait;
pub use claim::Claim;
pub use error::{Result, WorkError};
pub use held::held;
pub use record::{Ending, Next, Record, State};
pub use work::{DeadLetter, LONGEST_KEY, Work, check_key};
