//! What a configuration needs of a program: plugins, and the features that bring them.

use std::collections::BTreeSet;
use std::fmt;

use treenail_core::features::{Feature, command_line, fewest};

use super::context::Context;
use super::document::root;
use super::names::Names;
use super::vocabulary;
use crate::config::problem::{ConfigError, Origin, Path, ProblemKind, Problems};
use crate::config::read::{Kind, Node, Settings, UnreadValue};
use crate::container::{Form, Need, Scope, Table};

/// What a configuration needs of a program: its `Display` is what Cargo is told on the command line.
///
/// ```ignore
/// println!("{}", App::features(&Settings::file("config.yml")?)?); // --no-default-features --features health,zammad
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Features {
    /// The plugins: by their ids, and by their packages where they are not in this program. Those that the configuration names,
    /// and those of whom these need services.
    pub plugins: BTreeSet<String>,
    /// The features of the program's package that bring them, without those that others switch on. Where default ones bring no
    /// plugin, these are among them. Empty where all of the plugins are always there.
    pub features: BTreeSet<String>,
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&command_line(self.features.iter().map(String::as_str)))
    }
}

/// What a configuration needs of a program that has these features.
///
/// # Errors
/// It cannot be read, or names what nobody knows.
pub(crate) fn features(
    table: &'static Table,
    features: &[Feature<'static>],
    settings: &Settings,
) -> Result<Features, ConfigError> {
    let mut loaded = vocabulary::load(table, settings);
    let unread = std::mem::take(&mut loaded.unread);
    let context = Context::new(table, settings.redactor(), loaded.environment.clone());
    let mut problems = Problems::new(&loaded.layers);
    let Ok(root) = root(&context, &loaded, settings.has_source(), &mut problems) else {
        return Err(problems.into_error());
    };
    for UnreadValue { path, origin, kind } in unread {
        problems.add_at(path, origin, *kind);
    }
    let mut named = Named {
        table,
        names: &context.names,
        components: BTreeSet::new(),
        plugins: BTreeSet::new(),
        absent: BTreeSet::new(),
        problems: &mut problems,
    };
    if let Some(root) = root {
        named.document(&root.value, &Path::Root.key(&root.key));
    }
    let found = named.needed(features);
    problems.redact(&context.redactor);
    problems.unless_any(found)
}

/// What has been found so far in a configuration.
struct Named<'n, 'l> {
    table: &'static Table,
    names: &'n Names,
    components: BTreeSet<usize>,
    /// Numbers of plugins that are named themselves.
    plugins: BTreeSet<usize>,
    /// Numbers of plugins that are not in this program.
    absent: BTreeSet<usize>,
    problems: &'n mut Problems<'l>,
}

impl Named<'_, '_> {
    fn document(&mut self, root: &Node, path: &Path<'_>) {
        for (section, node) in ["components", "services", "plugins", "orchestrator"]
            .iter()
            .filter_map(|section| Some((*section, root.given(section)?)))
        {
            let path = path.key(section);
            match section {
                "components" => {
                    for pair in node.pairs().unwrap_or_default() {
                        self.component(&pair.key, pair.key_origin, &path.key(&pair.key));
                    }
                }
                "services" => {
                    for pair in node.pairs().unwrap_or_default() {
                        self.used(&pair.value, &path.key(&pair.key));
                    }
                }
                "plugins" => self.plugins(node, &path),
                _ => self.steps(node, &path),
            }
        }
    }

    /// A step, and those inside it, wherever it keeps them.
    fn steps(&mut self, node: &Node, path: &Path<'_>) {
        self.used(node, path);
        match &node.kind {
            Kind::List(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.steps(item, &path.item(number));
                }
            }
            _ => {
                for pair in node.pairs().unwrap_or_default() {
                    self.steps(&pair.value, &path.key(&pair.key));
                }
            }
        }
    }

    fn used(&mut self, node: &Node, path: &Path<'_>) {
        if let Some(node) = node.given("use")
            && let Some(name) = node.text()
        {
            self.component(name, node.origin, &path.key("use"));
        }
    }

    fn plugins(&mut self, node: &Node, path: &Path<'_>) {
        let Kind::List(items) = &node.kind else {
            return;
        };
        for (number, item) in items.iter().enumerate() {
            let Some(node) = item.given("name") else {
                continue;
            };
            let Some(name) = node.text() else { continue };
            let is_it = |id: &str, package: &str| id == name || package == name;
            let all = &mut self.table.plugins.iter();
            match all.position(|one| is_it(one.id, one.package)) {
                Some(plugin) => drop(self.plugins.insert(plugin)),
                // An alias for a plugin says what stands in its place.
                None if self.names.plugin(name).is_some() => {}
                None => {
                    let kind = self.names.unknown_plugin(name);
                    self.missing(name, kind, node.origin, &path.item(number).key("name"));
                }
            }
        }
    }

    fn component(&mut self, name: &str, origin: Origin, path: &Path<'_>) {
        match self.names.component(name) {
            Some(component) => drop(self.components.insert(component)),
            None => {
                let kind = self.names.unknown_component(name, |_| true);
                self.missing(name, kind, origin, path);
            }
        }
    }

    /// What is not there: a feature would bring it, or nobody knows it.
    fn missing(&mut self, name: &str, kind: ProblemKind, origin: Origin, path: &Path<'_>) {
        let plugin = name.split_once(':').map_or(name, |(plugin, _)| plugin);
        let mut absent = self.table.absent.iter();
        let absent = absent.position(|one| one.names.contains(&plugin));
        match (&kind, absent) {
            (ProblemKind::FeatureMissing { .. }, Some(absent)) => {
                self.absent.insert(absent);
            }
            _ => self.problems.add(path, origin, kind),
        }
    }

    /// All that is needed for what is named, and the features that bring it.
    fn needed(mut self, all: &[Feature<'static>]) -> Features {
        let own = self.table.components.iter().enumerate();
        // The host's own components are there whatever is configured.
        let own = own.filter(|(_, one)| {
            let plugin = &self.table.plugins[one.plugin];
            plugin.package == self.table.host && one.scope != Scope::Instance
        });
        self.components.extend(own.map(|(number, _)| number));
        let mut pending: Vec<usize> = self.components.iter().copied().collect();
        while let Some(component) = pending.pop() {
            let needs = self.table.components[component].needs.iter();
            for provider in needs.flat_map(|need| handed_over(self.table, need)) {
                if self.components.insert(provider) {
                    pending.push(provider);
                }
            }
        }
        let here = self.components.iter();
        let here = here.map(|component| self.table.components[*component].plugin);
        let here: BTreeSet<usize> = here.chain(self.plugins.iter().copied()).collect();
        let here = here.iter().map(|plugin| &self.table.plugins[*plugin]);
        let here: Vec<_> = here.filter(|one| one.package != self.table.host).collect();
        let absent: Vec<_> = (self.absent.iter())
            .map(|absent| &self.table.absent[*absent])
            .collect();
        let packages: BTreeSet<&str> = (here.iter().map(|one| one.package))
            .chain(absent.iter().map(|one| one.package))
            .collect();
        let is_known = |feature: &str| all.iter().any(|one| one.name == feature);
        // Such as one of a dependency, `name/feature`.
        let others = absent.iter().map(|one| one.feature);
        let others = others.filter(|feature| !is_known(feature));
        let features = fewest(all, |package| packages.contains(package));
        Features {
            plugins: (here.iter().map(|one| one.id))
                .chain(absent.iter().map(|one| one.package))
                .map(str::to_owned)
                .collect(),
            features: features
                .into_iter()
                .chain(others)
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// Who is handed over without a word of the configuration. What may be absent is not needed.
fn handed_over(table: &'static Table, need: &'static Need) -> impl Iterator<Item = usize> {
    let all = match (need.default, need.form) {
        (_, Form::Optional) => &[],
        (None, Form::All | Form::Map | Form::Registry) => need.providers,
        _ => need.default.as_slice(),
    };
    let is_there = |one: &usize| table.components[*one].scope != Scope::Instance;
    all.iter().copied().filter(is_there)
}
