//! The contract between plugins that talk HTTP and the one that does it for them.
//!
//! A plugin that needs a web service requires [`Http`], makes a [`Request`] and gets a [`Response`] or
//! an [`HttpError`]. Timeouts, repetitions, limits, redirects, proxies and certificates are the
//! business of whoever provides [`Http`]; what a request means is the business of whoever makes it.
//!
//! ```
//! # use helpdesk_http_client::{Http, HttpError, Method, Request, Url};
//! # use helpdesk_api::SecretString;
//! async fn queues(http: &dyn Http, base: &Url, password: &SecretString) -> Result<Vec<String>, HttpError> {
//!     let url = base.join("queues").expect("a relative path");
//!     let question = serde_json::json!({"password": helpdesk_api::ExposeSecret::expose_secret(password)});
//!     // A question may be asked twice although it is a POST, and no error repeats the password.
//!     let request = Request::new(Method::POST, url).json(&question).repeatable(true).hide(password);
//!     http.send(request).await?.json()
//! }
//! ```

mod client;
mod error;
mod once;
mod redact;
mod request;
mod response;

pub use client::Http;
pub use error::{Fault, HttpError};
pub use once::Once;
pub use request::{Request, Trust};
pub use response::Response;

pub use async_trait::async_trait;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
pub use url::Url;
