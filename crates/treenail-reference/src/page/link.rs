//! Links to what is told elsewhere on the page.

use crate::composition::Composition;
use crate::document::{Inline, anchor, code};

/// A plugin or a component, with a link to where it is told; one that has no place is a code.
pub(super) fn link(composition: &Composition, id: &str) -> Inline {
    let mut components = composition.components.iter();
    let mut plugins = composition.plugins.iter();
    if components.any(|one| one.id == id) || plugins.any(|one| one.id == id) {
        return Inline::Link {
            code: id.to_owned(),
            to: anchor(&[id]),
        };
    }
    code(id)
}
