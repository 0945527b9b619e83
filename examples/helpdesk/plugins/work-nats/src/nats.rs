//! The store of work: the contract on top of the bucket.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::Client;
use helpdesk_work::{
    Claim, DeadLetter, Ending, Next, Policy, Record, Result, State, Work, WorkError, async_trait,
    check_key, check_version,
};
use treenail::Handle;

use crate::bucket::{Bucket, Revision};
use crate::config::NatsWorkConfig;
use crate::connection::{PATIENCE, connect, within};
use crate::failure::{OpenError, while_};
use crate::health::Health;
use crate::listing::list;
use crate::progress::Progress;
use crate::sweep::sweep;
use crate::watch::Watch;

const CLAIM: &str = "claim work";

/// How often a call begins anew because somebody else wrote between its reading and its writing. Each time somebody got on.
const COLLISIONS: u32 = 20;

/// What is said when a call has begun anew so often.
const OTHERS: &str = "others write all the time";

/// What is said where the servers have lost what they said, until all claims that may be lost are over.
const BACK: &str = "the servers have gone back to an earlier revision";

/// What is said where a server does not have what another one has written.
const APART: &str = "the servers do not agree on what was written";

/// Who works on what, in a key-value bucket of NATS JetStream.
pub struct NatsWork {
    client: Client,
    shared: Arc<Shared>,
    policy: Policy,
}

/// What calls share with the task that looks through the bucket.
pub(crate) struct Shared {
    pub(crate) bucket: Bucket,
    pub(crate) watch: Watch,
    progress: Progress,
    pub(crate) health: Arc<Health>,
}

impl Shared {
    /// The last revision of a key.
    async fn last(&self, doing: &'static str, key: &str) -> Result<Revision> {
        let last = within(doing, self.bucket.last(doing, key)).await;
        self.health.read(&last);
        if let Ok(last) = &last {
            self.progress.saw(last.number);
        }
        last
    }

    /// Writes what has become of a piece of work, if its last revision is this one. The new revision; nothing, if somebody else
    /// has written.
    async fn write(
        &self,
        doing: &'static str,
        key: &str,
        record: &Record,
        last: u64,
    ) -> Result<Option<u64>> {
        let before = self.progress.revision();
        let written = self.bucket.write(doing, key, record, last);
        let mut written = within(doing, written).await;
        if let Ok(Some(revision)) = written
            && !self.progress.wrote(before, revision)
        {
            written = Err(while_(doing, BACK));
        }
        self.health.written(&written);
        written
    }

    /// That the servers have what one of them has said to be written: the claim with this revision and fence, or a later one.
    async fn confirm(&self, key: &str, revision: u64, fence: u64) -> Result<()> {
        let last = self.last(CLAIM, key).await?;
        let is_there = last.number >= revision;
        if is_there && last.record.is_some_and(|record| record.fence >= fence) {
            return Ok(());
        }
        let error = Err(while_(CLAIM, APART));
        self.health.read(&error);
        error
    }
}

impl NatsWork {
    /// Connects to the server, and finds the bucket or makes it.
    ///
    /// # Errors
    /// Where there is no server, it refuses the credentials, or there can be no bucket.
    pub async fn open(config: NatsWorkConfig) -> Result<Self, OpenError> {
        Self::open_as(Handle::detached("work-nats:NatsWork"), config).await
    }

    /// Connects for an application, which is told through `handle` whether there is a connection.
    pub(crate) async fn open_as(
        handle: Arc<Handle>,
        config: NatsWorkConfig,
    ) -> Result<Self, OpenError> {
        let health = Arc::new(Health::new(Arc::clone(&handle)));
        let client = connect(&config, Arc::clone(&health)).await?;
        let shared = Arc::new(Shared {
            bucket: Bucket::open(client.clone(), &config).await?,
            watch: Watch::default(),
            progress: Progress::default(),
            health,
        });
        let policy = Policy {
            attempts: config.attempts.get(),
            remember: config.remember.get(),
        };
        let weak = Arc::downgrade(&shared);
        handle.spawn(sweep(weak, policy.remember, handle.shutdown()));
        Ok(Self {
            client,
            shared,
            policy,
        })
    }

    /// Ends the connection, once what was said is sent; a server that is away is not waited for.
    pub(crate) async fn close(&self) {
        let _ = tokio::time::timeout(PATIENCE, self.client.drain()).await;
    }

    /// Writes what becomes of the record of a key, over and over until nobody else has written between reading and writing;
    /// `false`, where nothing is to be written.
    async fn change(
        &self,
        doing: &'static str,
        key: &str,
        becomes: impl Fn(Option<Record>) -> Result<Option<Record>> + Send + Sync,
    ) -> Result<bool> {
        for collisions in 0..COLLISIONS {
            pause(collisions).await;
            let last = self.shared.last(doing, key).await?;
            let Some(record) = becomes(last.record)? else {
                return Ok(false);
            };
            let written = self.shared.write(doing, key, &record, last.number);
            if let Some(revision) = written.await? {
                // For whoever has written it, it begins to stand now.
                self.shared.watch.stood(key, revision, &record);
                return Ok(true);
            }
        }
        Err(while_(doing, OTHERS))
    }

