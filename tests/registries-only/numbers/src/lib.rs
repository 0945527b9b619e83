//! Checks of numbers, of which one needs a component, and one what only a runtime with a lifecycle has.

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

/// Whether it is a number of seconds that the clock reaches.
pub struct Reached;

#[cfg(feature = "lifecycle")]
impl api::Check for Reached {
    fn passes(deps: &Self::Deps, text: &str) -> bool {
        let seconds = text.parse().map(std::time::Duration::from_secs);
        seconds.is_ok_and(|seconds| deps.clock.now().checked_add(seconds).is_some())
    }
}
