//! Where to ask for a model.

use helpdesk_api::{Error, ErrorKind, Result};
use helpdesk_http_client::Url;

/// What stands for the model in an address.
const MODEL: &str = "{model}";
/// How that is written once the address is parsed.
const ESCAPED: &str = "%7Bmodel%7D";

/// The address of an endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    url: Url,
    one_model: bool,
}

impl Address {
    /// Fails for what is no address of HTTP, and for a model anywhere but in the path.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let refused = |reason: &str| {
            let message = format!("the url of an inference endpoint {reason}");
            Error::new(ErrorKind::Invalid, message)
        };
        let url = Url::parse(text).map_err(|error| {
            let reason = format!("is no address: {error}");
            refused(&reason)
        })?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(refused("has to begin with https:// or http://"));
        }
        let rest = [url.query(), url.fragment(), url.host_str()];
        if rest
            .into_iter()
            .flatten()
            .any(|part| part.contains(MODEL) || part.contains(ESCAPED))
        {
            return Err(refused("may have `{model}` in its path only"));
        }
        let one_model = !url.path().contains(ESCAPED);
        Ok(Self { url, one_model })
    }

    /// The address of a model. Fails for a name that would lead elsewhere.
    pub(crate) fn of(&self, model: &str) -> Result<Url> {
        if self.one_model {
            return Ok(self.url.clone());
        }
        let part = |part: &str| {
            !part.is_empty()
                && !part.starts_with(['.', '-'])
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        if model.split('/').count() > 2 || !model.split('/').all(part) {
            let message = format!(
                "`{model}` is no model of the hub, which are named `owner/name`, of letters, digits, `-`, `_` and `.`"
            );
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let mut url = self.url.clone();
        url.set_path(&self.url.path().replace(ESCAPED, model));
        Ok(url)
    }

    /// Whether everybody's token for Hugging Face may be shown there.
    pub(crate) fn is_hugging_face(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default();
        self.url.scheme() == "https"
            && ["huggingface.co", "huggingface.cloud"].iter().any(|known| {
                let above = host.strip_suffix(known);
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("an address")
    }

    #[test]
    fn the_model_takes_its_place_in_the_path() {
        let api = address("https://router.huggingface.co/hf-inference/models/{model}");
        let url = api.of("acme/tiny").expect("a model");
        let path = "/hf-inference/models/acme/tiny";
        assert_eq!((url.path(), url.query()), (path, None));
        let own = address("https://models.example/classify?v=2");
        let url = own.of("whatever it is called").expect("one model");
        assert_eq!(url.as_str(), "https://models.example/classify?v=2");
    }

    #[test]
    fn no_model_leads_elsewhere() {
        let api = address("https://router.huggingface.co/models/{model}");
        for model in [
            "",
            "../whoami",
            "a/../b",
            "a/b/c",
            "a?b",
            "a#b",
            "a/",
            "/a",
            "a b",
        ] {
            assert!(api.of(model).is_err(), "{model}");
        }
    }

    #[test]
    fn what_is_no_address_of_http_is_refused() {
        for url in [
            "",
            "models",
            "ftp://a/b",
            "https://a/?m={model}",
            "file:///etc",
        ] {
            assert!(Address::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn only_hosts_of_hugging_face_are_shown_the_token_of_the_process() {
        for good in [
            "https://router.huggingface.co/models/{model}",
            "https://huggingface.co",
            "https://a.b.endpoints.huggingface.cloud/",
        ] {
            assert!(address(good).is_hugging_face(), "{good}");
        }
        for bad in [
            "http://router.huggingface.co",
            "https://evilhuggingface.co",
            "https://huggingface.co.example",
            "https://localhost",
        ] {
            assert!(!address(bad).is_hugging_face(), "{bad}");
        }
    }
}
