//! `tokenizer.json`: from a text to the numbers of its tokens, no more of them than the model can take.

use std::path::Path;

use serde::Deserialize;
use tokenizers::{PostProcessor, Tokenizer, TruncationDirection, TruncationParams};

use crate::ModelError;
use crate::files::Files;

/// A tokenizer that truncates.
pub(crate) struct Tokens(Tokenizer);

/// What is needed of `tokenizer_config.json`, which says what a saved tokenizer does not.
#[derive(Default, Deserialize)]
struct Settings {
    /// Where there is no limit, this is a very large number, in the form of a fraction.
    model_max_length: Option<f64>,
    truncation_side: Option<String>,
}

impl Tokens {
    /// Reads a tokenizer for a model with so many known tokens and positions.
    pub(crate) fn read(
        files: &Files,
        vocabulary: usize,
        positions: usize,
    ) -> Result<Self, ModelError> {
        let path = &files.tokenizer;
        let mut tokenizer =
            Tokenizer::from_file(path).map_err(|error| ModelError::malformed(path, &error))?;
        let settings = match &files.tokenizer_settings {
            Some(path) => settings(path)?,
            None => Settings::default(),
        };
        let largest = tokenizer.get_vocab(true).into_values().max();
        if let Some(largest) = largest.filter(|largest| *largest as usize >= vocabulary) {
            return Err(ModelError::Mismatch(format!(
                "the tokenizer has a token with the number {largest}, the model knows {vocabulary}"
            )));
        }
        // A limit beyond all positions is none; so is one that is no number of tokens.
        let limit = settings.model_max_length.filter(|limit| *limit >= 1.0);
        let limit = limit.map_or(positions, |limit| positions.min(limit as usize));
        let added = tokenizer
            .get_post_processor()
            .map_or(0, |processor| processor.added_tokens(false));
        if limit <= added {
            return Err(ModelError::Mismatch(format!(
                "a text may have {limit} tokens, of which the tokenizer itself adds {added}"
            )));
        }
        let direction = match settings.truncation_side.as_deref() {
            Some("left") => TruncationDirection::Left,
            _ => TruncationDirection::Right,
        };
        let truncation = TruncationParams {
            max_length: limit,
            direction,
            ..TruncationParams::default()
        };
        tokenizer
            .with_truncation(Some(truncation))
            .map_err(|error| ModelError::malformed(path, &error))?;
        // Padding that was saved with it would be taken for text: what is shorter is filled up per batch.
        tokenizer.with_padding(None);
        Ok(Self(tokenizer))
    }

    /// The numbers of a text's tokens, at least one.
    pub(crate) fn of(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let encoding = self.0.encode_fast(text, true);
        let encoding = encoding.map_err(|error| ModelError::Text(error.to_string()))?;
        match encoding.get_ids() {
            [] => Err(ModelError::Text("nothing is left of it".to_owned())),
            tokens => Ok(tokens.to_vec()),
        }
    }
}

fn settings(path: &Path) -> Result<Settings, ModelError> {
    let bytes = std::fs::read(path).map_err(|error| ModelError::malformed(path, &error))?;
    serde_json::from_slice(&bytes).map_err(|error| ModelError::malformed(path, &error))
}
