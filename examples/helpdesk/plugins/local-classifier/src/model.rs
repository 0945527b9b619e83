//! One model: multinomial naive Bayes over the features of a text, with a confidence that means
//! something.
//!
//! Naive Bayes is far too sure of itself, because it takes features for independent that are not.
//! So what the features say is divided by a temperature before it becomes a probability, and the
//! temperature is the one under which texts that were held out of the training surprise the least.

use std::collections::{BTreeMap, BTreeSet};

use helpdesk_api::{Classification, Error, ErrorKind, Result};
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::naive_bayes::multinomial::{MultinomialNB, MultinomialNBParameters};

use crate::features::Vocabulary;

/// Of so many texts one is held out at a time.
const FOLDS: usize = 5;
/// Added to the count of every feature, so that one that was never seen with a label excludes nothing.
const SMOOTHING: f64 = 0.5;

type Bayes = MultinomialNB<u32, u32, DenseMatrix<u32>, Vec<u32>>;

/// A trained model.
pub(crate) struct Model {
    vocabulary: Vocabulary,
    labels: Vec<String>,
    /// For each label the logarithm of its share of the texts.
    shares: Vec<f64>,
    /// For each label the logarithm of the probability of each feature.
    features: Vec<Vec<f64>>,
    temperature: f64,
}

impl Model {
    /// Learns the labels of the texts, and how sure to be of them.
    pub(crate) fn train(texts: &[String], labels: &[String]) -> Result<Self> {
        let samples: Vec<(&str, &str)> = texts
            .iter()
            .map(String::as_str)
            .zip(labels.iter().map(String::as_str))
            .collect();
        let mut model = Self::fit(&samples)?;
        model.temperature = calibrate(&samples)?;
        Ok(model)
    }

    fn fit(samples: &[(&str, &str)]) -> Result<Self> {
        let distinct: BTreeSet<&str> = samples.iter().map(|(_, label)| *label).collect();
        if distinct.len() < 2 {
            let reason = "there must be at least two different labels to learn";
            return Err(Error::new(ErrorKind::Invalid, reason));
        }
        let numbers: BTreeMap<&str, u32> = distinct.iter().copied().zip(0..).collect();
        let vocabulary = Vocabulary::of(samples.iter().map(|(text, _)| *text));
        let counts: Vec<Vec<u32>> = samples
            .iter()
            .map(|(text, _)| {
                let mut row = vec![0; vocabulary.len()];
                for feature in vocabulary.known(text) {
                    row[feature] += 1;
                }
                row
            })
            .collect();
        let failed = |error| Error::caused_by(ErrorKind::Internal, "cannot train the model", error);
        let counts = DenseMatrix::from_2d_vec(&counts).map_err(failed)?;
        let answers: Vec<u32> = samples.iter().map(|(_, label)| numbers[label]).collect();
        let parameters = MultinomialNBParameters::default().with_alpha(SMOOTHING);
        let bayes = Bayes::fit(&counts, &answers, parameters).map_err(failed)?;
        // The classes of the fit are the numbers above in ascending order, hence the labels in theirs.
        let total: usize = bayes.class_count().iter().sum();
        let share = |count: &usize| (*count as f64 / total as f64).ln();
        Ok(Self {
            labels: distinct.into_iter().map(str::to_owned).collect(),
            shares: bayes.class_count().iter().map(share).collect(),
            features: bayes.feature_log_prob().clone(),
            vocabulary,
            temperature: 1.0,
        })
    }

    /// The most probable label of the text; of equals the first by name.
    pub(crate) fn classify(&self, text: &str) -> Classification {
        let probabilities = probabilities(&self.shares, &self.evidence(text), self.temperature);
        let mut best = 0;
        for (number, probability) in probabilities.iter().enumerate() {
            if *probability > probabilities[best] {
                best = number;
            }
        }
        Classification {
            label: self.labels[best].clone(),
            confidence: probabilities[best].clamp(0.0, 1.0),
        }
    }

    /// For each label what the features of the text say for it.
    fn evidence(&self, text: &str) -> Vec<f64> {
        let known = self.vocabulary.known(text);
        // Twice the words are not twice the evidence: a long text repeats itself in other words.
        let weight = 1.0 / (known.len().max(1) as f64).sqrt();
        let says = |of_label: &Vec<f64>| {
            weight * known.iter().map(|feature| of_label[*feature]).sum::<f64>()
        };
        self.features.iter().map(says).collect()
    }
}

