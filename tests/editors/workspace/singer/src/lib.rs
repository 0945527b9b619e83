//! A plugin with `plugin!()`.

use api::Voice;
use treenail::{Component, Config, Deps};

treenail::plugin!();

/// A loud voice.
pub struct Singer;

impl Component for Singer {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Voice for Singer {
    fn say(&self, text: &str) -> String {
        text.to_uppercase()
    }
}

/// Names the inputs.
pub fn inputs(deps: SingerDeps) {
    let SingerDeps {} = deps;
}
