//! Keeps the list in a file: a line of JSON for each change, the last one of a number counts. So a change is one write at the end
//! of the file, and other programs may read it at any time.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use gatehouse_api::{Result, Visitor};
use tokio::fs::{self, OpenOptions};
use tokio::io::AsyncWriteExt as _;
use treenail::{Component, Config, Deps, Error};

treenail::plugin!();

/// Configuration of a [`Store`].
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct StoreConfig {
    /// The file, which is made by the first change. Its folder has to exist.
    pub path: PathBuf,
}

/// The list, in a file.
pub struct Store {
    path: PathBuf,
}

impl Store {
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

    fn folder(&self) -> &Path {
        let parent = self.path.parent();
        parent
            .filter(|parent| *parent != Path::new(""))
            .unwrap_or(Path::new("."))
    }
}

impl Component for Store {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self { path: config.path })
    }

    async fn start(&self) -> treenail::Result<()> {
        let why = |error: Error| {
            error.context(format!("cannot keep the list in {}", self.path.display()))
        };
        fs::metadata(self.folder())
            .await
            .map_err(|error| why(error.into()))?;
        self.read()
            .await
            .map_err(|error| why(Error::from_boxed(error)))?;
        Ok(())
    }
}

#[async_trait::async_trait]
impl gatehouse_api::Store for Store {
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
