//! A loaded model: from texts to labels.

use candle_core::{Device, IndexOp, Tensor};
use candle_nn::{Linear, Module, VarBuilder, linear};
use candle_transformers::models::bert::BertModel;
use helpdesk_api::Classification;

use crate::ModelError;
use crate::batch::Label;
use crate::files::Files;
use crate::labels::Labels;
use crate::settings::{Architecture, Settings};
use crate::tokens::Tokens;
use crate::weights::{self, words};

/// A model for sequence classification.
pub(crate) struct Model {
    tokens: Tokens,
    encoder: BertModel,
    /// The first half of the head: what is made of the first token.
    pooler: Linear,
    architecture: Architecture,
    classifier: Linear,
    labels: Labels,
    /// Fills up the shorter texts of a batch; it is masked.
    padding: u32,
}

impl Model {
    /// Reads a model from its files. Slow: blocks the thread.
    pub(crate) fn read(files: &Files) -> Result<Self, ModelError> {
        let settings = Settings::read(&files.config)?;
        let labels = Labels::of(&settings)?;
        let sizes = &settings.encoder;
        let tokens = Tokens::read(files, sizes.vocab_size, sizes.max_position_embeddings)?;
        let weights = weights::read(&files.weights, &settings)?;
        if !weights.contains_tensor("classifier.weight") {
            return Err(ModelError::Missing {
                file: "classifier.weight".to_owned(),
                hint: " among its weights: it was not trained for sequence classification",
            });
        }
        let width = sizes.hidden_size;
        let layer = |name: &str, outputs: usize| linear(width, outputs, weights.pp(name));
        let parts = || {
            Ok((
                BertModel::load(weights.clone(), sizes)?,
                layer("pooler.dense", width)?,
                layer("classifier", labels.count())?,
            ))
        };
        let (encoder, pooler, classifier) =
            parts().map_err(|error| unfit(&error, &weights, &labels))?;
        Ok(Self {
            tokens,
            encoder,
            pooler,
            architecture: settings.architecture,
            classifier,
            labels,
            padding: u32::try_from(sizes.pad_token_id.min(sizes.vocab_size.saturating_sub(1)))
                .unwrap_or(0),
        })
    }

    /// The outputs of the model for some texts, as tokens: one row each.
    fn outputs(&self, texts: &[&[u32]]) -> candle_core::Result<Vec<Vec<f32>>> {
        let longest = texts.iter().map(|tokens| tokens.len()).max().unwrap_or(0);
        let (mut ids, mut mask) = (Vec::new(), Vec::new());
        for tokens in texts {
            let missing = longest - tokens.len();
            ids.extend_from_slice(tokens);
            ids.extend(std::iter::repeat_n(self.padding, missing));
            mask.extend(std::iter::repeat_n(1_u32, tokens.len()));
            mask.extend(std::iter::repeat_n(0, missing));
        }
        let shape = (texts.len(), longest);
        let ids = Tensor::from_vec(ids, shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(mask, shape, &Device::Cpu)?;
        let hidden = self
            .encoder
            .forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let first = hidden.i((.., 0))?.contiguous()?;
        let pooled = self.pooler.forward(&first)?;
        let pooled = match self.architecture {
            Architecture::Bert => pooled.tanh()?,
            Architecture::DistilBert => pooled.relu()?,
        };
        self.classifier.forward(&pooled)?.to_vec2()
    }
}

impl Label for Model {
    fn label(&self, texts: &[String]) -> Vec<Result<Classification, ModelError>> {
        // A text that cannot be taken apart is an error of its own; the others are computed.
        let tokens: Vec<_> = texts.iter().map(|text| self.tokens.of(text)).collect();
        let good: Vec<&[u32]> = tokens
            .iter()
            .filter_map(|tokens| tokens.as_deref().ok())
            .collect();
        let mut rows = match self.outputs(&good) {
            Ok(rows) => rows.into_iter().map(Ok).collect::<Vec<_>>(),
            Err(error) => good.iter().map(|_| Err(words(&error))).collect(),
        }
        .into_iter();
        tokens
            .into_iter()
            .map(|tokens| {
                tokens?;
                match rows.next() {
                    Some(Ok(row)) => self.labels.best(&row),
                    Some(Err(words)) => Err(ModelError::NoResult(words)),
                    None => Err(ModelError::NoResult("it gave too few answers".to_owned())),
                }
            })
            .collect()
    }
}

/// Weights that are missing or of another shape than `config.json` says.
fn unfit(error: &candle_core::Error, weights: &VarBuilder<'_>, labels: &Labels) -> ModelError {
    let outputs = weights
        .get_unchecked("classifier.weight")
        .and_then(|head| head.dim(0));
    match outputs {
        Ok(outputs) if outputs != labels.count() => ModelError::Mismatch(format!(
            "config.json has {} labels, the weights have {outputs}",
            labels.count()
        )),
        _ => ModelError::Mismatch(words(error)),
    }
}
