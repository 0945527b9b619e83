//! The weights: reading them, and giving them the names that the encoder asks for.
//!
//! A DistilBERT is a BERT with other names, one kind of segment that adds nothing, and another activation before its
//! head. So there is one encoder for both, candle's BERT. candle has a DistilBERT too, but it computes the GELU of a
//! configuration's `gelu` by an approximation, which `transformers` does only for `gelu_new`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor, pickle, safetensors};
use candle_nn::VarBuilder;

use crate::ModelError;
use crate::settings::{Architecture, Settings};

/// Parts of names in a DistilBERT, and what a BERT calls them.
const DISTILBERT: &[(&str, &str)] = &[
    ("transformer.layer.", "encoder.layer."),
    (".attention.q_lin.", ".attention.self.query."),
    (".attention.k_lin.", ".attention.self.key."),
    (".attention.v_lin.", ".attention.self.value."),
    (".attention.out_lin.", ".attention.output.dense."),
    (".sa_layer_norm.", ".attention.output.LayerNorm."),
    (".ffn.lin1.", ".intermediate.dense."),
    (".ffn.lin2.", ".output.dense."),
    (".output_layer_norm.", ".output.LayerNorm."),
    ("pre_classifier.", "pooler.dense."),
];

/// Parts of names in models that were converted from TensorFlow.
const TENSORFLOW: &[(&str, &str)] = &[
    ("LayerNorm.gamma", "LayerNorm.weight"),
    ("LayerNorm.beta", "LayerNorm.bias"),
];

/// Reads the weights from their files, under the names of a BERT without prefix.
pub(crate) fn read(
    files: &[PathBuf],
    settings: &Settings,
) -> Result<VarBuilder<'static>, ModelError> {
    let mut tensors = HashMap::new();
    for path in files {
        let read = one_file(path).map_err(|error| ModelError::malformed(path, &words(&error)))?;
        tensors.extend(read.map(|(name, tensor)| (renamed(&name, settings.architecture), tensor)));
    }
    if settings.architecture == Architecture::DistilBert {
        let shape = (1, settings.encoder.hidden_size);
        let nothing = Tensor::zeros(shape, DType::F32, &Device::Cpu);
        let nothing = nothing.map_err(|error| ModelError::NoResult(words(&error)))?;
        tensors.insert(
            "embeddings.token_type_embeddings.weight".to_owned(),
            nothing,
        );
    }
    Ok(VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu))
}

fn one_file(path: &Path) -> candle_core::Result<Box<dyn Iterator<Item = (String, Tensor)>>> {
    Ok(if path.extension().is_some_and(|form| form == "bin") {
        Box::new(pickle::read_all(path)?.into_iter())
    } else {
        Box::new(safetensors::load(path, &Device::Cpu)?.into_iter())
    })
}

fn renamed(name: &str, architecture: Architecture) -> String {
    let (prefix, table) = match architecture {
        Architecture::Bert => ("bert.", TENSORFLOW),
        Architecture::DistilBert => ("distilbert.", DISTILBERT),
    };
    let name = name.strip_prefix(prefix).unwrap_or(name);
    table
        .iter()
        .fold(name.to_owned(), |name, (from, to)| name.replace(from, to))
}

/// candle's words, without the backtrace that it may add.
pub(crate) fn words(error: &candle_core::Error) -> String {
    let words = error.to_string();
    words.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_both_architectures_become_those_of_the_encoder() {
        let bert = |name| renamed(name, Architecture::Bert);
        assert_eq!(
            bert("bert.embeddings.LayerNorm.gamma"),
            "embeddings.LayerNorm.weight"
        );
        assert_eq!(bert("classifier.bias"), "classifier.bias");
        let distilbert = |name| renamed(name, Architecture::DistilBert);
        assert_eq!(
            distilbert("distilbert.transformer.layer.3.sa_layer_norm.weight"),
            "encoder.layer.3.attention.output.LayerNorm.weight"
        );
        assert_eq!(distilbert("pre_classifier.bias"), "pooler.dense.bias");
    }
}
