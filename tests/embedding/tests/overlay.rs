//! One file, two compositions: as it is, and with a test double in the place of a plugin.

use contract::Store;
use treenail::{Component, Config, Deps, Settings};

mod real {
    treenail::compose!("overlay.toml");
}

mod doubled {
    treenail::compose!("overlay.toml", overlay = "test");
}

/// A store that says nothing.
pub struct Silent;

impl Component for Silent {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Store for Silent {
    fn name(&self) -> String {
        String::new()
    }
}

#[tokio::test]
async fn an_overlay_replaces_a_plugin() {
    let app = real::App::start(Settings::none()).await.unwrap();
    assert_eq!(app.get::<dyn Store>().name(), "storage");
    app.stop().await;
    let app = doubled::App::start(Settings::none()).await.unwrap();
    assert_eq!(app.get::<dyn Store>().name(), "");
    assert_eq!(
        app.all::<dyn Store>().len(),
        2,
        "the archive is still there"
    );
    app.stop().await;
}
