//! The store of work: the contract on top of the bucket.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::Client;
use helpdesk_work::{
    Claim, DeadLetter, Ending, Next, Record, Result, State, Work, WorkError, async_trait, check_key,
};
use treenail::Handle;

use crate::bucket::Bucket;
use crate::config::NatsWorkConfig;
use crate::connection::{PATIENCE, connect};
use crate::failure::{OpenError, while_};
use crate::watch::Watch;

/// How often a call begins anew because somebody else wrote between its reading and its writing. Each time somebody got on.
const COLLISIONS: u32 = 20;

/// Who works on what, in a key-value bucket of NATS JetStream.
pub struct NatsWork {
    client: Client,
    bucket: Bucket,
    watch: Watch,
    attempts: u32,
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
        let client = connect(&config, handle).await?;
        let bucket = Bucket::open(client.clone(), &config).await?;
        Ok(Self {
            client,
            bucket,
            watch: Watch::default(),
            attempts: config.attempts.get(),
        })
    }

    /// Ends the connection, once what was said is sent; a server that is away is not waited for.
    pub(crate) async fn close(&self) {
        let _ = tokio::time::timeout(PATIENCE, self.client.drain()).await;
    }

    /// Writes what becomes of the record of a key, over and over until nobody else has written between reading and writing;
    /// nothing, where nothing is to be written.
    async fn change(
        &self,
        doing: &'static str,
        key: &str,
        becomes: impl Fn(Option<Record>) -> Result<Option<Record>> + Send + Sync,
    ) -> Result<bool> {
        for _ in 0..COLLISIONS {
            let last = within(doing, self.bucket.last(doing, key)).await?;
            let Some(record) = becomes(last.record)? else {
                return Ok(false);
            };
            let written = self.bucket.write(doing, key, &record, false, last.number);
            if within(doing, written).await?.is_some() {
                return Ok(true);
            }
        }
        Err(while_(doing, "others write all the time"))
    }

    async fn end(&self, claim: &Claim, doing: &'static str, ending: Ending<'_>) -> Result<()> {
        let key = claim.key();
        self.change(doing, key, |record| {
            let record = record.ok_or_else(|| lost(key))?;
            record.ended(key, claim.fence(), ending, self.attempts)
        })
        .await?;
        self.watch.forget(key);
        Ok(())
    }

    /// Whether the state of a record has held for as long as it was to.
    fn is_over(&self, key: &str, revision: u64, record: &Record) -> bool {
        match record.state {
            State::Claimed | State::Failed => self.watch.stood(key, revision) >= record.holds,
            _ => {
                self.watch.forget(key);
                false
            }
        }
    }
}

#[async_trait]
impl Work for NatsWork {
    async fn claim(&self, key: &str, lease: Duration) -> Result<Option<Claim>> {
        const DOING: &str = "claim work";
        check_key(key)?;
        let last = within(DOING, self.bucket.last(DOING, key)).await?;
        let record = last.record;
        let is_over = record
            .as_ref()
            .is_some_and(|record| self.is_over(key, last.number, record));
        match (Next::of(record.as_ref(), is_over, self.attempts), record) {
            (Next::Give(attempt), _) => {
                let asked = Instant::now();
                let record = Record::given(0, attempt, lease);
                let written = self.bucket.write(DOING, key, &record, true, last.number);
                // Whoever wrote in between has it.
                let given = within(DOING, written).await?;
                Ok(given.map(|fence| Claim::new(key, fence, attempt, asked, lease)))
            }
            (Next::Bury, Some(record)) => {
                let buried = record.buried();
                let written = self.bucket.write(DOING, key, &buried, false, last.number);
                within(DOING, written).await?;
                Ok(None)
            }
            _ => Ok(None),
        }
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
        let mut letters = Vec::new();
        for key in within(DOING, self.bucket.keys(DOING)).await? {
            let last = within(DOING, self.bucket.last(DOING, &key)).await?;
            let dead = last.record.filter(|record| record.state == State::Dead);
            letters.extend(dead.map(|record| DeadLetter {
                key,
                attempts: record.attempt,
                reason: record.reason,
            }));
        }
        Ok(letters)
    }

    async fn revive(&self, key: &str) -> Result<bool> {
        check_key(key)?;
        self.change("revive a dead letter", key, |record| {
            Ok(record.and_then(Record::revived))
        })
        .await
    }
}

/// The claim of a key that is gone.
fn lost(key: &str) -> WorkError {
    WorkError::Lost {
        key: key.to_owned(),
    }
}

/// Gives up a request that is not answered: while there is no connection, the client keeps it for later.
async fn within<T>(
    doing: &'static str,
    request: impl Future<Output = Result<T>> + Send,
) -> Result<T> {
    match tokio::time::timeout(PATIENCE, request).await {
        Ok(answer) => answer,
        Err(elapsed) => Err(while_(doing, elapsed)),
    }
}
