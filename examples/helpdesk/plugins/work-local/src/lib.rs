//! Who works on what among the processes of one machine, in an embedded SQLite database.
//!
//! The plugin `work-local` brings one component, [`LocalWork`] (`work-local:LocalWork`), which provides
//! [`Work`](helpdesk_work::Work). Where the tickets are in a SQLite database, it keeps in it who works on them, so that processes
//! share their work that share their tickets. Else it keeps everything in memory, which is enough for a helpdesk that is alone;
//! several share the file that all of them name:
//!
//! ```yaml
//! components:
//!   "work-local:LocalWork": { path: "work.db" }
//! ```
//!
//! All of them have to name the same number of `attempts`; else each goes by its own.
//!
//! | what happens | what comes of it |
//! |---|---|
//! | a process is killed (-9) with claims | others are given them at once, because it had a file locked beside the database, and where files cannot be locked once their leases have run out; the attempts are counted |
//! | the machine's clock jumps forward | leases and pauses run out early, and what is done may be forgotten early; who had a claim finds out that it is lost, and the fence of the next one is greater |
//! | the machine's clock jumps back | a lease or pause begins anew, by its whole length, when the work is next asked for |
//! | another program has the file locked | calls wait for five seconds, then they are unavailable; the component is `recoverable` until one is met |
//! | the disk is full | calls fail as full, and change nothing |
//! | the file is taken away, or another is put in its place | calls fail; nobody goes on in a file that others do not see |
//! | the file is of another program, or of a later version | the start fails, and the file is left as it is |
//! | the machine loses power | what was answered is kept |
//!
//! A file on a network's disk is none to share: SQLite's locks do not hold there.

treenail::plugin!();

mod alive;
mod component;
mod config;
mod failure;
mod file;
mod local;
mod place;
mod table;

pub use config::LocalWorkConfig;
pub use local::LocalWork;
