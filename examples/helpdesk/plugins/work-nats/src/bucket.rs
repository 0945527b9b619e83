//! The bucket: records by key, read from the leader, and written where nobody else has.

use async_nats::header::NATS_EXPECTED_LAST_SUBJECT_SEQUENCE;
use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::kv::Store;
use async_nats::jetstream::stream::LastRawMessageErrorKind;
use async_nats::{Client, HeaderMap, jetstream};
use futures_util::TryStreamExt as _;
use helpdesk_work::{Record, WorkError};

use crate::config::NatsWorkConfig;
use crate::failure::{OpenError, while_};
use crate::kept;

/// What marks a revision by which a key was removed, by a person.
const OPERATION: &str = "KV-Operation";

/// The bucket that work is kept in.
pub(crate) struct Bucket {
    context: jetstream::Context,
    store: Store,
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
        Ok(Self {
            context,
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
        let record = match message.headers.get(OPERATION) {
            Some(_) => None,
            None => {
                let record = kept::to_record(&message.payload, number);
                Some(record.map_err(|what| WorkError::Broken {
                    doing: doing.to_owned(),
                    source: what.into(),
                })?)
            }
        };
        Ok(Revision { number, record })
    }

    /// Writes what has become of a piece of work, if its last revision is this one. The new revision; nothing, if somebody else
    /// has written.
    pub(crate) async fn write(
        &self,
        doing: &'static str,
        key: &str,
        record: &Record,
        is_new: bool,
        last: u64,
    ) -> Result<Option<u64>, WorkError> {
        let mut headers = HeaderMap::new();
        headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, last.to_string());
        let value = kept::to_value(record, is_new, &self.name);
        let subject = self.subject(&kept::encode(key));
        let sent = self
            .context
            .publish_with_headers(subject, headers, value.into())
            .await
            .map_err(|error| while_(doing, error))?;
        match sent.await {
            Ok(acknowledged) => Ok(Some(acknowledged.sequence)),
            Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => Ok(None),
            Err(error) => Err(while_(doing, error)),
        }
    }

    /// All keys that there are.
    pub(crate) async fn keys(&self, doing: &'static str) -> Result<Vec<String>, WorkError> {
        let keys = self.store.keys().await;
        let keys = keys.map_err(|error| while_(doing, error))?;
        let keys: Vec<String> = keys
            .try_collect()
            .await
            .map_err(|error| while_(doing, error))?;
        let mut keys: Vec<String> = keys.iter().filter_map(|key| kept::decode(key)).collect();
        keys.sort();
        Ok(keys)
    }

    fn subject(&self, encoded: &str) -> String {
        format!("{}{encoded}", self.store.prefix)
    }
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
