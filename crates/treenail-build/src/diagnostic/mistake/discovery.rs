//! Mistakes about packages, and which of them are plugins: TN01. A list, and so longer than other files.

use std::sync::Arc;

use super::{Mistake, Named, Role};
use crate::diagnostic::words::{Words, all_of};
use crate::diagnostic::{Code, Severity};
use crate::model::{Absent, Undeclared};
use crate::source::Origin;

/// TN0101: Cargo does not say which packages there are. At: nowhere.
pub(crate) struct CargoFailed {
    /// What went wrong.
    pub(crate) fault: CargoFault,
    /// What it was asked, as a command in the folder of the package.
    pub(crate) asked: String,
    /// Cargo's own words, or the system's.
    pub(crate) words: String,
}

/// Why `cargo metadata` gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CargoFault {
    /// The program could not be started.
    NotStarted,
    /// It ended with an error.
    Failed,
    /// Its output was not understood.
    Output,
    /// It knows no package for this manifest (a virtual workspace).
    NoRoot,
    /// It does not find what an edition is made of. At: the line of `[distribution]`.
    Edition,
}

impl CargoFailed {
    /// Why there is no answer about an edition, whose manifest says what was asked for.
    pub(crate) fn of_edition(self, is_edition: bool) -> Self {
        match self.fault {
            CargoFault::Failed if is_edition => Self {
                fault: CargoFault::Edition,
                ..self
            },
            _ => self,
        }
    }
}

impl Mistake for CargoFailed {
    const CODE: Code = Code::TN0101;

    fn words(&self) -> Words {
        let asked = &self.asked;
        let (why, help) = match self.fault {
            CargoFault::NotStarted => (
                "`cargo` could not be started",
                "plugins are found with `cargo metadata`: put `cargo` on the PATH, or name it in the variable CARGO".to_owned(),
            ),
            CargoFault::Failed if self.words.contains("--locked") => (
                "`cargo metadata` failed",
                "bring Cargo.lock up to date: `cargo update --workspace`".to_owned(),
            ),
            CargoFault::Failed => (
                "`cargo metadata` failed",
                format!(
                    "make `{asked}` succeed in this package's folder: `cargo fetch` downloads what is missing; \
                     a vendored tree needs its Cargo.lock and every package that Cargo.toml names"
                ),
            ),
            CargoFault::Output => (
                "the output of `cargo metadata` is not understood",
                "use the `cargo` that belongs to this toolchain".to_owned(),
            ),
            CargoFault::Edition => ("", String::new()),
            CargoFault::NoRoot => (
                "`cargo metadata` does not know the package",
                "compose from a package, not from a virtual workspace".to_owned(),
            ),
        };
        let all = match self.fault {
            CargoFault::Edition => Words::new(
                "not all that this distribution is made of is found",
                "asked for here",
            )
            .help("write where the package lies, or a version that there is; without the network, Cargo knows what it has downloaded"),
            _ => Words::new(format!("cannot find the plugins of this package: {why}"), "").help(help),
        };
        let all = match self.words.trim() {
            "" => all,
            said => all.note(format!("cargo says:\n{said}")),
        };
        if self.fault != CargoFault::Failed {
            return all;
        }
        all.note(
            "it is asked in this package's folder: what the build was told with `--config`, or by a `.cargo/config.toml` beside \
             the folder that it was started in, it does not know; a `.cargo/config.toml` here, or above, it does",
        )
    }
}

/// TN0112: what an edition names as the library with `main` has no library. At: `host` in `[distribution]`.
pub(crate) struct HostWithoutLibrary {
    /// The package.
    pub(crate) package: String,
}

impl Mistake for HostWithoutLibrary {
    const CODE: Code = Code::TN0112;

    fn words(&self) -> Words {
        let package = &self.package;
        Words::new(
            format!("package `{package}` is not the host of a distribution: it has no library"),
            "its `main` has to be in a library",
        )
        .help(MAIN)
    }
}

/// TN0112: what an edition names as the library with `main` does not know the runtime. At: `host` in `[distribution]`.
pub(crate) struct HostWithoutRuntime {
    /// The package.
    pub(crate) package: String,
}

impl Mistake for HostWithoutRuntime {
    const CODE: Code = Code::TN0112;

    fn words(&self) -> Words {
        let package = &self.package;
        Words::new(
            format!(
                "package `{package}` is not the host of a distribution: it does not depend on `treenail`"
            ),
            "the distribution has treenail from where this library has it",
        )
        .help(MAIN)
    }
}

const MAIN: &str = "give it a `src/lib.rs` with `pub async fn main<A: treenail::Application>()`, and treenail among its dependencies";

