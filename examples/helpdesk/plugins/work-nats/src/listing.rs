//! All records of the bucket at once.

use std::collections::BTreeMap;
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull};
use futures_util::TryStreamExt as _;
use helpdesk_work::{Record, WorkError};

use crate::bucket::Bucket;
use crate::connection::{PATIENCE, within};
use crate::failure::while_;

/// How many records the server sends at a time.
const BATCH: usize = 500;

/// How long the server waits for records that others have removed since it counted them.
const GAP: Duration = Duration::from_millis(500);

/// A record as it is listed.
pub(crate) struct Listed {
    pub(crate) revision: u64,
    pub(crate) record: Record,
    /// When it was written, by the server's clock.
    pub(crate) written: Duration,
}

/// All records that there are, by key. What is no piece of work is not among them: whoever asks for its key is told.
pub(crate) async fn list(
    bucket: &Bucket,
    doing: &'static str,
) -> Result<BTreeMap<String, Listed>, WorkError> {
    let config = pull::Config {
        description: Some(doing.to_owned()),
        deliver_policy: DeliverPolicy::LastPerSubject,
        ack_policy: AckPolicy::None,
        filter_subject: bucket.subject(">"),
        // Nobody removes it.
        inactive_threshold: PATIENCE * 2,
        num_replicas: 1,
        memory_storage: true,
        ..pull::Config::default()
    };
    let consumer = within(doing, async {
        let made = bucket.stream().create_consumer(config).await;
        made.map_err(|error| while_(doing, error))
    });
    let consumer = consumer.await?;
    let mut listed = BTreeMap::new();
    let mut is_more = consumer.cached_info().num_pending > 0;
    while is_more {
        is_more = within(doing, batch(bucket, doing, &consumer, &mut listed)).await?;
    }
    Ok(listed)
}

/// Adds the next records; whether there are more.
async fn batch(
    bucket: &Bucket,
    doing: &'static str,
    consumer: &PullConsumer,
    listed: &mut BTreeMap<String, Listed>,
) -> Result<bool, WorkError> {
    let batch = consumer.fetch().max_messages(BATCH).expires(GAP).messages();
    let mut batch = batch.await.map_err(|error| while_(doing, error))?;
    let mut is_more = None;
    while let Some(message) = batch
        .try_next()
        .await
        .map_err(|error| while_(doing, error))?
    {
        let info = message.info().map_err(|error| while_(doing, error))?;
        let revision = info.stream_sequence;
        let record = bucket.record(doing, message.headers.as_ref(), &message.payload, revision);
        if let (Some(key), Ok(Some(record))) = (bucket.key(&message.subject), record) {
            let nanos = u64::try_from(info.published.unix_timestamp_nanos()).unwrap_or(0);
            let written = Duration::from_nanos(nanos);
            listed.insert(
                key,
                Listed {
                    revision,
                    record,
                    written,
                },
            );
        }
        is_more = Some(info.pending > 0);
        if info.pending == 0 {
            break;
        }
    }
    if let Some(is_more) = is_more {
        return Ok(is_more);
    }
    // Silence is not the end: the server that has the list may be away.
    let list = consumer.get_info().await;
    Ok(list.map_err(|error| while_(doing, error))?.num_pending > 0)
}
