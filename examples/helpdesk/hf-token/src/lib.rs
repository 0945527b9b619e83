//! Which token the helpdesk's plugins show to Hugging Face: of several, the one that was said nearest to the request.

use helpdesk_api::{ExposeSecret, SecretString};

/// The tokens that the environment of a process has for everybody in it.
///
/// ```
/// use helpdesk_hf_token::Tokens;
/// use helpdesk_api::{ExposeSecret, SecretString};
///
/// let tokens = Tokens { hf_token: Some("of the process".into()), ..Tokens::default() };
/// let of_service = SecretString::from("of the service");
/// let token = tokens.nearest(None, Some(&of_service)).expect("one");
/// assert_eq!(token.expose_secret(), "of the service");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// `HF_TOKEN`
    pub hf_token: Option<SecretString>,
    /// `HUGGING_FACE_HUB_TOKEN`, the older name of `HF_TOKEN`.
    pub hub_token: Option<SecretString>,
}

impl Tokens {
    /// The tokens in the environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let variable = |name| std::env::var(name).ok().map(SecretString::from);
        Self {
            hf_token: variable("HF_TOKEN"),
            hub_token: variable("HUGGING_FACE_HUB_TOKEN"),
        }
    }

    /// The request's own token, else that of the service, else one of these. An empty one is none.
    #[must_use]
    pub fn nearest<'a>(
        &'a self,
        of_request: Option<&'a SecretString>,
        of_service: Option<&'a SecretString>,
    ) -> Option<&'a SecretString> {
        let of_process = [self.hf_token.as_ref(), self.hub_token.as_ref()];
        [of_request, of_service]
            .into_iter()
            .chain(of_process)
            .flatten()
            .find(|token| !token.expose_secret().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_token_wins_and_an_empty_one_is_none() {
        let [request, service, empty] = ["request", "service", ""].map(SecretString::from);
        let mut tokens = Tokens {
            hf_token: Some("HF_TOKEN".into()),
            hub_token: Some("HUGGING_FACE_HUB_TOKEN".into()),
        };
        let expect = |tokens: &Tokens, request, service, wanted: Option<&str>| {
            let found = tokens.nearest(request, service);
            assert_eq!(found.map(ExposeSecret::expose_secret), wanted);
        };
        expect(&tokens, Some(&request), Some(&service), Some("request"));
        expect(&tokens, Some(&empty), Some(&service), Some("service"));
        expect(&tokens, None, Some(&service), Some("service"));
        expect(&tokens, None, Some(&empty), Some("HF_TOKEN"));
        tokens.hf_token = Some("".into());
        expect(&tokens, None, None, Some("HUGGING_FACE_HUB_TOKEN"));
        tokens.hub_token = None;
        expect(&tokens, None, None, None);
    }
}
