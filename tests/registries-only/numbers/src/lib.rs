//! Checks of numbers, one of which needs a component.

treenail::plugin!();

/// Whether it is digits alone.
pub fn is_digits(text: &str) -> bool {
    text.chars().all(|sign| sign.is_ascii_digit())
}

/// How large a number may be.
pub struct Limits {
    most: u32,
}

#[cfg(feature = "lifecycle")]
impl treenail::Component for Limits {
    async fn build(_: treenail::Deps<Self>, _: treenail::Config<Self>) -> treenail::Result<Self> {
        Ok(Self { most: 100 })
    }
}

/// Whether it is a number within the limits.
pub struct Limited;

impl api::Check for Limited {
    fn passes(deps: &Self::Deps, text: &str) -> bool {
        text.parse::<u32>()
            .is_ok_and(|number| number <= deps.limits.most)
    }
}
