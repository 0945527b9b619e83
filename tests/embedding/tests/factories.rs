//! Factories: values of typed configuration, made under keys, with services where they need them.

use std::sync::Arc;

use treenail::{
    Component, Config, Deps, Factories, FactoryEntries as _, Make, Settings, schemars, serde,
};

treenail::compose!("factories.toml");

/// What is made.
pub trait Wall {
    /// What it looks like.
    fn look(&self) -> String;
}

impl Wall for String {
    fn look(&self) -> String {
        self.clone()
    }
}

/// A service.
pub struct Paint;

impl Component for Paint {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

/// How high a wall shall be.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "treenail::serde")]
#[schemars(crate = "treenail::schemars")]
pub struct Size {
    height: u8,
}

/// Needs nothing.
pub struct Plain;

impl Make<Box<dyn Wall>> for Plain {
    type Config = Size;

    fn make(_: &PlainDeps, size: Size) -> treenail::Result<Box<dyn Wall>> {
        Ok(Box::new(format!("plain, {}", size.height)))
    }
}

/// Needs paint.
pub struct Painted;

impl Make<Box<dyn Wall>> for Painted {
    type Config = Size;

    fn make(deps: &PaintedDeps, size: Size) -> treenail::Result<Box<dyn Wall>> {
        Ok(Box::new(format!(
            "painted by {}, {}",
            Arc::strong_count(&deps.paint),
            size.height
        )))
    }
}

#[tokio::test]
async fn factories_make_values_of_any_format() {
    let app = App::start(Settings::none()).await.unwrap();
    let walls = app.registry::<Factories<Box<dyn Wall>>>();
    let plain = walls
        .build("plain", serde_json::json!({"height": 3}))
        .unwrap();
    assert_eq!(plain.look(), "plain, 3");
    let table: toml::Table = toml::from_str("height = 4").unwrap();
    let painted = walls.build("painted", table).unwrap();
    assert!(
        painted.look().starts_with("painted by "),
        "{}",
        painted.look()
    );
    let wrong = walls.build("plain", serde_json::json!({"height": 3, "hight": 4}));
    assert_eq!(
        wrong.err().unwrap().to_string(),
        "`plain`: unknown field `hight`: did you mean `height`?"
    );
    app.stop().await;
}
