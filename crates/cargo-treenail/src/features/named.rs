//! What a configuration names: components and plugins, by their ids and aliases.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use serde_yaml::{Mapping, Value};
use treenail_core::nearest::nearest;

use crate::description::{Description, NeedsFeature};

/// What a configuration names.
pub(super) struct Named<'d> {
    description: &'d Description,
    /// Components that are there.
    pub(super) components: BTreeSet<String>,
    /// Plugins that are there.
    pub(super) plugins: BTreeSet<String>,
    /// What features would bring.
    pub(super) absent: Vec<&'d NeedsFeature>,
    /// What nobody knows, each with its place.
    unknown: Vec<String>,
}

impl<'d> Named<'d> {
    /// What the configuration in a file names.
    ///
    /// # Errors
    /// It cannot be read, or names what nobody knows.
    pub(super) fn in_file(description: &'d Description, file: &Path) -> io::Result<Self> {
        let refused = |why: String| io::Error::other(format!("`{}` {why}", file.display()));
        let text = std::fs::read_to_string(file)
            .map_err(|error| refused(format!("cannot be read: {error}")))?;
        let no_yaml = |error| refused(format!("is no YAML: {error}"));
        let mut document: Value = serde_yaml::from_str(&text).map_err(no_yaml)?;
        document.apply_merge().map_err(no_yaml)?;
        let host = &description.host;
        let aliases = description.aliases.iter();
        let aliases = aliases.filter(|(_, to)| **to == host.root);
        let mut roots = std::iter::once(&host.root).chain(aliases.map(|(from, _)| from));
        let Some((key, root)) = roots.find_map(|key| Some((key, document.get(key)?))) else {
            let (root, package) = (&host.root, &host.package);
            return Err(refused(format!(
                "configures another application: it has no `{root}`, the root key of `{package}`"
            )));
        };
        let mut named = Self {
            description,
            components: BTreeSet::new(),
            plugins: BTreeSet::new(),
            absent: Vec::new(),
            unknown: Vec::new(),
        };
        named.sections(root, key);
        match named.unknown.is_empty() {
            true => Ok(named),
            false => Err(refused(format!(
                "names what `{}` does not know\n  {}",
                host.package,
                named.unknown.join("\n  ")
            ))),
        }
    }

    fn sections(&mut self, root: &Value, path: &str) {
        let section = |name: &str| root.get(name).and_then(Value::as_mapping);
        for (id, _) in texts(section("components")) {
            self.component(id, &format!("{path}.components"));
        }
        for (name, service) in texts(section("services")) {
            self.used(service, &format!("{path}.services.{name}"));
        }
        let plugins = root.get("plugins").and_then(Value::as_sequence);
        for (number, plugin) in plugins.into_iter().flatten().enumerate() {
            if let Some(name) = plugin.get("name").and_then(Value::as_str) {
                self.plugin(name, &format!("{path}.plugins[{number}].name"));
            }
        }
        if let Some(root) = root.get("orchestrator") {
            self.steps(root, &format!("{path}.orchestrator"));
        }
    }

    /// A step, and those inside it, wherever it keeps them.
    fn steps(&mut self, step: &Value, path: &str) {
        self.used(step, path);
        for (number, item) in step.as_sequence().into_iter().flatten().enumerate() {
            self.steps(item, &format!("{path}[{number}]"));
        }
        for (key, value) in texts(step.as_mapping()) {
            self.steps(value, &format!("{path}.{key}"));
        }
    }

    fn used(&mut self, value: &Value, path: &str) {
        if let Some(name) = value.get("use").and_then(Value::as_str) {
            self.component(name, &format!("{path}.use"));
        }
    }

    fn component(&mut self, name: &str, path: &str) {
        let description = self.description;
        let id = description.aliases.get(name).map_or(name, String::as_str);
        if description.component(id).is_some() {
            self.components.insert(id.to_owned());
            return;
        }
        let plugin = name.split_once(':').map_or(name, |(plugin, _)| plugin);
        let known = description.components.iter().map(|one| one.id.as_str());
        let known = known.chain(description.aliases.keys().map(String::as_str));
        self.missing(&[name, plugin], path, nearest(name, known));
    }

    fn plugin(&mut self, name: &str, path: &str) {
        let description = self.description;
        let mut all = description.plugins.iter();
        if let Some(plugin) = all.find(|one| one.id == name || one.package == name) {
            self.plugins.insert(plugin.id.clone());
        } else if !description.aliases.contains_key(name) {
            // An alias for a plugin says what stands in its place.
            let known = description.plugins.iter().map(|one| one.id.as_str());
            self.missing(&[name], path, nearest(name, known));
        }
    }

    /// What is not there, by what it may be called: a feature would bring it, or nobody knows it.
    fn missing(&mut self, names: &[&str], path: &str, near: Option<String>) {
        let is_it = |one: &&NeedsFeature| {
            let known = one.names.iter();
            known
                .into_iter()
                .any(|known| names.contains(&known.as_str()))
        };
        let absent = self.description.needs_feature.iter().find(is_it);
        match absent {
            Some(absent) => self.absent.push(absent),
            None => {
                let meant = near.map(|near| format!(": did you mean `{near}`?"));
                let (name, meant) = (names[0], meant.unwrap_or_default());
                self.unknown.push(format!("`{name}`, at `{path}`{meant}"));
            }
        }
    }
}

/// The values of a map, with those of their keys that are texts.
fn texts(map: Option<&Mapping>) -> impl Iterator<Item = (&str, &Value)> {
    let pairs = map.into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.as_str()?, value)))
}
