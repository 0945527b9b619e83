//! A plugin that may fail without taking the application down.

use schemars::JsonSchema;
use serde::Deserialize;
use treenail::{Component, Config, Deps, Error};

treenail::plugin!();

/// What a wheel is configured with.
#[derive(Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub struct WheelConfig {
    /// It cannot be built.
    flat: bool,
    /// How much it weighs.
    weight: Option<f64>,
}

/// A component of an optional plugin.
pub struct Wheel {
    /// How much it weighs.
    pub weight: Option<f64>,
}

impl Component for Wheel {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        match config.flat {
            true => Err(Error::msg("as told")),
            false => Ok(Self {
                weight: config.weight,
            }),
        }
    }
}