/// TN0113: what an edition names as a plugin is none. At: its name in `[distribution.plugins]`.
pub(crate) struct NoPluginOfDistribution {
    /// The package.
    pub(crate) package: String,
}

impl Mistake for NoPluginOfDistribution {
    const CODE: Code = Code::TN0113;

    fn words(&self) -> Words {
        let package = &self.package;
        Words::new(
            format!("package `{package}` is no plugin"),
            "its Cargo.toml names no manifest",
        )
        .help("remove the line; or, if it is to be one, add to its Cargo.toml:\n[package.metadata.treenail]\nmanifest = \"plugins.toml\"")
    }
}

/// TN0102: `[package.metadata.treenail]` is not understood. At: the table or key in the package's Cargo.toml.
pub(crate) struct MetadataMalformed {
    /// The package.
    pub(crate) package: String,
    /// What is wrong.
    pub(crate) fault: MetadataFault,
}

/// What is wrong with `[package.metadata.treenail]`.
#[derive(Debug, Clone)]
pub(crate) enum MetadataFault {
    /// Not a table.
    NotATable,
    /// No `manifest` key.
    NoManifest,
    /// A key whose value is not a string.
    NotAString(String),
    /// `manifest` leads out of the package, or is absolute.
    Outside(String),
    /// `manifest` is the Cargo.toml that it stands in.
    CargoToml,
    /// A table of nearly this name.
    Misspelt(String),
    /// A table that stands elsewhere, with this header.
    Misplaced(String),
    /// A key that does not exist.
    UnknownKey {
        /// The key.
        key: String,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// `feature` names a feature that the package does not have.
    UnknownFeature(String),
}

impl Mistake for MetadataMalformed {
    const CODE: Code = Code::TN0102;

    fn words(&self) -> Words {
        let package = &self.package;
        let title =
            format!("`[package.metadata.treenail]` of package `{package}` is not understood");
        let example =
            "write `[package.metadata.treenail]` and below it `manifest = \"plugins.toml\"`";
        match &self.fault {
            MetadataFault::NotATable => Words::new(title, "expected a table").help(example),
            MetadataFault::NoManifest => Words::new(title, "needs `manifest`").help(example),
            MetadataFault::NotAString(key) => {
                let words = Words::new(title, format!("`{key}` must be a string"));
                match key.as_str() {
                    "manifest" => words.help(example),
                    _ => words.help(format!("write `{key} = \"name\"`, or leave it out")),
                }
            }
            MetadataFault::Outside(path) if path.is_empty() => {
                Words::new(title, "names no file").help(example)
            }
            MetadataFault::Outside(path) => Words::new(
                title,
                format!("`{path}` leads out of the package"),
            )
            .help("move the manifest into the package: what lies outside is not published with it"),
            MetadataFault::CargoToml => {
                Words::new(title, "is Cargo's file, and not treenail's").help(example)
            }
            MetadataFault::Misspelt(key) => Words::new(
                format!("`[package.metadata.{key}]` of package `{package}` is read by nobody"),
                "unknown table",
            )
            .help("did you mean `[package.metadata.treenail]`?"),
            MetadataFault::Misplaced(header) => Words::new(
                format!("`[{header}]` of package `{package}` is read by nobody"),
                "does not say that the package is a plugin",
            )
            .help("write `[package.metadata.treenail]` in its place"),
            MetadataFault::UnknownKey { key, suggestion } => {
                Words::new(title, format!("unknown key `{key}`")).help_or(
                    suggestion.as_deref(),
                    "the keys that exist here are `manifest` and `feature`",
                )
            }
            MetadataFault::UnknownFeature(feature) => {
                Words::new(title, format!("the package has no feature `{feature}`"))
                    .help("name a feature of the package, or leave `feature` out")
            }
        }
    }
}

/// TN0103: a plugin that is needed is in the graph, but the host does not depend on it directly. At: what needs it.
pub(crate) struct IndirectPlugin {
    /// The plugin.
    pub(crate) id: String,
    /// Its package.
    pub(crate) package: String,
    /// The version that Cargo resolved.
    pub(crate) version: String,
    /// The direct dependency of the host that brings it in.
    pub(crate) via: String,
    /// The service it would provide, where that is why it is needed.
    pub(crate) service: Option<String>,
    /// The line of Cargo.toml that brings it, of a package that is found by its path.
    pub(crate) line: Option<String>,
}

impl Mistake for IndirectPlugin {
    const CODE: Code = Code::TN0103;

