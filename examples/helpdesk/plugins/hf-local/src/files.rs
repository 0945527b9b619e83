//! The files of a model, wherever they come from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::ModelError;

/// Paths of a model's files.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) config: PathBuf,
    pub(crate) tokenizer: PathBuf,
    /// Not every model has one.
    pub(crate) tokenizer_settings: Option<PathBuf>,
    /// One, or several that together are one.
    pub(crate) weights: Vec<PathBuf>,
}

/// Where files come from.
pub(crate) trait Store {
    /// The file with this name; `None` where the model does not have it, as far as can be seen from here.
    async fn file(&self, name: &str) -> Result<Option<PathBuf>, ModelError>;

    /// What it means that the model does not have a file without which it cannot be used.
    fn missing(&self, file: String, hint: &'static str) -> ModelError {
        ModelError::Missing { file, hint }
    }
}

/// Forms of weights, the best first.
const WEIGHTS: [&str; 2] = ["model.safetensors", "pytorch_model.bin"];

/// What its name ends in where the weights are in several files.
const INDEX: &str = ".index.json";

const NO_TOKENIZER: &str = ": save the model again with a fast tokenizer, which writes one";

impl Files {
    /// Finds a model's files.
    pub(crate) async fn find(store: &impl Store) -> Result<Self, ModelError> {
        let required = async |name: &str, hint: &'static str| {
            let file = store.file(name).await?;
            file.ok_or_else(|| store.missing(name.to_owned(), hint))
        };
        Ok(Self {
            config: required("config.json", "").await?,
            tokenizer: required("tokenizer.json", NO_TOKENIZER).await?,
            tokenizer_settings: store.file("tokenizer_config.json").await?,
            weights: weights(store).await?,
        })
    }
}

async fn weights(store: &impl Store) -> Result<Vec<PathBuf>, ModelError> {
    for name in WEIGHTS {
        if let Some(path) = store.file(name).await? {
            return Ok(vec![path]);
        }
        if let Some(index) = store.file(&format!("{name}{INDEX}")).await? {
            let mut paths = Vec::new();
            for part in parts(&index)? {
                let path = store.file(&part).await?;
                paths.push(path.ok_or_else(|| store.missing(part, ", which its index names"))?);
            }
            return Ok(paths);
        }
    }
    Err(store.missing(WEIGHTS.join("` or `"), ""))
}

/// The files that an index names.
fn parts(index: &Path) -> Result<BTreeSet<String>, ModelError> {
    #[derive(Deserialize)]
    struct Index {
        weight_map: std::collections::BTreeMap<String, String>,
    }
    let malformed = |reason: String| ModelError::malformed(index, &reason);
    let bytes = std::fs::read(index).map_err(|error| malformed(error.to_string()))?;
    let index: Index =
        serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
    let parts: BTreeSet<String> = index.weight_map.into_values().collect();
    let outside = |part: &&String| {
        Path::new(part).file_name().and_then(|name| name.to_str()) != Some(part.as_str())
    };
    match parts.iter().find(outside) {
        Some(part) => Err(malformed(format!(
            "`{part}` is no name of a file beside it"
        ))),
        None => Ok(parts),
    }
}

/// A folder on this machine.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Store for Folder {
    async fn file(&self, name: &str) -> Result<Option<PathBuf>, ModelError> {
        let path = self.0.join(name);
        Ok(path.is_file().then_some(path))
    }
}
