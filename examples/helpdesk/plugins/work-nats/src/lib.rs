//! Who works on what among machines, in a key-value bucket of NATS JetStream.
//!
//! The plugin `work-nats` brings one component, [`NatsWork`] (`work-nats:NatsWork`), which provides
//! [`Work`](helpdesk_work::Work). All helpdesks that share their work name the same servers and bucket:
//!
//! ```yaml
//! components:
//!   "work-nats:NatsWork":
//!     servers: ["tls://nats.example:4222"]
//!     credentials: "{{ get_env('NATS_CREDS') }}"
//!     bucket: helpdesk-work
//! ```
//!
//! Each piece of work is one key of the bucket, with what became of it last as its value, written only where the revision is
//! still the one that was read. What decides is read from the leader of the stream. The fence of a key's first claim is its
//! revision, which the bucket never gives twice, above a base that tells when the bucket was made; each further one is greater by
//! one, and stands in the value.
//!
//! For a cluster take servers of version 2.9.21 or later. Earlier ones may tell several who write at the same time that each of them
//! has; so every write names the revision that it follows, and is taken once. A claim is given only when it can be read again.
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
//! | no server at the start, or one that is older than version 2.9, or has no JetStream | the start fails, and says which |
//! | a wrong credential, or none | the start fails, and says so; no message shows a credential |
//! | a certificate of an authority that is not trusted, for another name, or out of date; a server that wants to be shown a certificate | the start fails, and says which, and what to write into `tls` |
//! | credentials that end or are taken back while helpdesks run | the component is `recoverable`, with what the server says; calls are unavailable until the server takes them again |
//! | the server is away for a second | calls wait until it is back; those that were under way may be unavailable |
//! | the server is away for a minute, or for ever | the component is `recoverable`; calls are unavailable after five seconds; the client connects again, with pauses of up to four seconds, for as long as it takes; who has a claim has to stop when its lease is over, and nobody else is given it before the server is back |
//! | the server hangs | the same: calls are unavailable after five seconds, and the component is `recoverable` with the first of them |
//! | the server is restarted, or killed (-9), with its stream kept | as if it had been away |
//! | the machine of a lone server loses power | what was said in the minutes before may be lost, as the server writes through to its disk only now and then; three servers keep it |
//! | of three servers with `replicas: 3` one is killed | calls wait for the others to agree on who leads, or are unavailable for some seconds; nothing is lost |
//! | of three servers two are killed | calls are unavailable, the component is `recoverable`, and nobody is given anything; with one of them back all goes on |
//! | servers of a cluster are killed faster than they can catch up with the others | version 2.9.10 loses some of what it said, and may give revisions again: whoever sees that gives no claims for as long as the longest lease, so that nobody works on a ticket that another still has; the claims that were lost are attempts that count for nothing, what was done may be done again, and fences may be smaller than those that were lost |
//! | servers do not agree on what was written | a claim is given only when it can be read again; else calls are unavailable |
//! | a helpdesk is cut off, or killed (-9) | others are given its claims, a lease after they first ask; it finds out that they are lost when it extends them, or by [`Claim::remaining`](helpdesk_work::Claim::remaining) where it reaches nobody, which is before they are given to another |
//! | a ticket kills whoever works on it | each attempt is counted when it is given; the last one makes a dead letter, a lease after somebody asks |
//! | the clock of a helpdesk or of a server jumps | nothing: leases and pauses are measured by a clock that never goes back; a server's clock alone removes only what nobody has touched |
//! | an answer is lost on its way | the call is unavailable and may be repeated; a claim is nobody's until its lease is over |
//! | the server or the account has no room left | calls fail as full, and change nothing; leases run on; the component is `recoverable` until something is written again |
//! | the credentials do not allow to remove what is over | work goes on, the bucket grows, and the component is `recoverable`, with what the server says |
//! | the bucket is deleted, while helpdesks run | calls fail, and say so; no new one is made under those that still hold claims |
//! | the bucket is deleted and made again | who runs on sees that revisions come again, and gives no claims for a lease; but it gives fences of the old bucket, which are smaller: stop all helpdesks before |
//! | the bucket is restored from a copy | fences that were given since come again: stop all helpdesks before, and name another `bucket` if a ticket system remembers fences |
//! | the bucket has a limit of age, bytes or messages | the start fails: it could drop claims |

treenail::plugin!();

mod bucket;
mod causes;
mod component;
mod config;
mod connection;
mod failure;
mod health;
mod kept;
mod listing;
mod nats;
mod progress;
mod refused;
mod sweep;
mod watch;

pub use config::{NatsWorkConfig, TlsFiles};
pub use failure::OpenError;
pub use nats::NatsWork;