    fn words(&self) -> Words {
        let Self {
            id,
            package,
            version,
            via,
            service,
            line,
        } = self;
        let words = match service {
            Some(service) => Words::new(
                format!(
                    "`{service}` is provided by plugin `{id}`, which is not a direct dependency"
                ),
                "needed here",
            ),
            None => Words::new(
                format!("plugin `{id}` is needed, but it is not a direct dependency"),
                "needs the plugin",
            ),
        };
        words
            .note(format!(
                "package `{package}` {version} is only there through `{via}`, and Rust can name direct dependencies only"
            ))
            .help(match line {
                Some(line) => format!("add it to the dependencies in Cargo.toml: `{line}`"),
                None => format!("add it: `cargo add {package}@{version}`"),
            })
    }
}

/// TN0104: two packages are the same plugin. At: the second `id`.
pub(crate) struct PluginIdTwice {
    /// The id.
    pub(crate) id: String,
    /// The package that has it first (by name).
    pub(crate) first: Named,
    /// The other package.
    pub(crate) second: String,
}

impl Mistake for PluginIdTwice {
    const CODE: Code = Code::TN0104;

    fn words(&self) -> Words {
        let Self { id, first, second } = self;
        let Named { name, at } = first;
        Words::new(
            format!("packages `{name}` and `{second}` are both plugin `{id}`"),
            format!("in `{second}`"),
        )
        .also(*at, format!("in `{name}`"))
        .help("depend on one of the two")
    }
}

/// TN0105: a plugin that there is not. At: the key in `[plugins]`, or the name.
pub(crate) struct UnknownPlugin {
    /// The id.
    pub(crate) id: String,
    /// The id that was probably meant.
    pub(crate) suggestion: Option<String>,
    /// The plugins that there are: one list for every mistake of this kind.
    pub(crate) known: Arc<[String]>,
}

impl Mistake for UnknownPlugin {
    const CODE: Code = Code::TN0105;

    fn words(&self) -> Words {
        let words = Words::new(
            format!("there is no plugin `{}`", self.id),
            "no dependency of this package declares it",
        );
        let words = if self.known.is_empty() {
            words.note("none of this package's dependencies is a plugin")
        } else {
            words.note(format!("the plugins here: {}", all_of(self.known.iter())))
        };
        words.help_or(
            self.suggestion.as_deref(),
            "add the package that declares it with `cargo add`, or remove the line",
        )
    }
}

/// TN0105: a line of `[bind]` in `[plugins]`. At: its left side.
pub(crate) struct BindAmongPlugins {
    /// The service.
    pub(crate) service: String,
    /// The line.
    pub(crate) line: String,
}

impl Mistake for BindAmongPlugins {
    const CODE: Code = Code::TN0105;

    fn words(&self) -> Words {
        Words::new(
            format!(
                "there is no plugin `{}`: who provides a service is said in `[bind]`",
                self.service
            ),
            "is a service",
        )
        .help(format!("write below `[bind]`: `{}`", self.line))
    }
}

/// TN0105: an assertion that something is not there holds, because its name has a slip. At: the name.
pub(crate) struct DeniedBySlip {
    /// The plugin, or the component.
    pub(crate) id: String,
    /// The one that was probably meant.
    pub(crate) suggestion: String,
}

impl Mistake for DeniedBySlip {
    const CODE: Code = Code::TN0105;

    fn words(&self) -> Words {
        let id = &self.id;
        let thing = match id.contains(':') {
            true => "component",
            false => "plugin",
        };
        Words::new(
            format!("there is no {thing} `{id}`: that it is not there is true of any composition"),
            "says nothing",
        )
        .did_you_mean(&self.suggestion)
    }
}

/// TN0105: a plugin whose package does not say that it is one. At: the key in `[plugins]`, or the name.
pub(crate) struct UndeclaredPluginNamed {
    /// The package, and the plugin.
    pub(crate) undeclared: Undeclared,
}

impl Mistake for UndeclaredPluginNamed {
    const CODE: Code = Code::TN0105;

    fn words(&self) -> Words {
        let Undeclared {
            id,
            package,
            file,
            at,
            ..
        } = &self.undeclared;
        Words::new(
            format!("there is no plugin `{id}`: package `{package}` declares it in a plugins.toml that its Cargo.toml does not name"),
            "is not found as a plugin",
        )
        .also(*at, "does not say that it is a plugin")
        .help(declare(file))
    }
}

/// TN0106: the first segment of a path is no dependency of the manifest's package. At: the path.
pub(crate) struct NotADependency {
    /// The segment.
    pub(crate) extern_name: String,
    /// The package whose manifest says so.
    pub(crate) package: String,
    /// It lies in the host's workspace.
    pub(crate) in_workspace: bool,
    /// A dependency of a similar name.
    pub(crate) suggestion: Option<String>,
    /// A package elsewhere in the graph that has a library of this name.
    pub(crate) elsewhere: Option<String>,
    /// The line of Cargo.toml that brings that, where `cargo add` alone would not.
    pub(crate) line: Option<String>,
}

impl Mistake for NotADependency {
    const CODE: Code = Code::TN0106;

