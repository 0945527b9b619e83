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
//! twice, above a base that tells when the bucket was made. What decides is read from the leader of the stream.
//!
//! Whether a lease has run out is not told by any time of day: whoever asks for the work notes which revision it has, and takes
//! it over when that revision has stood for the whole lease, by its own clock that never goes back. So no two clocks have to
//! agree, and a clock that jumps changes nothing. The price: a lease counts from when somebody first asks after it was
//! written, and so does the pause after a failure, unless it was reported to the one who asks.
//!
//! Every helpdesk looks through the bucket each minute (as often as `remember` says, but not more often than once in a second and not
//! less often than every three minutes) and removes what is over: what was done or given back has to stand for `remember`; what
//! nobody has touched in seven days has to stand for its lease, and to be that much older than the newest record, by the
//! server's clock. Dead letters stay until they are revived. The credentials have to allow that, `STREAM.PURGE` and consumers
//! of the bucket's stream.
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
//! | the bucket is deleted and made again | stop all helpdesks before: those that run on give fences of the old one, which are smaller |
//! | the bucket is restored from a copy | fences that were given since come again: stop all helpdesks before, and name another `bucket` if a ticket system remembers fences |
//! | the bucket has a limit of age, bytes or messages | the start fails: it could drop claims |
//! | a server without JetStream | the start fails, and says so |

treenail::plugin!();

mod bucket;
mod component;
mod config;
mod connection;
mod failure;
mod kept;
mod listing;
mod nats;
mod sweep;
mod watch;

pub use config::{NatsWorkConfig, TlsFiles};
pub use failure::OpenError;
pub use nats::NatsWork;
