//! Who works on what among machines, in a key-value bucket of NATS JetStream.
//!
//! The plugin `work-nats` brings one component, [`NatsWork`] (`work-nats:NatsWork`), which provides
//! [`Work`](helpdesk_work::Work). All helpdesks that share their work name the same servers and bucket:
//!
//! ```yaml
//! components:
//!   "work-nats:NatsWork":
//!     servers: ["tls://nats.example:4222"]
//!     credentials: "{{ env.NATS_CREDS }}"
//!     bucket: helpdesk-work
//! ```
//!
//! Each piece of work is one key of the bucket, with what became of it last as its value, written only where the revision is
//! still the one that was read. The fence of a claim is the revision that its first value got, which the bucket never gives
//! twice. What decides is read from the leader of the stream.
//!
//! Whether a lease has run out is not told by any time of day: whoever asks for the work notes which revision it has, and takes
//! it over when that revision has stood for the whole lease, by its own clock that never goes back. So no two clocks have to
//! agree, and a clock that jumps changes nothing. The price: a lease counts from when somebody first asks after it was
//! written, and so does the pause after a failure.
//!
//! | what happens | what comes of it |
//! |---|---|
//! | no server at the start, or a wrong credential | the start fails, and says which |
//! | the server is away for a while | the component is `recoverable`; calls are unavailable after five seconds; the client connects again, with pauses of up to four seconds, for as long as it takes |
//! | the server hangs | calls are unavailable after five seconds; the component is `recoverable` once some pings are not answered |
//! | the server is restarted with its stream kept | as if it had been away |
//! | a helpdesk is cut off, or killed (-9) | others are given its claims, a lease after they first ask; it finds out that they are lost when it extends them, or by [`Claim::remaining`](helpdesk_work::Claim::remaining) where it reaches nobody |
//! | an answer is lost on its way | the call is unavailable and may be repeated; a claim is nobody's until its lease is over |
//! | the server or the account has no room left | calls fail as full, and change nothing; leases run on |
//! | the bucket is deleted, while helpdesks run | calls fail, and say so; no new one is made under those that still hold claims |
//! | the bucket is deleted and made again, or restored from a copy | fences begin anew: stop all helpdesks before |
//! | the bucket has a limit of age, bytes or messages | the start fails: it could drop claims |
//! | a server without JetStream | the start fails, and says so |
//!
//! What is done is remembered until its key is removed from the bucket, which nothing does by itself yet.

treenail::plugin!();

mod bucket;
mod component;
mod config;
mod connection;
mod failure;
mod kept;
mod nats;
mod watch;

pub use config::{NatsWorkConfig, TlsFiles};
pub use failure::OpenError;
pub use nats::NatsWork;
