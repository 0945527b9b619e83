//! A helpdesk's classifier that needs no service, no download and no graphics card.
//!
//! The plugin `local-classifier` brings one component, [`LocalClassifier`] (`local-classifier:Classifier`),
//! which provides [`Classifier`](helpdesk_api::Classifier). When it is built it reads a table of
//! tickets that people have labelled and trains a naive Bayes model for each column of labels; the
//! model is asked for by the name of its column. Without another table it uses the one that comes
//! with the plugin, in English and German, whose models are `queue` and `priority`.
//!
//! The same table gives the same answers, to the last digit.

treenail::plugin!();

mod classifier;
mod component;
mod config;
mod features;
mod model;
mod table;

pub use classifier::LocalClassifier;
pub use config::ClassifierConfig;
