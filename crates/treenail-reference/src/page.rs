//! What stands on the page, and in which words.

mod absent;
mod configuration;
mod link;
mod parts;
mod plugins;
mod registries;
mod rows;

use serde_json::Value;

use crate::composition::Composition;
use crate::document::{Block, Document, text};
pub(crate) use parts::Parts;

/// The page of a composition.
pub(crate) fn document(composition: &Composition, schema: Option<&Value>) -> Document {
    let parts = schema.and_then(|schema| Parts::of(composition, schema));
    let mut page = Document {
        title: format!("Reference of {} {}", composition.host, composition.api),
        ..Document::default()
    };
    page.say(vec![text(
        "What this program is made of, and every key that its configuration may have. This page is generated from the manifests of \
         its plugins and from the schema of its configuration: to change it, change those, and print it again.",
    )]);
    page.blocks.push(Block::Contents);
    configuration::tell(&mut page, composition, parts.as_ref());
    plugins::tell(&mut page, composition, parts.as_ref());
    registries::tell(&mut page, composition);
    absent::tell(&mut page, composition);
    page
}