    fn words(&self) -> Words {
        let Self {
            extern_name: name,
            package,
            in_workspace,
            suggestion,
            elsewhere,
            line,
        } = self;
        let add = |words: Words, what: &str| {
            words.help(match in_workspace {
                true => format!("add it: `cargo add -p {package} {what}`"),
                false => format!("add it, in the folder of `{package}`: `cargo add {what}`"),
            })
        };
        let words = Words::new(
            format!("package `{package}` has no dependency `{name}`"),
            format!("`{name}` is not known there"),
        );
        match (suggestion, elsewhere, line) {
            (Some(meant), None, _) => words.did_you_mean(meant),
            (_, Some(_), Some(line)) => words.help(format!(
                "add it to the dependencies of `{package}`, in its Cargo.toml: `{line}`"
            )),
            (_, Some(found), None) => add(words, found),
            (None, None, _) => add(words, &name.replace('_', "-")),
        }
    }
}

/// TN0106: a path that leads to nothing in its package. At: the path.
pub(crate) struct NoSuchItem {
    /// The path.
    pub(crate) written: String,
    /// What is wrong with it.
    pub(crate) why: Nowhere,
    /// The path that was probably meant, if there is something under it.
    pub(crate) suggestion: Option<String>,
    /// Where that one is named, and whether it is asked for there; otherwise it is provided.
    pub(crate) other: Option<(Origin, bool)>,
}

/// Why a path leads to nothing.
#[derive(Debug, Clone)]
pub(crate) enum Nowhere {
    /// The package has no item of this name.
    Absent {
        /// The package.
        package: String,
        /// The path is to be that of a trait, otherwise of a type.
        is_trait: bool,
    },
    /// It is the path of a module.
    Module {
        /// The package that has it.
        package: String,
    },
    /// It is the path of a trait.
    WithoutDyn,
    /// It is the path of a type.
    NoTrait,
}

impl Mistake for NoSuchItem {
    const CODE: Code = Code::TN0106;

    fn words(&self) -> Words {
        let Self {
            written,
            why,
            suggestion,
            other,
        } = self;
        let path = written.strip_prefix("dyn ").unwrap_or(written);
        let words = match why {
            Nowhere::Absent { package, is_trait } => {
                let item = if *is_trait { "trait" } else { "type" };
                Words::new(
                    format!("there is no `{written}`: package `{package}` has no such {item}"),
                    format!("no such {item}"),
                )
            }
            Nowhere::Module { package } => Words::new(
                format!("`{path}` is a module of package `{package}`, and no service"),
                "a module",
            ),
            Nowhere::WithoutDyn => Words::new(
                format!("`{written}` is a trait, and a service is a trait object"),
                "needs `dyn`",
            ),
            Nowhere::NoTrait => Words::new(format!("`{path}` is a type, and no trait"), "no trait"),
        };
        let words = match other {
            Some((at, true)) => words.also(*at, "this is asked for"),
            Some((at, false)) => words.also(*at, "this is provided"),
            None => words,
        };
        match (suggestion, why) {
            (Some(meant), _) => words.did_you_mean(meant),
            (None, Nowhere::WithoutDyn) => words.help(format!(
                "write `dyn {path}`, and add a component that provides it"
            )),
            (None, _) => words.help(format!(
                "name a trait, or write `{path}` and add a component of that type"
            )),
        }
    }
}

/// TN0107: a plugin that no Rust code can name. At: the plugin's `id`.
pub(crate) struct NoLibrary {
    /// The plugin.
    pub(crate) id: String,
    /// Its package.
    pub(crate) package: String,
    /// It is a package of procedural macros.
    pub(crate) is_macro: bool,
}

impl Mistake for NoLibrary {
    const CODE: Code = Code::TN0107;

