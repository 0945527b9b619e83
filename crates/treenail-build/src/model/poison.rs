//! What could not be read, and what later stages ask about it.

use std::collections::BTreeSet;

use super::component::ComponentDecl;
use super::registry::EntryDecl;
use super::type_expr::TypeExpr;

/// What a manifest says but could not be read. It has been reported; later stages use this to stay silent about the consequences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Poison {
    /// Anything may be missing: a file could not be read at all. Nothing that is absent (a plugin, a component, a provider)
    /// is then worth a report.
    pub(crate) anything: bool,
    /// Words of what could not be made sense of: what is not TOML, a table of a name that does not exist, a whole manifest.
    /// What is absent and has one of these for a name is not worth a report, see [`Poison::may_name`].
    pub(crate) words: BTreeSet<String>,
    /// A plugin that takes part has an id which is not known: any that is not there may be it, see [`Poison::may_be_plugin`].
    pub(crate) any_plugin: bool,
    /// A component that was left out has no name that could be guessed: any of its plugin's may be it.
    pub(crate) nameless: bool,
    /// Plugins with a component whose name may be another one than can be guessed; the id is empty where it is not known yet. Who
    /// is named for one of its services may be it.
    pub(crate) misnamed: BTreeSet<String>,
    /// Names of components that were left out; ids, where their plugin is known.
    pub(crate) components: BTreeSet<String>,
    /// `provides` (and `decorate`) entries that could not be read, and those of components that were left out. A missing
    /// provider is not reported where [`Poison::may_provide`] says yes.
    pub(crate) provides: Unread,
    /// Requirements that could not be read, and those of components that were left out. What they name may be in use, see
    /// [`Poison::may_need`].
    pub(crate) needs: Unread,
    /// Keys of `[bind]` lines that were left out. Several providers of such a service are not reported, see [`Poison::may_bind`].
    pub(crate) binds: Unread,
    /// Names of types that entries with services were to be made of, which were left out.
    pub(crate) wired: BTreeSet<String>,
    /// Registries of which an entry could not be read or was left out. That an entry of one is missing is not reported, see
    /// [`Poison::may_fill`].
    pub(crate) registries: Unread,
    /// Plugin ids of `[plugins]` lines that were left out in part or as a whole.
    pub(crate) rules: BTreeSet<String>,
    /// Left sides of `[alias]` lines that were left out.
    pub(crate) aliases: BTreeSet<String>,
    /// Keys of `[override]` entries that were left out: nothing more is said about these components.
    pub(crate) overrides: BTreeSet<String>,
}

/// Texts that were meant for types but are none, or whose types are left out: the words in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Unread {
    /// Each may be the name of the type that was meant.
    pub(crate) words: BTreeSet<String>,
    /// There was an empty text: it could be any type.
    pub(crate) any: bool,
}

impl Poison {
    /// Whether this name may stand in what could not be made sense of.
    pub(crate) fn may_name(&self, name: &str) -> bool {
        self.anything || self.words.contains(name)
    }

    /// Whether a plugin of this id, which is not there, may be one whose manifest could not be read. An id that is nearly one
    /// of those that are there is a slip of its own.
    pub(crate) fn may_be_plugin(&self, id: &str, is_near: bool) -> bool {
        self.may_name(id) || self.any_plugin && !is_near
    }

    /// Whether a component of this id may be one that could not be read.
    pub(crate) fn may_declare(&self, plugin: &str, name: &str) -> bool {
        self.may_name(plugin)
            || self.may_name(name)
            || self.components.contains(name)
            || self.components.contains(&format!("{plugin}:{name}"))
    }

