//! The list of visitors: in memory, or in a file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::fs::{self, OpenOptions};
use tokio::io::AsyncWriteExt as _;

use crate::Result;
use crate::visitor::Visitor;

/// Keeps the list of visitors.
#[async_trait::async_trait]
pub(crate) trait Store: Send + Sync {
    /// Everybody, by number.
    async fn all(&self) -> Result<Vec<Visitor>>;

    /// Puts a visitor on the list, in the place of whom it has by this number.
    async fn put(&self, visitor: Visitor) -> Result<()>;
}

/// The list, in memory.
#[derive(Default)]
pub(crate) struct MemoryStore(Mutex<BTreeMap<u64, Visitor>>);

impl MemoryStore {
    fn list(&self) -> MutexGuard<'_, BTreeMap<u64, Visitor>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Store for MemoryStore {
    async fn all(&self) -> Result<Vec<Visitor>> {
        Ok(self.list().values().cloned().collect())
    }

    async fn put(&self, visitor: Visitor) -> Result<()> {
        self.list().insert(visitor.number, visitor);
        Ok(())
    }
}

/// The list, in a file: a line of JSON for each change, the last one of a number counts.
pub(crate) struct FileStore {
    path: PathBuf,
}

impl FileStore {
    pub(crate) async fn open(path: PathBuf) -> Result<Self> {
        let why = |error: &dyn std::fmt::Display| {
            format!("cannot keep the list in {}: {error}", path.display())
        };
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        fs::metadata(parent.unwrap_or(Path::new(".")))
            .await
            .map_err(|error| why(&error))?;
        let store = Self { path: path.clone() };
        store.read().await.map_err(|error| why(&error))?;
        Ok(store)
    }

    async fn read(&self) -> Result<Vec<Visitor>> {
        let text = match fs::read_to_string(&self.path).await {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            text => text?,
        };
        let mut visitors = BTreeMap::new();
        // What has no end of line yet is being written.
        let lines = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        for (place, line) in lines.enumerate() {
            let visitor: Visitor = serde_json::from_str(line)
                .map_err(|error| format!("line {} is no visitor: {error}", place + 1))?;
            visitors.insert(visitor.number, visitor);
        }
        Ok(visitors.into_values().collect())
    }
}

#[async_trait::async_trait]
impl Store for FileStore {
    async fn all(&self) -> Result<Vec<Visitor>> {
        self.read().await
    }

    async fn put(&self, visitor: Visitor) -> Result<()> {
        let line = format!("{}\n", serde_json::to_string(&visitor)?);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)
            .await?;
        file.write_all(line.as_bytes()).await?;
        file.sync_data().await?;
        Ok(())
    }
}
