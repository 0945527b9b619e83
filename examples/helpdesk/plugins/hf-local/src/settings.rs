//! `config.json`: what a model is made of. Absent values are the defaults of `transformers`.

use std::collections::BTreeMap;
use std::path::Path;

use candle_transformers::models::bert::{Config as Bert, HiddenAct, PositionEmbeddingType};
use serde::Deserialize;

use crate::ModelError;

/// The architectures that can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Architecture {
    /// The encoder of Devlin et al., 2018.
    Bert,
    /// The distilled one of Sanh et al., 2019: half the layers, no kinds of segments, no pooling of its own.
    DistilBert,
}

/// What is needed of `config.json`.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) architecture: Architecture,
    /// Sizes of the encoder, in the words of BERT.
    pub(crate) encoder: Bert,
    /// Names of the labels that `config.json` gives, by their number.
    pub(crate) labels: BTreeMap<String, String>,
    /// Their number, where it is given without names.
    pub(crate) label_count: Option<usize>,
    /// `single_label_classification`, `multi_label_classification` or `regression`.
    pub(crate) problem: Option<String>,
}

/// The keys, under their names in either architecture.
#[derive(Deserialize)]
struct Keys {
    model_type: Option<String>,
    #[serde(default = "vocabulary")]
    vocab_size: usize,
    #[serde(alias = "dim", default = "width")]
    hidden_size: usize,
    #[serde(alias = "n_layers")]
    num_hidden_layers: Option<usize>,
    #[serde(alias = "n_heads", default = "heads")]
    num_attention_heads: usize,
    #[serde(alias = "hidden_dim", default = "inner_width")]
    intermediate_size: usize,
    #[serde(alias = "activation", default = "activation")]
    hidden_act: String,
    #[serde(default = "positions")]
    max_position_embeddings: usize,
    #[serde(default = "segments")]
    type_vocab_size: usize,
    #[serde(default = "epsilon")]
    layer_norm_eps: f64,
    #[serde(default)]
    pad_token_id: Option<usize>,
    position_embedding_type: Option<String>,
    #[serde(default)]
    id2label: Option<BTreeMap<String, String>>,
    #[serde(alias = "_num_labels")]
    num_labels: Option<usize>,
    problem_type: Option<String>,
}

fn vocabulary() -> usize {
    30522
}
fn width() -> usize {
    768
}
fn heads() -> usize {
    12
}
fn inner_width() -> usize {
    3072
}
fn positions() -> usize {
    512
}
fn segments() -> usize {
    2
}
fn epsilon() -> f64 {
    1e-12
}
fn activation() -> String {
    "gelu".to_owned()
}

impl Settings {
    /// Reads `config.json`.
    pub(crate) fn read(path: &Path) -> Result<Self, ModelError> {
        let bytes = std::fs::read(path).map_err(|error| ModelError::malformed(path, &error))?;
        let keys: Keys =
            serde_json::from_slice(&bytes).map_err(|error| ModelError::malformed(path, &error))?;
        let architecture = match keys.model_type.as_deref() {
            Some("bert") => Architecture::Bert,
            Some("distilbert") => Architecture::DistilBert,
            other => {
                return Err(ModelError::Unsupported {
                    key: "model_type",
                    found: other.unwrap_or("(absent)").to_owned(),
                    supported: "`bert` and `distilbert`",
                });
            }
        };
        keys.consistent()?;
        Ok(Self {
            architecture,
            encoder: keys.encoder(architecture)?,
            labels: keys.id2label.unwrap_or_default(),
            label_count: keys.num_labels,
            problem: keys.problem_type,
        })
    }
}

impl Keys {
    fn consistent(&self) -> Result<(), ModelError> {
        if let Some(found) = self.position_embedding_type.as_deref()
            && found != "absolute"
        {
            return Err(ModelError::Unsupported {
                key: "position_embedding_type",
                found: found.to_owned(),
                supported: "`absolute`",
            });
        }
        let (width, heads) = (self.hidden_size, self.num_attention_heads);
        if heads == 0 || width == 0 || !width.is_multiple_of(heads) {
            return Err(ModelError::Mismatch(format!(
                "{heads} attention heads in {width} dimensions"
            )));
        }
        Ok(())
    }

    fn encoder(&self, architecture: Architecture) -> Result<Bert, ModelError> {
        let (layers, segments, epsilon) = match architecture {
            Architecture::Bert => (12, self.type_vocab_size, self.layer_norm_eps),
            // One kind of segment, without a meaning: see `weights.rs`.
            Architecture::DistilBert => (6, 1, epsilon()),
        };
        Ok(Bert {
            vocab_size: self.vocab_size,
            hidden_size: self.hidden_size,
            num_hidden_layers: self.num_hidden_layers.unwrap_or(layers),
            num_attention_heads: self.num_attention_heads,
            intermediate_size: self.intermediate_size,
            hidden_act: activation_of(&self.hidden_act)?,
            max_position_embeddings: self.max_position_embeddings,
            type_vocab_size: segments,
            layer_norm_eps: epsilon,
            pad_token_id: self.pad_token_id.unwrap_or(0),
            position_embedding_type: PositionEmbeddingType::Absolute,
            model_type: None,
            // What only training uses.
            ..Bert::default()
        })
    }
}

fn activation_of(name: &str) -> Result<HiddenAct, ModelError> {
    match name {
        "gelu" => Ok(HiddenAct::Gelu),
        "gelu_new" | "gelu_pytorch_tanh" => Ok(HiddenAct::GeluApproximate),
        "relu" => Ok(HiddenAct::Relu),
        other => Err(ModelError::Unsupported {
            key: "hidden_act",
            found: other.to_owned(),
            supported: "`gelu`, `gelu_new`, `gelu_pytorch_tanh` and `relu`",
        }),
    }
}