    /// Remembers a text that could not be made sense of.
    pub(crate) fn absorb(&mut self, text: &str) {
        for other in ['_', '-'] {
            let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == other));
            remember(&mut self.words, words);
        }
    }

    /// Remembers the plugin of a package, of which nothing else is known.
    pub(crate) fn absorb_plugin(&mut self, package: &str) {
        self.absorb(package);
        self.any_plugin = true;
        self.provides.any = true;
        self.needs.any = true;
        self.registries.any = true;
    }

    /// Remembers a text in which there may be statements: nothing is known of what they are about.
    pub(crate) fn absorb_statements(&mut self, text: &str) {
        self.absorb(text);
        for line in text.lines() {
            let key = line.trim_start();
            let key = match key.chars().next() {
                Some(quote @ ('"' | '\'')) => key[1..].split(quote).next(),
                _ => key
                    .split(|c: char| c == '=' || c == '.' || c.is_whitespace())
                    .next(),
            };
            if let Some(key) = key.filter(|key| !key.is_empty()) {
                self.rules.insert(key.to_owned());
                self.aliases.insert(key.to_owned());
                self.overrides.insert(key.to_owned());
            }
        }
    }

    /// Whether something that could not be read may provide this service.
    pub(crate) fn may_provide(&self, service: &TypeExpr) -> bool {
        self.may_name(service.last_ident()) || self.provides.may_mean(service)
    }

    /// Whether something that could not be read names this service.
    pub(crate) fn names_provided(&self, service: &TypeExpr) -> bool {
        let name = service.last_ident();
        self.may_name(name) || self.provides.words.contains(name)
    }

    /// Whether something that could not be read may need what has this name.
    pub(crate) fn may_need(&self, name: &str) -> bool {
        self.may_name(name) || self.needs.any || self.needs.words.contains(name)
    }

    /// Whether a `[bind]` line that could not be read may be about this service.
    pub(crate) fn may_bind(&self, service: &TypeExpr) -> bool {
        self.may_name(service.last_ident()) || self.binds.may_mean(service)
    }

    /// Whether something that could not be read may be an entry of this registry.
    pub(crate) fn may_fill(&self, registry: &TypeExpr) -> bool {
        self.may_name(registry.last_ident()) || self.registries.may_mean(registry)
    }

    /// Leaves an entry out, and remembers what it would have been.
    pub(crate) fn leave_out_entry(&mut self, entry: &EntryDecl) {
        self.registries.absorb([entry.registry.value.to_string()]);
        let needs = entry.wired.iter().flat_map(|wired| &wired.needs);
        self.needs
            .absorb(needs.map(|need| need.service.value.to_string()));
    }

    /// Leaves a component out, and remembers what it would have been.
    pub(crate) fn leave_out(&mut self, component: &ComponentDecl) {
        self.components.insert(component.name.value.clone());
        let services = [&component.ty].into_iter().chain(&component.provides);
        self.provides
            .absorb(services.map(|service| service.value.to_string()));
        let needs = component.needs.iter();
        self.needs
            .absorb(needs.map(|need| need.service.value.to_string()));
    }

    /// What could not be read of this plugin's manifest: its components have ids.
    #[must_use]
    pub(crate) fn of_plugin(mut self, plugin: &str) -> Self {
        let names = std::mem::take(&mut self.components).into_iter();
        let ids = names.map(|name| match name.contains(':') {
            true => name,
            false => format!("{plugin}:{name}"),
        });
        self.components = ids.collect();
        if self.nameless {
            self.absorb(plugin);
        }
        if self.misnamed.remove("") {
            self.misnamed.insert(plugin.to_owned());
        }
        self
    }

    /// Adds what another layer could not read.
    pub(crate) fn merge(&mut self, other: &Poison) {
        self.anything |= other.anything;
        self.any_plugin |= other.any_plugin;
        self.words.extend(other.words.iter().cloned());
        self.misnamed.extend(other.misnamed.iter().cloned());
        self.components.extend(other.components.iter().cloned());
        self.provides.merge(&other.provides);
        self.needs.merge(&other.needs);
        self.binds.merge(&other.binds);
        self.wired.extend(other.wired.iter().cloned());
        self.registries.merge(&other.registries);
        self.rules.extend(other.rules.iter().cloned());
        self.aliases.extend(other.aliases.iter().cloned());
        self.overrides.extend(other.overrides.iter().cloned());
    }
}

impl Unread {
    /// Adds texts.
    pub(crate) fn absorb(&mut self, texts: impl IntoIterator<Item = impl AsRef<str>>) {
        for text in texts {
            let text = text.as_ref();
            self.any |= text.is_empty();
            let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            remember(&mut self.words, words);
        }
    }

    /// Whether one of the texts may have been meant for this type: it is empty, or the type's own name occurs in it.
    fn may_mean(&self, service: &TypeExpr) -> bool {
        self.any || self.words.contains(service.last_ident())
    }

    fn merge(&mut self, other: &Self) {
        self.any |= other.any;
        self.words.extend(other.words.iter().cloned());
    }
}

/// Adds words. A text may have the same few many times over.
fn remember<'t>(known: &mut BTreeSet<String>, words: impl Iterator<Item = &'t str>) {
    for word in words.filter(|word| !word.is_empty()) {
        if !known.contains(word) {
            known.insert(word.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Poison;
    use crate::model::type_path::parse;

    #[test]
    fn a_broken_text_may_mean_what_it_names() {
        let mut poison = Poison::default();
        poison.provides.absorb(["dyn a:Tickets + Send"]);
        assert!(poison.may_provide(&parse("dyn a::Tickets").expect("a type")));
        assert!(!poison.may_provide(&parse("dyn a::Ticket").expect("a type")));
        assert!(!poison.may_bind(&parse("dyn a::Tickets").expect("a type")));
        poison.binds.absorb([""]);
        assert!(poison.may_bind(&parse("dyn a::Tickets").expect("a type")));
        assert!(!poison.may_need("Tickets"));
    }
}
