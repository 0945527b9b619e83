//! From numbers to a label: the names, and how sure the model is.

use helpdesk_api::Classification;

use crate::ModelError;
use crate::settings::Settings;

/// The labels of a model, in the order of its outputs.
#[derive(Debug)]
pub(crate) struct Labels {
    names: Vec<String>,
    scale: Scale,
}

/// How outputs become confidences, by the rule of the `text-classification` pipeline of `transformers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    /// The labels exclude each other: their confidences add up to one.
    Softmax,
    /// Each label is a question of its own.
    Sigmoid,
}

/// Without names, a model has this many labels.
const UNNAMED: usize = 2;

impl Labels {
    /// The labels of a model: those of `config.json`, else `LABEL_0` and so on.
    pub(crate) fn of(settings: &Settings) -> Result<Self, ModelError> {
        let count = if settings.labels.is_empty() {
            settings.label_count.unwrap_or(UNNAMED)
        } else {
            settings.labels.len()
        };
        let name = |number: usize| match settings.labels.get(&number.to_string()) {
            Some(name) => Ok(name.clone()),
            None if settings.labels.is_empty() => Ok(format!("LABEL_{number}")),
            None => Err(ModelError::Mismatch(format!(
                "id2label in config.json has {count} labels and none with the number {number}"
            ))),
        };
        let names = (0..count).map(name).collect::<Result<Vec<_>, _>>()?;
        let scale = match settings.problem.as_deref() {
            None if names.len() == 1 => Scale::Sigmoid,
            None | Some("single_label_classification") => Scale::Softmax,
            Some("multi_label_classification") => Scale::Sigmoid,
            Some(other) => {
                return Err(ModelError::Unsupported {
                    key: "problem_type",
                    found: other.to_owned(),
                    supported: "`single_label_classification` and `multi_label_classification`",
                });
            }
        };
        Ok(Self { names, scale })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.names.len()
    }

    /// The label with the greatest output; of equal ones the first.
    pub(crate) fn best(&self, outputs: &[f32]) -> Result<Classification, ModelError> {
        if outputs.iter().any(|output| !output.is_finite()) {
            let reason = "its output is no number; the weights may be damaged";
            return Err(ModelError::NoResult(reason.to_owned()));
        }
        let outputs = outputs.iter().map(|output| f64::from(*output));
        let best = self
            .names
            .iter()
            .zip(outputs.clone())
            .reduce(|best, next| if next.1 > best.1 { next } else { best });
        let Some((name, best)) = best else {
            return Err(ModelError::NoResult("it has no labels".to_owned()));
        };
        let confidence = match self.scale {
            // The greatest output is taken off first, so that nothing overflows.
            Scale::Softmax => 1.0 / outputs.map(|output| (output - best).exp()).sum::<f64>(),
            Scale::Sigmoid => 1.0 / (1.0 + (-best).exp()),
        };
        Ok(Classification {
            label: name.clone(),
            confidence,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(names: &[&str], scale: Scale) -> Labels {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        Labels { names, scale }
    }

    #[test]
    fn the_confidences_of_softmax_are_shares() {
        let labels = labels(&["a", "b", "c"], Scale::Softmax);
        let best = labels.best(&[0.0, 3.0_f32.ln(), 0.0]).expect("numbers");
        assert_eq!(best.label, "b");
        assert!((best.confidence - 0.6).abs() < 1e-7, "{best:?}");
        let best = labels.best(&[1000.0, -1000.0, 0.0]).expect("numbers");
        assert_eq!((best.label.as_str(), best.confidence), ("a", 1.0));
    }

    #[test]
    fn a_label_that_is_a_question_of_its_own_is_even_at_zero() {
        let best = labels(&["spam"], Scale::Sigmoid)
            .best(&[0.0])
            .expect("a number");
        assert_eq!((best.label.as_str(), best.confidence), ("spam", 0.5));
    }

    #[test]
    fn of_equal_outputs_the_first_wins_and_what_is_no_number_is_an_error() {
        let labels = labels(&["a", "b"], Scale::Softmax);
        assert_eq!(labels.best(&[1.0, 1.0]).expect("numbers").label, "a");
        for outputs in [[1.0, f32::NAN], [f32::INFINITY, 0.0]] {
            assert!(labels.best(&outputs).is_err(), "{outputs:?}");
        }
    }
}
