//! Tells hosts that somebody is there for them: in the log, and by as many webhooks as the configuration names.

treenail::plugin!();

mod log;
mod webhook;

pub use log::Log;
pub use webhook::{Webhook, WebhookConfig};
