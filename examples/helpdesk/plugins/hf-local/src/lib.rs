//! A helpdesk's classifier that runs Hugging Face models on this machine, without Python.
//!
//! The plugin `hf-local` brings one component, `HfClassificationService` (`hf-local:HFClassificationService`), which
//! provides [`Classifier`](helpdesk_api::Classifier). A request names its model: a repository of the Hugging Face hub
//! such as `softoft/otai-queue-de-bert-v1`, or a folder on this machine. What is downloaded goes into the cache that
//! Python's `huggingface_hub` uses too, and is found there when there is no network. At most `LOADED_MODELS` models
//! are kept in memory.
//!
//! The models are BERT and DistilBERT with a head for sequence classification. Their answers are those of the
//! `text-classification` pipeline of Python's `transformers`.
//!
//! All of this stands behind the feature `inference`, without which the crate is empty and brings no plugin.

#![cfg(feature = "inference")]

treenail::plugin!();

mod batch;
mod component;
mod config;
mod environment;
mod failure;
mod files;
mod hub;
mod labels;
mod model;
mod models;
mod service;
mod settings;
mod tokens;
mod weights;

pub use config::HfClassificationConfig;
pub use environment::Environment;
pub use failure::ModelError;
pub use models::LOADED_MODELS;
pub use service::HfClassificationService;
