//! What the service takes from the environment of the process.

use helpdesk_hf_token::Tokens;

/// The environment of a process, as far as it matters here.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Tokens for whoever has none of his own.
    pub tokens: Tokens,
    /// `HF_HUB_OFFLINE`: nothing but the cache is asked.
    pub offline: bool,
}

impl Environment {
    /// The environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let offline = std::env::var("HF_HUB_OFFLINE");
        Self {
            tokens: Tokens::of_process(),
            offline: offline.is_ok_and(|value| says_yes(&value)),
        }
    }
}

/// As `huggingface_hub` reads its switches.
fn says_yes(value: &str) -> bool {
    ["1", "on", "yes", "true"]
        .iter()
        .any(|yes| value.eq_ignore_ascii_case(yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_is_on_with_the_words_of_huggingface_hub() {
        assert!(["1", "ON", "yes", "True"].into_iter().all(says_yes));
        assert!(!["", "0", "off", "no"].into_iter().any(says_yes));
    }
}
