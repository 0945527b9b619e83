//! What is asked.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use helpdesk_api::SecretString;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use url::Url;

use crate::redact::Secrets;

/// Whose certificates are good enough for a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// Those that this machine trusts.
    #[default]
    System,
    /// Those that the authorities in this PEM file vouch for, and no others.
    File(PathBuf),
    /// Everybody's: whoever sits in between can read and change everything.
    Anyone,
}

/// A request to a web service that answers in JSON.
#[derive(Clone)]
pub struct Request {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    repeatable: bool,
    timeout: Option<Duration>,
    trust: Trust,
    secrets: Secrets,
}

impl Request {
    /// A request without a body that asks for JSON. It may be repeated if its method says so (RFC 9110,
    /// section 9.2.2).
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self {
            repeatable: method.is_idempotent(),
            method,
            url,
            headers: HeaderMap::from_iter([(ACCEPT, json)]),
            body: None,
            timeout: None,
            trust: Trust::System,
            secrets: Secrets::default(),
        }
    }

    /// With this value as its body.
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        let json = HeaderValue::from_static("application/json");
        self.headers.insert(CONTENT_TYPE, json);
        self.body = Some(body.to_string().into_bytes());
        self
    }

    /// With this header, in place of one of the same name. What is secret in it has to be
    /// [hidden](Request::hide) too.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Whether it does no harm to send it twice: a question, or an order that says how things shall be.
    #[must_use]
    pub fn repeatable(mut self, repeatable: bool) -> Self {
        self.repeatable = repeatable;
        self
    }

    /// How long one attempt may take, the answer included.
    #[must_use]
    pub fn timeout(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }

    /// Whose certificates are good enough.
    #[must_use]
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// This text is in the request, or may be in the answer, and is not to be repeated in any message.
    #[must_use]
    pub fn hide(mut self, secret: &SecretString) -> Self {
        self.secrets.add(secret);
        self
    }

    /// GET, POST and so on.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The whole address. For messages there is [`shown_url`](Request::shown_url).
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, if it has one.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// Whether it does no harm to send it twice.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// How long one attempt may take; the client's own limit if absent.
    #[must_use]
    pub fn attempt_timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Whose certificates are good enough.
    #[must_use]
    pub fn trusted(&self) -> &Trust {
        &self.trust
    }

    /// The address without what is secret in it.
    #[must_use]
    pub fn shown_url(&self) -> String {
        self.secrets.url(&self.url)
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }
}

/// Method and address; nothing of the body and the headers, where secrets are.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.shown_url())
    }
}
