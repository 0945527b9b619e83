//! Committed code of a format that this runtime does not know: one sentence, whatever the crate does with what is not there.

use treenail::{Component, Config, Deps, Settings};

treenail::__generated! {
format 99; built by "9.9.9";
in place of [App] [DeskDeps];
needs [nothing that is known here];

this is not even Rust
}

pub struct Desk(DeskDeps);

impl Component for Desk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        let _ = &deps.clock;
        Ok(Self(deps))
    }
}

async fn start() -> treenail::Result<()> {
    let app = App::start(Settings::none()).await?;
    app.get::<Desk>();
    app.run().await
}

fn main() {
    let _ = start;
}
