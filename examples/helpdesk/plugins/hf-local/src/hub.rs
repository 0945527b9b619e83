//! The Hugging Face hub as a store of files, with the cache in front of it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use helpdesk_api::{ExposeSecret, SecretString};
use hf_hub::progress::{ProgressEvent, ProgressHandler};
use hf_hub::repository::{HFRepository, RepoTypeModel};
use hf_hub::{HFClient, HFError, split_id};

use crate::failure::{Asked, ModelError};
use crate::files::Store;
use crate::{Environment, HfClassificationConfig};

/// A download of which nothing arrives for so long is given up. The whole may take longer: models are large.
const STALLED: Duration = Duration::from_secs(60);

/// One repository of the hub.
pub(crate) struct Repository {
    repository: HFRepository<RepoTypeModel>,
    client: HFClient,
    asked: Asked,
    offline: bool,
    /// What happened when the hub was asked in vain; from then on only the cache is.
    unreachable: OnceLock<ModelError>,
}

impl Repository {
    /// The repository with this name, as it is seen with this token.
    pub(crate) fn open(
        name: &str,
        token: Option<&SecretString>,
        config: &HfClassificationConfig,
        environment: &Environment,
    ) -> Result<Self, ModelError> {
        if !is_name(name) {
            return Err(ModelError::Name);
        }
        let mut builder = HFClient::builder();
        if let Some(endpoint) = &config.endpoint {
            builder = builder.endpoint(endpoint);
        }
        if let Some(folder) = &config.cache_dir {
            builder = builder.cache_dir(folder);
        }
        if let Some(token) = token {
            builder = builder.token(token.expose_secret());
        }
        let client = builder.build().map_err(|error| ModelError::Unreachable {
            hub: "the hub".to_owned(),
            file: name.to_owned(),
            reason: error.to_string(),
        })?;
        let (owner, short) = split_id(name);
        Ok(Self {
            repository: client.model(owner, short),
            asked: token.map_or(Asked::WithoutToken, |_| Asked::WithToken),
            client,
            offline: environment.offline,
            unreachable: OnceLock::new(),
        })
    }

    /// The file, from the hub or only from the cache.
    async fn get(&self, name: &str, only_cache: bool) -> Result<Option<PathBuf>, ModelError> {
        let arrived = Arc::new(Arrived::default());
        let download = self
            .repository
            .download_file()
            .filename(name)
            .local_files_only(only_cache)
            .progress(arrived.clone())
            .send();
        match arrived.watch(download).await {
            Some(Ok(path)) => Ok(Some(path)),
            Some(Err(HFError::LocalEntryNotFound { .. })) => Ok(None),
            // Every model has a `config.json`.
            Some(Err(HFError::EntryNotFound { .. })) if !only_cache && name == "config.json" => {
                Err(self.unknown())
            }
            Some(Err(HFError::EntryNotFound { .. })) => Ok(None),
            Some(Err(error)) => Err(self.failure(name, error)),
            None => {
                let seconds = STALLED.as_secs();
                Err(self.unreachable(name, format!("nothing arrived for {seconds} seconds")))
            }
        }
    }

    fn failure(&self, file: &str, error: HFError) -> ModelError {
        match error {
            HFError::RepoNotFound { .. } | HFError::RevisionNotFound { .. } => self.unknown(),
            // A stranger is not told whether a model exists.
            HFError::AuthRequired { context } | HFError::Forbidden { context }
                if context.error_code.as_deref() == Some("RepoNotFound") =>
            {
                self.unknown()
            }
            HFError::AuthRequired { context } | HFError::Forbidden { context } => {
                ModelError::Refused {
                    hub: self.client.endpoint().to_owned(),
                    asked: self.asked,
                    status: context.status.as_u16(),
                    words: context.server_message,
                }
            }
            HFError::Http { context } | HFError::RateLimited { context, .. } => {
                let words = context.server_message.unwrap_or_default();
                let reason = format!("status {} {words}", context.status.as_u16());
                self.unreachable(file, reason.trim_end().to_owned())
            }
            // Without the address: where a download was sent on to, it holds a signature.
            HFError::Request { source, .. } => self.unreachable(file, chain(&source.without_url())),
            other => self.unreachable(file, chain(&other)),
        }
    }

    fn unknown(&self) -> ModelError {
        ModelError::Unknown {
            hub: self.client.endpoint().to_owned(),
            asked: self.asked,
        }
    }

    fn unreachable(&self, file: &str, reason: String) -> ModelError {
        ModelError::Unreachable {
            hub: self.client.endpoint().to_owned(),
            file: file.to_owned(),
            reason,
        }
    }
}

impl Store for Repository {
    async fn file(&self, name: &str) -> Result<Option<PathBuf>, ModelError> {
        if !self.offline && self.unreachable.get().is_none() {
            match self.get(name, false).await {
                Err(error @ ModelError::Unreachable { .. }) => {
                    tracing::warn!("{error}; looking into the cache");
                    self.unreachable.get_or_init(|| error);
                }
                answer => return answer,
            }
        }
        self.get(name, true).await
    }

    fn missing(&self, file: String, hint: &'static str) -> ModelError {
        if self.offline {
            let cache = self.client.cache_dir().to_owned();
            return ModelError::Offline { file, cache };
        }
        match self.unreachable.get() {
            Some(error) => error.clone(),
            None => ModelError::Missing { file, hint },
        }
    }
}

/// How much of a download has arrived.
#[derive(Default)]
struct Arrived(AtomicU64);

impl ProgressHandler for Arrived {
    fn on_progress(&self, _: &ProgressEvent) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Arrived {
    /// Waits for the download; `None` where it has stalled.
    async fn watch<T>(&self, download: impl Future<Output = T>) -> Option<T> {
        let mut download = std::pin::pin!(download);
        let mut before = None;
        loop {
            if let Ok(done) = tokio::time::timeout(STALLED, &mut download).await {
                return Some(done);
            }
            let now = Some(self.0.load(Ordering::Relaxed));
            if now == before.or(Some(0)) {
                return None;
            }
            before = now;
        }
    }
}

/// `owner/name`, or the short `name` of the hub's oldest models.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with(['.', '-'])
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    match name.split_once('/') {
        Some((owner, name)) => part(owner) && part(name),
        None => part(name),
    }
}

/// An error with all its causes.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let words: Vec<String> = causes.map(ToString::to_string).collect();
    words.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_hub_have_one_or_two_parts() {
        for good in [
            "softoft/otai-queue-de-bert-v1",
            "bert-base-uncased",
            "a_b/c.d",
        ] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "", "/", "a/", "/a", "a/b/c", "../a", "a/..", "a b", "a/b?c", "-a/b",
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_download_is_given_up_when_nothing_arrives_and_not_when_it_is_slow() {
        let arrived = Arrived::default();
        let silent = arrived.watch(std::future::pending::<()>()).await;
        assert_eq!(silent, None);
        let slow = async {
            for _ in 0..10 {
                tokio::time::sleep(STALLED - Duration::from_secs(1)).await;
                arrived.0.fetch_add(1, Ordering::Relaxed);
            }
        };
        assert_eq!(arrived.watch(slow).await, Some(()));
    }
}
