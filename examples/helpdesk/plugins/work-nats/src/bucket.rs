//! The bucket: records by key, read from the leader, and written where nobody else has.

use std::time::Duration;

use async_nats::header::{NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, NATS_MESSAGE_ID};
use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::kv::Store;
use async_nats::jetstream::stream::{LastRawMessageErrorKind, Stream};
use async_nats::{Client, HeaderMap, jetstream};
use helpdesk_work::{Record, WorkError, fence_base};

use crate::config::NatsWorkConfig;
use crate::failure::{OpenError, code, while_};
use crate::kept;

/// What marks a revision by which a key was removed, by a person.
const OPERATION: &str = "KV-Operation";

/// The bucket that work is kept in.
pub(crate) struct Bucket {
    context: jetstream::Context,
    store: Store,
    /// What a fence has besides the revision.
    base: u64,
    /// Who this helpdesk is, for people who look into the bucket.
    name: String,
}

/// The last revision of a key; zero, if it has none.
pub(crate) struct Revision {
    pub(crate) number: u64,
    pub(crate) record: Option<Record>,
}

impl Bucket {
    /// Finds the bucket, or makes it.
    pub(crate) async fn open(client: Client, config: &NatsWorkConfig) -> Result<Self, OpenError> {
        let name = format!("{}/{}", std::process::id(), client.new_inbox());
        let mut context = jetstream::new(client);
        context.set_timeout(crate::connection::PATIENCE);
        let bucket = || config.bucket.clone();
        let store = match context.get_key_value(&config.bucket).await {
            Ok(store) => Ok(store),
            Err(_) => make(&context, config).await,
        };
        let store = store.map_err(|error| OpenError::Bucket {
            bucket: bucket(),
            error,
        })?;
        let limits = &store.stream.cached_info().config;
        // A server of version 2.9 drops the oldest key of a bucket that is full, also where it is to refuse the new one.
        if !limits.max_age.is_zero() || limits.max_bytes > 0 || limits.max_messages > 0 {
            return Err(OpenError::Forgets { bucket: bucket() });
        }
        let made = store.stream.cached_info().created.unix_timestamp_nanos();
        Ok(Self {
            context,
            base: fence_base(Duration::from_nanos(u64::try_from(made).unwrap_or(0))),
            store,
            name,
        })
    }

    /// The last revision of a key, as the leader of the stream has it: what a follower has may be old.
    pub(crate) async fn last(&self, doing: &'static str, key: &str) -> Result<Revision, WorkError> {
        let subject = self.subject(&kept::encode(key));
        let stream = &self.store.stream;
        let message = match stream.get_last_raw_message_by_subject(&subject).await {
            Ok(message) => message,
            Err(error) => {
                return match error.kind() {
                    LastRawMessageErrorKind::NoMessageFound => Ok(Revision {
                        number: 0,
                        record: None,
                    }),
                    LastRawMessageErrorKind::JetStream(answer) => Err(while_(doing, answer)),
                    _ => Err(while_(doing, error)),
                };
            }
        };
        let number = message.sequence;
        let headers = Some(&message.headers);
        let record = self.record(doing, headers, &message.payload, number)?;
        Ok(Revision { number, record })
    }

    /// Writes a record, if the last revision of its key is this one. The new revision; nothing, if somebody else has written.
    pub(crate) async fn write(
        &self,
        doing: &'static str,
        key: &str,
        record: &Record,
        last: u64,
    ) -> Result<Option<u64>, WorkError> {
        let mut headers = HeaderMap::new();
        headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, last.to_string());
        // Servers of one cluster look at the revision before they agree on what is written, those before version 2.9.21 only
        // then: of several who write at the same time each would be told that it has. But what has the same name is taken once.
        if last > 0 {
            headers.insert(NATS_MESSAGE_ID, format!("after {last}"));
        }
        let value = kept::to_value(record, &self.name);
        let subject = self.subject(&kept::encode(key));
        let sent = self
            .context
            .publish_with_headers(subject, headers, value.into())
            .await
            .map_err(|error| while_(doing, error))?;
        match sent.await {
            Ok(acknowledged) if acknowledged.duplicate => Ok(None),
            Ok(acknowledged) => Ok(Some(acknowledged.sequence)),
            Err(error) if has_collided(&error) => Ok(None),
            Err(error) => Err(while_(doing, error)),
        }
    }

    /// The fence of a claim that was given with this revision, where the key was new.
    pub(crate) fn fence(&self, revision: u64) -> u64 {
        self.base + revision
    }

    /// Removes the record of a key, if its revision is this one still.
    pub(crate) async fn remove(
        &self,
        doing: &'static str,
        key: &str,
        revision: u64,
    ) -> Result<(), WorkError> {
        let up_to = self.store.stream.purge().sequence(revision + 1);
        let removed = up_to.filter(self.subject(&kept::encode(key))).await;
        removed.map_err(|error| while_(doing, error))?;
        Ok(())
    }

    /// The stream that the bucket is.
    pub(crate) fn stream(&self) -> &Stream {
        &self.store.stream
    }

    /// The key of a subject; nothing, if none is kept under it.
    pub(crate) fn key(&self, subject: &str) -> Option<String> {
        kept::decode(subject.strip_prefix(&self.store.prefix)?)
    }

    /// The record that a message with this revision is; nothing, if by it a person removed the key.
    pub(crate) fn record(
        &self,
        doing: &'static str,
        headers: Option<&HeaderMap>,
        text: &[u8],
        revision: u64,
    ) -> Result<Option<Record>, WorkError> {
        if headers.is_some_and(|headers| headers.get(OPERATION).is_some()) {
            return Ok(None);
        }
        match kept::to_record(text, revision, self.base) {
            Ok(record) => Ok(Some(record)),
            Err(what) => Err(WorkError::Broken {
                doing: doing.to_owned(),
                source: what.into(),
            }),
        }
    }

    /// Where the record of an encoded key is kept; the records of all keys, where it is `>`.
    pub(crate) fn subject(&self, encoded: &str) -> String {
        format!("{}{encoded}", self.store.prefix)
    }
}

/// Whether somebody else has written, or is about to.
fn has_collided(error: &PublishError) -> bool {
    error.kind() == PublishErrorKind::WrongLastSequence
        || code(error) == Some(ErrorCode::STREAM_DUPLICATE_MESSAGE_CONFLICT)
}

/// Makes the bucket. It is a stream as every bucket is one; async-nats makes them so too, but asks the server about its account
/// before, and does not understand what a server of version 2.9 answers.
async fn make(
    context: &jetstream::Context,
    config: &NatsWorkConfig,
) -> Result<Store, Box<dyn std::error::Error + Send + Sync>> {
    let bucket = &config.bucket;
    let stream = jetstream::stream::Config {
        name: format!("KV_{bucket}"),
        description: Some("who works on which tickets".to_owned()),
        subjects: vec![format!("$KV.{bucket}.>")],
        max_messages_per_subject: 1,
        discard: jetstream::stream::DiscardPolicy::New,
        allow_rollup: true,
        deny_delete: true,
        allow_direct: true,
        num_replicas: usize::from(config.replicas.get()),
        ..jetstream::stream::Config::default()
    };
    context.create_stream(stream).await?;
    Ok(context.get_key_value(bucket).await?)
}
