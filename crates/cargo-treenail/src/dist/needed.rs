//! Which packages of an edition a configuration needs.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use crate::description::{Description, Need};
use crate::features::Needed;

/// The packages of the plugins that a configuration names, and of those without which these do not compose.
///
/// # Errors
/// The configuration cannot be read, or names what nobody knows.
pub(super) fn packages(description: &Description, config: &Path) -> io::Result<BTreeSet<String>> {
    let mut plugins = Needed::of(description, config)?.plugins;
    let mut before = 0;
    while before < plugins.len() {
        before = plugins.len();
        for component in &description.components {
            let is_there =
                description.is_host(&component.plugin) || plugins.contains(&component.plugin);
            let needs = component.needs.iter().filter(|_| is_there);
            for need in needs.filter(|need| is_to_be_met(need)) {
                let providers = providers(description, need);
                if !providers.iter().any(|one| plugins.contains(one)) {
                    plugins.extend(providers);
                }
            }
        }
    }
    let there = description.plugins.iter();
    let there = there.filter(|one| plugins.contains(&one.id));
    Ok(there.map(|one| one.package.clone()).collect())
}

/// Whether nothing composes where nobody provides it.
fn is_to_be_met(need: &Need) -> bool {
    !matches!(need.form.as_str(), "optional" | "all" | "map" | "registry")
}

/// The plugins of which one has to be there: that of who is handed over where nothing else is said, or else all that provide it.
fn providers(description: &Description, need: &Need) -> Vec<String> {
    let chosen = need.default.as_ref().map(std::slice::from_ref);
    let ids = chosen.unwrap_or(&need.providers).iter();
    let found = ids.filter_map(|id| description.component(id));
    found.map(|one| one.plugin.clone()).collect()
}