    /// Asks for work once; goes on, where somebody else has written between reading and writing.
    async fn ask(
        &self,
        key: &str,
        version: &str,
        lease: Duration,
    ) -> Result<ControlFlow<Option<Claim>>> {
        if self.shared.progress.must_wait(lease) {
            let error = Err(while_(CLAIM, BACK));
            self.shared.health.read(&error);
            return error;
        }
        let Revision { number, record } = self.shared.last(CLAIM, key).await?;
        let is_over = record
            .as_ref()
            .is_some_and(|record| self.is_over(key, number, record));
        let next = Next::of(record.as_ref(), version, is_over, self.policy);
        let asked = Instant::now();
        // A key that is new gets its fence by the revision. Each claim after it takes a revision, too, so none of theirs is as great
        // as that of a key that is new again.
        let fence = record.as_ref().map(|record| record.fence.saturating_add(1));
        let (attempt, becomes) = match (next, record) {
            (Next::Give(attempt), _) => {
                let given = Record::given(fence.unwrap_or(0), version, attempt, lease);
                (Some(attempt), given)
            }
            (Next::Bury, Some(record)) => (None, record.buried()),
            _ => return Ok(ControlFlow::Break(None)),
        };
        let written = self.shared.write(CLAIM, key, &becomes, number);
        let Some(revision) = written.await? else {
            return Ok(ControlFlow::Continue(()));
        };
        let fence = fence.unwrap_or_else(|| self.shared.bucket.fence(revision));
        let Some(attempt) = attempt else {
            return Ok(ControlFlow::Break(None));
        };
        self.shared.confirm(key, revision, fence).await?;
        let given = Claim::new(key, fence, attempt, asked, lease);
        Ok(ControlFlow::Break(Some(given)))
    }

    async fn end(&self, claim: &Claim, doing: &'static str, ending: Ending<'_>) -> Result<()> {
        let key = claim.key();
        self.change(doing, key, |record| {
            let record = record.ok_or_else(|| lost(key))?;
            record.ended(key, claim.fence(), ending, self.policy)
        })
        .await?;
        Ok(())
    }

    /// Whether the state of a record has held for as long as it was to.
    fn is_over(&self, key: &str, revision: u64, record: &Record) -> bool {
        self.shared.watch.stood(key, revision, record) >= record.holds
    }
}

#[async_trait]
impl Work for NatsWork {
    async fn claim(&self, key: &str, version: &str, lease: Duration) -> Result<Option<Claim>> {
        check_key(key)?;
        check_version(version)?;
        for collisions in 0..COLLISIONS {
            pause(collisions).await;
            if let ControlFlow::Break(given) = self.ask(key, version, lease).await? {
                return Ok(given);
            }
        }
        Err(while_(CLAIM, OTHERS))
    }

    async fn extend(&self, claim: &mut Claim, lease: Duration) -> Result<()> {
        let (key, fence) = (claim.key(), claim.fence());
        let asked = Instant::now();
        self.change("extend a claim", key, |record| {
            let record = record.ok_or_else(|| lost(key))?;
            record.extended(key, fence, lease).map(Some)
        })
        .await?;
        claim.extended(asked, lease);
        Ok(())
    }

    async fn done(&self, claim: &Claim) -> Result<()> {
        self.end(claim, "end work that is done", Ending::Done).await
    }

    async fn failed(&self, claim: &Claim, retry_after: Duration, reason: &str) -> Result<()> {
        let ending = Ending::Failed(retry_after, reason);
        self.end(claim, "end work that has failed", ending).await
    }

    async fn release(&self, claim: &Claim) -> Result<()> {
        self.end(claim, "give work back", Ending::Released).await
    }

    async fn dead(&self) -> Result<Vec<DeadLetter>> {
        const DOING: &str = "list the dead letters";
        let listed = list(&self.shared.bucket, DOING).await;
        self.shared.health.read(&listed);
        let dead = listed?
            .into_iter()
            .filter(|(_, listed)| listed.record.state == State::Dead);
        let letters = dead.map(|(key, listed)| DeadLetter {
            key,
            version: listed.record.version,
            attempts: listed.record.attempt,
            reason: listed.record.reason,
        });
        Ok(letters.collect())
    }

    async fn revive(&self, key: &str) -> Result<bool> {
        check_key(key)?;
        self.change("revive a dead letter", key, |record| {
            Ok(record.and_then(Record::revived))
        })
        .await
    }
}

/// Lets those get on who have written meanwhile.
async fn pause(collisions: u32) {
    if collisions > 0 {
        tokio::time::sleep(Duration::from_millis(2) * collisions).await;
    }
}

/// The claim of a key that is gone.
fn lost(key: &str) -> WorkError {
    WorkError::Lost {
        key: key.to_owned(),
    }
}
