//! A composition as it describes itself: `treenail_build::Composed::describe`, which says what each part means.

mod versions;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::Deserialize;
use serde_json::Value;
use treenail_build::{Composed, Message};

use crate::check::{level, report};
use crate::package::Package;

/// A composition. Services and registries are known by their types alone, without the versions of packages, where that tells them
/// apart.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Description {
    pub(crate) host: Host,
    pub(crate) overlays: Vec<String>,
    pub(crate) plugins: Vec<Plugin>,
    pub(crate) components: Vec<Component>,
    pub(crate) critical_path: Vec<String>,
    pub(crate) services: Vec<Service>,
    pub(crate) registries: Vec<Registry>,
    pub(crate) aliases: BTreeMap<String, String>,
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) needs_feature: Vec<NeedsFeature>,
    /// Features of the host's package that bring plugins, and default ones that bring none.
    #[serde(default)]
    pub(crate) features: Vec<HostFeature>,
    pub(crate) settings: Vec<Setting>,
    #[serde(default)]
    pub(crate) mistakes: Vec<Mistake>,
    /// Versions of the packages in which services and registries live, by name.
    #[serde(skip)]
    pub(crate) contracts: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Host {
    pub(crate) package: String,
    pub(crate) version: String,
    pub(crate) api: String,
    pub(crate) root: String,
    pub(crate) logging: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Plugin {
    pub(crate) id: String,
    pub(crate) package: String,
    pub(crate) version: String,
    pub(crate) manifest: String,
    pub(crate) optional: bool,
    pub(crate) description: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Component {
    pub(crate) id: String,
    pub(crate) plugin: String,
    #[serde(rename = "type")]
    pub(crate) ty: String,
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) scope: String,
    pub(crate) configured: bool,
    pub(crate) description: Option<String>,
    pub(crate) provides: Vec<String>,
    pub(crate) decorates: Option<String>,
    pub(crate) needs: Vec<Need>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Need {
    pub(crate) field: String,
    pub(crate) service: String,
    pub(crate) form: String,
    pub(crate) named: bool,
    pub(crate) providers: Vec<String>,
    pub(crate) default: Option<String>,
    pub(crate) wrapped_by: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Service {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) providers: Vec<String>,
    pub(crate) decorators: Vec<String>,
    pub(crate) winner: Option<String>,
    pub(crate) optional: bool,
    /// The runtime itself answers where nobody provides it.
    pub(crate) runtime: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Registry {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) entries: Vec<Entry>,
    pub(crate) left_out: Vec<LeftOutEntry>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) plugin: String,
    pub(crate) at: String,
    pub(crate) value: Option<String>,
    #[serde(rename = "type")]
    pub(crate) ty: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) made_by: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LeftOutEntry {
    pub(crate) key: String,
    pub(crate) plugin: String,
    pub(crate) why: String,
    pub(crate) at: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LeftOut {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) provides: Vec<String>,
    #[serde(default)]
    pub(crate) lost_to: Vec<Win>,
    pub(crate) only_needed_by: Option<String>,
    pub(crate) switched_off_at: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Win {
    pub(crate) winner: String,
    pub(crate) at: String,
}

impl Service {
    /// Who answers where nothing else is said, for people.
    pub(crate) fn answer(&self) -> String {
        match &self.winner {
            Some(winner) => format!("`{winner}`"),
            None if self.runtime => "the runtime".to_owned(),
            None => "nobody".to_owned(),
        }
    }
}

impl LeftOut {
    /// Whether it is because of others, and not switched off.
    pub(crate) fn is_consequence(&self) -> bool {
        self.switched_off_at.is_none()
    }
}

/// What features keep out.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct NeedsFeature {
    /// All that it is called.
    pub(crate) names: Vec<String>,
    pub(crate) features: Vec<String>,
    /// The package of the plugin, where all of it is out.
    pub(crate) package: Option<String>,
}

/// A feature of the host's package.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct HostFeature {
    pub(crate) name: String,
    /// The packages of the plugins that it brings.
    pub(crate) packages: Vec<String>,
    /// It is one of those that `default` names.
    pub(crate) default: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Setting {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) registry: Option<String>,
    #[serde(flatten)]
    pub(crate) counts: Statement,
    pub(crate) weaker: Vec<Statement>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Statement {
    pub(crate) says: String,
    pub(crate) at: String,
    pub(crate) layer: String,
    pub(crate) priority: u32,
}

/// What is wrong, and what it touches.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Mistake {
    pub(crate) code: String,
    pub(crate) severity: String,
    pub(crate) title: String,
    pub(crate) at: Option<String>,
    pub(crate) plugin: Option<String>,
    pub(crate) components: Vec<String>,
}

impl Description {
    /// The composition of one package; `None` with mistakes, which are printed.
    pub(crate) fn of(package: &Package) -> io::Result<Option<Self>> {
        Self::composed(&package.compose_one()?)
    }

