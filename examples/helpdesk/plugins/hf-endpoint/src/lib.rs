//! A helpdesk's classifier that asks an inference endpoint of Hugging Face, so that no model runs on this machine.
//!
//! The plugin `hf-endpoint` brings one component, [`HfEndpoint`] (`hf-endpoint:HFEndpointClassificationService`), which
//! provides [`Classifier`](helpdesk_api::Classifier). It asks Hugging Face's inference API for the model that a request
//! names, or an endpoint that has one model:
//!
//! ```yaml
//! services:
//!   classifier:
//!     use: "hf-endpoint:HFEndpointClassificationService"
//!     params:
//!       url: "https://abc123.eu-west-1.aws.endpoints.huggingface.cloud"
//!       api_token: "{{ get_env('HF_TOKEN') }}"
//! ```

treenail::plugin!();

mod address;
mod answer;
mod component;
mod config;
mod service;

pub use config::HfEndpointConfig;
pub use service::HfEndpoint;
