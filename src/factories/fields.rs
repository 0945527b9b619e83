//! Reads a configuration and follows which field is being read.

use serde::de::DeserializeOwned;

/// Why a configuration does not fit.
#[derive(Debug)]
pub(super) enum Misfit {
    /// A value is wrong, or a field is missing: the path of the value, empty for the whole, and what serde says of it.
    Value { path: String, message: String },
    /// Fields that the type does not have, by their paths.
    Unknown(Vec<String>),
}

/// Reads a configuration. Fields that nobody reads are refused, all at once.
pub(super) fn read<C: DeserializeOwned>(
    config: &mut dyn erased_serde::Deserializer<'_>,
) -> Result<C, Misfit> {
    let mut unknown = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let config = serde_path_to_error::Deserializer::new(config, &mut track);
    let read = serde_ignored::deserialize(config, |path| unknown.push(written(&path)));
    match read {
        Ok(_) if !unknown.is_empty() => Err(Misfit::Unknown(unknown)),
        Ok(config) => Ok(config),
        Err(error) => {
            let path = track.path().to_string();
            Err(Misfit::Value {
                path: if path == "." { String::new() } else { path },
                message: error.to_string(),
            })
        }
    }
}

/// A path as people write it: `limits[0].bytes`.
fn written(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}[{index}]", written(parent)),
        Path::Map { parent, key } => match written(parent) {
            parent if parent.is_empty() => key.clone(),
            parent => format!("{parent}.{key}"),
        },
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => written(parent),
    }
}