    /// What was composed; `None` with mistakes, which are printed.
    pub(crate) fn composed(composed: &Composed) -> io::Result<Option<Self>> {
        match composed.describe() {
            Some(description) => Self::read(&description).map(Some),
            None if composed.has_errors() => report([composed].into_iter()).map(|()| None),
            None => Err(io::Error::other(
                "a plugin alone composes nothing: this manifest has no [host]",
            )),
        }
    }

    /// One that was made; `None` with mistakes.
    pub(crate) fn of_composed(composed: &Composed) -> io::Result<Option<Self>> {
        let description = composed.describe();
        description.map(|text| Self::read(&text)).transpose()
    }

    /// Where nothing could be composed: mistakes alone.
    pub(crate) fn nothing(messages: &[Message]) -> Self {
        let mistakes = messages.iter().map(|one| Mistake {
            code: one.code.to_owned(),
            severity: level(one.severity).to_owned(),
            title: one.title.clone(),
            at: one.place(),
            plugin: None,
            components: Vec::new(),
        });
        Self {
            mistakes: mistakes.collect(),
            ..Self::default()
        }
    }

    /// Reads one from its text.
    pub(crate) fn read(text: &str) -> io::Result<Self> {
        let document: Value = serde_json::from_str(text)?;
        if document["format"] != 1 {
            return Err(io::Error::other(format!(
                "it is no composition of format 1, but of {}",
                document["format"]
            )));
        }
        let mut read: Self = serde_json::from_value(document)?;
        read.leave_out_versions();
        Ok(read)
    }

    /// Whether a plugin is the host's own part.
    pub(crate) fn is_host(&self, plugin: &str) -> bool {
        let plugin = self.plugin(plugin);
        plugin.is_some_and(|plugin| plugin.package == self.host.package)
    }

    pub(crate) fn plugin(&self, id: &str) -> Option<&Plugin> {
        self.plugins.iter().find(|one| one.id == id)
    }

    pub(crate) fn component(&self, id: &str) -> Option<&Component> {
        self.components.iter().find(|one| one.id == id)
    }

    pub(crate) fn service(&self, key: &str) -> Option<&Service> {
        self.services.iter().find(|one| one.key == key)
    }

    /// A service or a registry for people.
    pub(crate) fn name<'a>(&'a self, key: &'a str) -> &'a str {
        let registries = self.registries.iter().map(|one| (&one.key, &one.name));
        let mut all = self
            .services
            .iter()
            .map(|one| (&one.key, &one.name))
            .chain(registries);
        all.find(|(one, _)| *one == key)
            .map_or(key, |(_, name)| name)
    }

    pub(crate) fn left_out(&self, name: &str) -> Option<&LeftOut> {
        self.left_out.iter().find(|one| one.name == name)
    }

    /// The features that would bring what is not there.
    pub(crate) fn features_for(&self, name: &str) -> Option<&[String]> {
        let mut absent = self.needs_feature.iter();
        let absent = absent.find(|one| one.names.iter().any(|one| one == name));
        absent.map(|one| one.features.as_slice())
    }

    pub(crate) fn setting(&self, kind: &str, name: &str, key: &str) -> Option<&Setting> {
        let mut settings = self.settings.iter();
        settings.find(|one| one.kind == kind && one.name == name && one.key == key)
    }

    /// Every requirement, with whose it is.
    pub(crate) fn needs(&self) -> impl Iterator<Item = (&Component, &Need)> + Clone {
        let all = self.components.iter();
        all.flat_map(|one| one.needs.iter().map(move |need| (one, need)))
    }

    /// Who is handed a component, each with its field; what wraps it is handed it too.
    pub(crate) fn needers<'a>(
        &'a self,
        id: &'a str,
    ) -> impl Iterator<Item = (&'a Component, &'a Need)> {
        let others = self.needs().filter(move |(needer, _)| needer.id != id);
        others.filter(move |(_, need)| need.reaches(id))
    }
}

impl Component {
    /// Whether it is an entry of a registry, which is told as such.
    pub(crate) fn is_entry(&self) -> bool {
        self.kind == "entry"
    }
}

impl Setting {
    /// Whether it says whose entry of a registry counts.
    pub(crate) fn is_of_entry(&self, registry: &Registry, entry: &Entry) -> bool {
        self.kind == "entry"
            && self.name == entry.key
            && self.registry.as_ref() == Some(&registry.name)
    }
}

impl Need {
    /// Whether one component answers it, where one does.
    pub(crate) fn is_for_one(&self) -> bool {
        matches!(self.form.as_str(), "one" | "optional" | "lazy" | "current")
    }

    /// Whether somebody has to answer it and nobody does, which is a mistake.
    pub(crate) fn lacks_answer(&self) -> bool {
        matches!(self.form.as_str(), "one" | "lazy") && self.reached().next().is_none()
    }

    /// Whether a component is handed over for it, or part of what is.
    pub(crate) fn reaches(&self, id: &str) -> bool {
        self.reached().any(|one| one == id)
    }

    /// Who is handed over for it, or part of what is.
    pub(crate) fn reached(&self) -> impl Iterator<Item = &String> {
        let providers = match &self.default {
            Some(default) => std::slice::from_ref(default),
            None => &self.providers,
        };
        providers.iter().chain(&self.wrapped_by)
    }
}