    fn words(&self) -> Words {
        let Self {
            id,
            package,
            is_macro,
        } = self;
        if *is_macro {
            return Words::new(
                format!("plugin `{id}` cannot be used: package `{package}` is a procedural macro"),
                "this plugin",
            )
            .help("move the plugin into a package of its own: a procedural macro has nothing but macros for others");
        }
        Words::new(
            format!("plugin `{id}` cannot be used: package `{package}` has no library"),
            "this plugin",
        )
        .help("give the package a `src/lib.rs` with `treenail::plugin!();`")
    }
}

/// TN0108: neither `[host]` nor `[plugin]`, or only `[host]` where a plugin is needed. At: the start of the file, or the header.
pub(crate) struct NothingToCompose {
    /// The file has `[host]`.
    pub(crate) has_host: bool,
    /// What the package is to be.
    pub(crate) should: Role,
}

impl Mistake for NothingToCompose {
    const CODE: Code = Code::TN0108;

    fn words(&self) -> Words {
        let words = if self.has_host {
            Words::new(
                "this manifest composes an application, and declares no plugin",
                "makes the package a host",
            )
        } else {
            Words::new(
                "this manifest neither composes nor declares a plugin",
                "needs `[host]` or `[plugin]`",
            )
        };
        words.help(match (&self.should, self.has_host) {
            (Role::Plugin(id), true) => {
                format!("write in its place, for a plugin:\n[plugin]\nid = \"{id}\"")
            }
            (Role::Plugin(id), false) => {
                format!("add these lines, for a plugin:\n[plugin]\nid = \"{id}\"")
            }
            (Role::Host, _) => "add a line `[host]`".to_owned(),
            (Role::Either, _) => {
                "add `[host]` for an application, or `[plugin]` with an `id` for a plugin"
                    .to_owned()
            }
        })
    }
}

/// TN0109: an overlay that there is not. At: the start of the manifest, or the name.
pub(crate) struct UnknownOverlay {
    /// The name that was asked for.
    pub(crate) name: String,
    /// The overlays that there are.
    pub(crate) known: Vec<String>,
    /// The one that was probably meant.
    pub(crate) suggestion: Option<String>,
}

impl Mistake for UnknownOverlay {
    const CODE: Code = Code::TN0109;

    fn words(&self) -> Words {
        let name = &self.name;
        Words::new(format!("there is no overlay `{name}`"), "in this manifest")
            .note_names("the overlays here:", &self.known)
            .help_or(
                self.suggestion.as_deref(),
                format!("add `[overlay.{name}]`"),
            )
    }
}

/// TN0110: a plugin that a feature, or another platform, would bring. At: the name.
pub(crate) struct FeatureMissing {
    /// The plugin, as it is called there.
    pub(crate) id: String,
    /// It, and the feature.
    pub(crate) absent: Absent,
    /// `[plugins]` is where it is called: what to say there so that the plugin may be missing.
    pub(crate) stated: Option<String>,
}

impl Mistake for FeatureMissing {
    const CODE: Code = Code::TN0110;

    fn words(&self) -> Words {
        let Self { id, absent, stated } = self;
        let Absent {
            package,
            feature,
            host,
            platform,
            ..
        } = absent;
        let title = format!("plugin `{id}` is not in this build:");
        if let Some(platform) = platform {
            return Words::new(
                format!("{title} `{host}` has it only for `{platform}`"),
                format!("package `{package}` brings it there"),
            )
            .help(match stated {
                Some(stated) => {
                    format!("say the same here, in the host's `[plugins]`: `{id} = {stated}`")
                }
                None => format!("depend on `{package}` on every platform, in Cargo.toml"),
            });
        }
        let build = format!("build with `--features {feature}`");
        Words::new(
            format!("{title} feature `{feature}` of `{host}` is off"),
            format!("package `{package}` brings it"),
        )
        .help(match stated {
            Some(stated) => format!(
                "{build}, or let the plugin be absent, in the host's `[plugins]`: `{id} = {stated}`"
            ),
            None => build,
        })
    }
}

/// TN0111, a warning: a package has a plugin's manifest, but does not say so. At: its name in Cargo.toml.
pub(crate) struct UndeclaredPlugin {
    /// The package, and the plugin.
    pub(crate) undeclared: Undeclared,
    /// Something needs it: then it is an error.
    pub(crate) is_needed: bool,
}

impl Mistake for UndeclaredPlugin {
    const CODE: Code = Code::TN0111;

    fn severity(&self) -> Severity {
        match self.is_needed {
            true => Severity::Error,
            false => Self::CODE.severity(),
        }
    }

    fn words(&self) -> Words {
        let package = &self.undeclared.package;
        Words::new(
            format!(
                "package `{package}` has a plugins.toml with `[plugin]`, but is not found as a plugin"
            ),
            "does not say that it is a plugin",
        )
        .help(declare(&self.undeclared.file))
    }
}

fn declare(file: &str) -> String {
    format!("add two lines to {file}:\n[package.metadata.treenail]\nmanifest = \"plugins.toml\"")
}
