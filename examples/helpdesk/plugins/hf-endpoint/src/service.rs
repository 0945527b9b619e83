//! The service: a question for each text.

use std::sync::Arc;

use helpdesk_api::{
    Classification, ClassificationRequest, Classifier, ExposeSecret, Result, SecretString,
    async_trait,
};
use helpdesk_hf_token::Tokens;
use helpdesk_http_client::{Fault, HeaderValue, Http, HttpError, Method, Request, Url, header};
use serde_json::json;

use crate::HfEndpointConfig;
use crate::address::Address;
use crate::answer::best;

/// Labels text by asking an inference endpoint.
pub struct HfEndpoint {
    http: Arc<dyn Http>,
    address: Address,
    /// The token of the configuration.
    token: Option<SecretString>,
    /// The tokens of the process, where they may be shown to this address.
    tokens: Tokens,
    config: HfEndpointConfig,
}

impl HfEndpoint {
    /// A service that asks over this client, and shows these tokens where it has no other.
    ///
    /// # Errors
    /// For a `url` that is none.
    pub fn new(http: Arc<dyn Http>, config: HfEndpointConfig, tokens: Tokens) -> Result<Self> {
        let address = Address::parse(&config.url)?;
        let token = config.api_token.clone().map(SecretString::from);
        let tokens = if address.is_hugging_face() {
            tokens
        } else {
            Tokens::default()
        };
        Ok(Self {
            http,
            address,
            token,
            tokens,
            config,
        })
    }

    async fn ask(
        &self,
        url: Url,
        text: &str,
        token: Option<&SecretString>,
    ) -> Result<Classification, HttpError> {
        let body = if self.config.truncation {
            json!({ "inputs": text, "parameters": { "truncation": true } })
        } else {
            json!({ "inputs": text })
        };
        // A question: it does no harm to ask twice.
        let mut request = Request::new(Method::POST, url)
            .json(&body)
            .repeatable(true)
            .timeout(Some(self.config.timeout.get()));
        if let Some(token) = token {
            request = request.hide(token);
            let bearer = format!("Bearer {}", token.expose_secret());
            let Ok(mut bearer) = HeaderValue::try_from(bearer) else {
                let detail = "the token has letters that no header may have";
                return Err(HttpError::new(&request, Fault::Unsendable, detail));
            };
            bearer.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, bearer);
        }
        best(&self.http.send(request).await?)
    }
}

#[async_trait]
impl Classifier for HfEndpoint {
    async fn classify(&self, request: ClassificationRequest) -> Result<Classification> {
        let url = self.address.of(&request.model_name)?;
        let of_request = request.api_token.as_ref();
        let token = self.tokens.nearest(of_request, self.token.as_ref());
        let answer = self.ask(url, &request.text, token).await;
        answer.map_err(|error| {
            let model = &request.model_name;
            error.while_doing(format!("model `{model}` gave no label"))
        })
    }
}
