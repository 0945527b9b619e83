//! Components of three layers, as many of each as a configuration names.

use std::fmt::Write as _;
use std::sync::Arc;

use treenail::{Component, Config, Deps, Result, Settings};

treenail::compose!();

/// How a component is configured.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct NodeConfig {
    #[allow(dead_code, reason = "that it differs is what matters")]
    value: u32,
}

macro_rules! layer {
    ($Type:ident $(holds $below:ident: $Below:ident)?) => {
        /// A component of one layer.
        pub struct $Type {
            $(_below: Arc<$Below>,)?
        }

        impl Component for $Type {
            #[allow(unused_variables)]
            async fn build(deps: Deps<Self>, _: Config<Self>) -> Result<Self> {
                Ok(Self { $(_below: deps.$below)? })
            }
        }
    };
}
layer!(Ground);
layer!(Middle holds below: Ground);
layer!(Top holds below: Middle);

/// How many components there are of each layer.
pub type Layers = [(&'static str, usize); 3];

/// So many components: of the first layer one in a hundred, of the second nine, and all others of the third. Each but those of the
/// first holds one of the layer below.
pub fn layers(components: usize) -> Layers {
    let (ground, middle) = (components.div_ceil(100), components * 9 / 100);
    let top = components - ground - middle;
    [("Ground", ground), ("Middle", middle), ("Top", top)]
}

/// A component, and what it holds.
pub fn names(layers: Layers) -> Vec<(String, Option<String>)> {
    let mut names = Vec::new();
    let mut below: Option<(&str, usize)> = None;
    for (layer, count) in layers {
        for number in 0..count {
            let held = below.map(|(layer, count)| format!("{layer}{}", number % count));
            names.push((format!("{layer}{number}"), held));
        }
        below = Some((layer, count));
    }
    names
}

/// Their configuration; `changed` has this value, and all others 0.
///
/// # Panics
/// If it is no YAML.
pub fn settings(layers: Layers, changed: &str, value: u32) -> Settings {
    let mut text = "app:\n  services:\n".to_owned();
    for (name, held) in names(layers) {
        let layer = name.trim_end_matches(|one: char| one.is_ascii_digit());
        let value = if name == changed { value } else { 0 };
        let injects = held.map_or_else(String::new, |held| {
            format!(", injects: {{ below: {held} }}")
        });
        let _ = writeln!(
            text,
            "    {name}: {{ use: 'app:{layer}', params: {{ value: {value} }}{injects} }}"
        );
    }
    Settings::yaml("app.yml", &text).expect("YAML")
}