/// What is known before a text and what its features say, as probabilities, which sum to one.
fn probabilities(shares: &[f64], evidence: &[f64], temperature: f64) -> Vec<f64> {
    let scores = shares
        .iter()
        .zip(evidence)
        .map(|(share, says)| share + says / temperature);
    let scores: Vec<f64> = scores.collect();
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// The temperature under which held-out texts are the least surprising.
fn calibrate(samples: &[(&str, &str)]) -> Result<f64> {
    let mut held_out = Vec::new();
    for fold in 0..FOLDS {
        let (tested, learned): (Vec<_>, Vec<_>) = samples
            .iter()
            .enumerate()
            .partition(|(row, _)| row % FOLDS == fold);
        let learned: Vec<_> = learned.into_iter().map(|(_, sample)| *sample).collect();
        // Too few texts to hold some out: then the scores are taken as they are.
        let Ok(model) = Model::fit(&learned) else {
            return Ok(1.0);
        };
        for (_, (text, label)) in tested {
            // A label that only the held-out texts have teaches nothing about confidence.
            if let Ok(number) = model
                .labels
                .binary_search_by(|known| known.as_str().cmp(label))
            {
                held_out.push((model.shares.clone(), model.evidence(text), number));
            }
        }
    }
    let surprise = |temperature: f64| -> f64 {
        let of = |(shares, evidence, number): &(Vec<f64>, Vec<f64>, usize)| {
            -probabilities(shares, evidence, temperature)[*number]
                .max(1e-12)
                .ln()
        };
        held_out.iter().map(of).sum()
    };
    // From a twentieth to about ten in steps of a tenth.
    let candidates = (0..56).map(|step| 0.05 * 1.1_f64.powi(step));
    let best = candidates.min_by(|one, other| surprise(*one).total_cmp(&surprise(*other)));
    Ok(best.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    /// The share of right answers on texts that were not learned, and the mean confidence in them.
    fn hold_out(model: &str, fold: usize) -> (f64, f64) {
        let table = Table::shipped().expect("it is shipped");
        let labels = &table.labels[model];
        let (mut tested, mut texts, mut learned) = (Vec::new(), Vec::new(), Vec::new());
        for (row, (text, label)) in table.texts.iter().zip(labels).enumerate() {
            if row % 7 == fold {
                tested.push((text, label));
            } else {
                texts.push(text.clone());
                learned.push(label.clone());
            }
        }
        let model = Model::train(&texts, &learned).expect("trained");
        let (mut right, mut sure) = (0.0, 0.0);
        for (text, label) in &tested {
            let answer = model.classify(text);
            right += if answer.label == **label { 1.0 } else { 0.0 };
            sure += answer.confidence;
        }
        (right / tested.len() as f64, sure / tested.len() as f64)
    }

    #[test]
    fn held_out_tickets_are_labelled_far_better_than_by_chance_and_confidence_is_honest() {
        for (model, chance, least) in [("queue", 0.17, 0.65), ("priority", 0.47, 0.65)] {
            let folds = [hold_out(model, 0), hold_out(model, 2), hold_out(model, 4)];
            let mean = |of: fn(&(f64, f64)) -> f64| folds.iter().map(of).sum::<f64>() / 3.0;
            let (right, sure) = (mean(|fold| fold.0), mean(|fold| fold.1));
            println!("{model}: {right:.2} right on held-out tickets, {sure:.2} sure of them");
            assert!(
                right > least,
                "{model}: chance is {chance}, this is {right}"
            );
            assert!(
                (right - sure).abs() < 0.12,
                "{model}: right {right}, sure {sure}"
            );
        }
    }

    #[test]
    fn the_same_table_gives_the_same_answer_to_the_last_digit() {
        let table = Table::shipped().expect("it is shipped");
        let train = || Model::train(&table.texts, &table.labels["queue"]).expect("trained");
        let (one, other) = (train(), train());
        for text in [
            "the vpn is down",
            "",
            "Drucker defekt und Rechnung falsch",
            "xyzzy",
        ] {
            let (one, other) = (one.classify(text), other.classify(text));
            assert_eq!(one.label, other.label);
            assert_eq!(one.confidence.to_bits(), other.confidence.to_bits());
        }
    }

    #[test]
    fn a_text_without_a_known_word_is_labelled_without_confidence() {
        let table = Table::shipped().expect("it is shipped");
        let model = Model::train(&table.texts, &table.labels["queue"]).expect("trained");
        for text in ["", "12345 &&&", "xyzzy"] {
            assert!(
                model.classify(text).confidence < 0.3,
                "{:?}",
                model.classify(text)
            );
        }
    }

    #[test]
    fn one_label_is_nothing_to_learn() {
        let texts = ["a".to_owned(), "b".to_owned()];
        let labels = ["x".to_owned(), "x".to_owned()];
        let error = Model::train(&texts, &labels).err().expect("refused");
        assert!(error.to_string().contains("two different labels"));
    }

    #[test]
    fn two_rows_are_enough_to_train() {
        let texts = ["network cable".to_owned(), "invoice".to_owned()];
        let labels = ["Network".to_owned(), "Billing".to_owned()];
        let model = Model::train(&texts, &labels).expect("trained");
        assert_eq!(model.classify("the invoice").label, "Billing");
    }
}
