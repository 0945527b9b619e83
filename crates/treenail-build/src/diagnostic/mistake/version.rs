//! Mistakes about versions of plugins, contracts and hosts: TN02; and the plugin that is left out for one: TN0901.
//! A list, and so longer than other files.

use super::{Mistake, Named};
use crate::diagnostic::Code;
use crate::diagnostic::words::{Words, all_of, leave_out, way};
use crate::source::Origin;

/// Says why a version is none of those that are wanted.
fn pre_release(found: &str, is_pre_release: bool, words: Words) -> Words {
    if !is_pre_release {
        return words;
    }
    words.note(format!(
        "{found} is a pre-release, and only a requirement that names one is met by it, like `>={found}`"
    ))
}

/// TN0201: the plugin is not at a version that the composition insists on. At: the requirement in `[plugins]`.
pub(crate) struct PluginVersion {
    /// The plugin.
    pub(crate) id: String,
    /// Its package.
    pub(crate) package: String,
    /// The version that Cargo resolved.
    pub(crate) version: String,
    /// What the composition insists on.
    pub(crate) wanted: String,
    /// The version is a pre-release of one that would do.
    pub(crate) is_pre_release: bool,
}

impl Mistake for PluginVersion {
    const CODE: Code = Code::TN0201;

    fn words(&self) -> Words {
        let Self {
            id,
            package,
            version,
            wanted,
            is_pre_release,
        } = self;
        pre_release(
            version,
            *is_pre_release,
            Words::new(
                format!(
                    "plugin `{id}` is at version {version}, but this composition wants {wanted}"
                ),
                "wants these versions",
            )
            .help(format!(
                "change the version of `{package}` in Cargo.toml, or this line"
            )),
        )
    }
}

/// TN0202: a plugin needs another version of a plugin. At: the requirement in the requiring plugin's `requires`.
pub(crate) struct RequiredPluginVersion {
    /// The plugin that requires.
    pub(crate) id: String,
    /// Its version.
    pub(crate) version: String,
    /// The plugin that is required.
    pub(crate) required: String,
    /// Package of the required plugin.
    pub(crate) package: String,
    /// The version of it that Cargo resolved.
    pub(crate) found: String,
    /// What is required.
    pub(crate) wanted: String,
    /// The version is a pre-release of one that would do.
    pub(crate) is_pre_release: bool,
}

impl Mistake for RequiredPluginVersion {
    const CODE: Code = Code::TN0202;

    fn words(&self) -> Words {
        let Self {
            id,
            version,
            required,
            package,
            found,
            wanted,
            is_pre_release,
        } = self;
        pre_release(
            found,
            *is_pre_release,
            Words::new(
                format!("plugin `{id}` {version} does not work with plugin `{required}` {found}"),
                format!("needs `{required}` {wanted}"),
            )
            .help(format!(
                "change the version of `{package}` in Cargo.toml, or leave the plugin out, {}",
                leave_out(id)
            )),
        )
    }
}

/// TN0203: a plugin does not support the version of a contract package. At: the requirement in `[plugin] api`.
pub(crate) struct ContractVersion {
    /// The plugin.
    pub(crate) id: String,
    /// Its version.
    pub(crate) version: String,
    /// The contract package.
    pub(crate) package: String,
    /// The version that Cargo resolved.
    pub(crate) found: String,
    /// What the plugin supports.
    pub(crate) supported: String,
    /// The version is a pre-release of one that would do.
    pub(crate) is_pre_release: bool,
    /// What would make it fit, besides a plugin for that version.
    pub(crate) cure: Option<Fit>,
}

/// What would give a plugin a version of a contract package that it supports.
pub(crate) enum Fit {
    /// The host's Cargo.toml allows this version.
    Update(String),
    /// It has to allow another: the line to write there.
    Line(String),
}

impl Mistake for ContractVersion {
    const CODE: Code = Code::TN0203;

    fn words(&self) -> Words {
        let Self {
            id,
            version,
            package,
            found,
            supported,
            is_pre_release,
            cure,
        } = self;
        let otherwise = format!("or leave the plugin out, {}", leave_out(id));
        pre_release(
            found,
            *is_pre_release,
            Words::new(
                format!("plugin `{id}` {version} does not support {package} {found}"),
                "supports these versions",
            )
            .help(match cure {
                Some(Fit::Update(to)) => {
                    format!("`cargo update -p {package}@{found} --precise {to}`, {otherwise}")
                }
                Some(Fit::Line(line)) => {
                    format!("ask for a version that fits, in Cargo.toml: `{line}`, {otherwise}")
                }
                None => format!("depend on {package} {supported}, {otherwise}"),
            }),
        )
    }
}

/// TN0204: a plugin does not support the version of the host. At: `[plugin] host`.
pub(crate) struct HostVersion {
    /// The plugin.
    pub(crate) id: String,
    /// Its version.
    pub(crate) version: String,
    /// The host's package.
    pub(crate) host: String,
    /// The host's version.
    pub(crate) found: String,
    /// What the plugin supports.
    pub(crate) supported: String,
    /// The version is a pre-release of one that would do.
    pub(crate) is_pre_release: bool,
    /// `[host] api`; `None` where that is the package's version.
    pub(crate) api_at: Option<Origin>,
}

impl Mistake for HostVersion {
    const CODE: Code = Code::TN0204;

    fn words(&self) -> Words {
        let Self {
            id,
            version,
            host,
            found,
            supported,
            is_pre_release,
            api_at,
        } = self;
        let words = pre_release(
            found,
            *is_pre_release,
            Words::new(
                format!("plugin `{id}` {version} does not support `{host}` {found}"),
                "supports these versions of the host",
            )
            .help(format!(
                "use a version of the plugin for {host} {found}, or leave it out, {}",
                leave_out(id)
            )),
        );
        match api_at {
            Some(at) => words.also(*at, "this is the host's version"),
            None => words.note(format!(
                "the host's version is that of its package, {found}; {supported} is supported"
            )),
        }
    }
}

/// TN0205: plugins mean different versions of a contract package. At: where the first of them says so.
pub(crate) struct ContractTwice {
    /// The package.
    pub(crate) package: String,
    /// All that is used of it are registries.
    pub(crate) of_registries: bool,
    /// Who uses it, and which version.
    pub(crate) users: Vec<(Named, String)>,
    /// How the versions come into the graph.
    pub(crate) ways: Vec<Way>,
    /// What would leave one of them.
    pub(crate) cures: Vec<Cure>,
}

/// How a version of a package comes into the graph.
pub(crate) struct Way {
    /// The version, as the users' are written.
    pub(crate) version: String,
    /// From the host to the version: names, with versions.
    pub(crate) steps: Vec<String>,
    /// The versions that the last but one asks for.
    pub(crate) asked: Option<String>,
    /// Where the host names the first package on the way.
    pub(crate) at: Option<Origin>,
}

/// What would leave one version of a package.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cure {
    /// Cargo can do it.
    Update {
        /// The package.
        package: String,
        /// The version to leave.
        from: String,
        /// The version to take.
        to: String,
    },
    /// A package has to depend on another version.
    Change {
        /// The package.
        package: String,
        /// The plugin that it is.
        plugin: Option<String>,
        /// The contract package and the version to depend on.
        contract: String,
        /// The line to write in its Cargo.toml, where the package's source is at hand.
        line: Option<String>,
    },
}

/// More ways into the graph than anybody reads.
const MOST_WAYS: usize = 20;

/// More places of the odd ones out than anybody looks at.
const MOST_ODD: usize = 3;

impl Mistake for ContractTwice {
    const CODE: Code = Code::TN0205;

    fn words(&self) -> Words {
        let Self {
            package,
            of_registries,
            users,
            ways,
            cures,
        } = self;
        let differ = match of_registries {
            true => "registries are different registries",
            false => "traits are different traits",
        };
        let mut words = Words::new(
            format!("two versions of `{package}` are in use, so their {differ}"),
            "",
        );
        let mut versions: Vec<&str> = Vec::new();
        let of_users = users.iter().map(|(_, version)| version);
        for version in of_users.chain(ways.iter().map(|way| &way.version)) {
            if !versions.contains(&version.as_str()) {
                versions.push(version);
            }
        }
        for version in versions {
            words = self.of_version(version, words);
        }
        words.help(unify(cures))
    }
}

impl ContractTwice {
    /// Shows who means one of the versions, and how it comes into the graph. The odd ones out come first and are shown one by one;
    /// of the rest one stands for all.
    fn of_version(&self, version: &str, mut words: Words) -> Words {
        let is_odd = self.users.first().is_none_or(|(_, odd)| odd == version);
        let of_version = self.users.iter().filter(|(_, one)| one == version);
        let named: Vec<&Named> = of_version.map(|(user, _)| user).collect();
        let shown = at_once(named.len(), if is_odd { MOST_ODD } else { 1 });
        for (place, user) in named[..shown].iter().enumerate() {
            let label = match named.len() - shown {
                more if more > 0 && place + 1 == shown => {
                    format!("`{}` and {more} more mean {version}", user.name)
                }
                _ => format!("`{}` means {version}", user.name),
            };
            if words.label.is_empty() {
                words.label.clone_from(&label);
            }
            words = words.also(user.at, label);
        }
        let names = all_of(named.iter().map(|user| &user.name));
        let built = format!("built against {} {version}", self.package);
        words = match named.len() {
            0 => words,
            1 => words.note(format!("{names} was {built}")),
            _ => words.note(format!("{names} were {built}")),
        };
        let of_version = self.ways.iter().filter(|way| way.version == version);
        let all = of_version.clone().count();
        let shown = at_once(all, if is_odd { MOST_WAYS } else { 1 });
        for Way {
            steps, asked, at, ..
        } in of_version.take(shown)
        {
            let asked = match asked.as_deref() {
                None | Some("*") => String::new(),
                Some(asked) => format!(", asked for as {asked}"),
            };
            let brought = steps.last().map_or("", String::as_str);
            words = words
                .also(*at, format!("brings {brought}"))
                .note(format!("{}{asked}", way(steps, " → ")));
        }
        match all - shown {
            0 => words,
            more => words.note(format!("and {more} more packages depend on {version}")),
        }
    }
}

/// How many of some are shown one by one: all but many, for "and 1 more" is as long as the one.
fn at_once(all: usize, most: usize) -> usize {
    if all <= most + 1 { all } else { most }
}

fn unify(cures: &[Cure]) -> String {
    let mut commands = Vec::new();
    let mut changes = Vec::new();
    for cure in cures {
        match cure {
            Cure::Update { package, from, to } => {
                commands.push(format!("cargo update -p {package}@{from} --precise {to}"));
            }
            Cure::Change {
                package,
                plugin,
                contract,
                line,
            } => {
                let change = match line {
                    Some(line) => {
                        format!("let `{package}` depend on {contract}, in its Cargo.toml: `{line}`")
                    }
                    None => format!("use a version of `{package}` that depends on {contract}"),
                };
                changes.push(match plugin {
                    Some(id) => format!("{change}, or leave the plugin out, {}", leave_out(id)),
                    None => change,
                });
            }
        }
    }
    if commands.is_empty() {
        changes.join("; ")
    } else {
        format!("make them one: `{}`", commands.join(" && "))
    }
}

/// TN0206: a plugin that must not be there beside itself. At: its name in its own `conflicts`.
pub(crate) struct ConflictWithItself {
    /// The plugin.
    pub(crate) id: String,
}

impl Mistake for ConflictWithItself {
    const CODE: Code = Code::TN0206;

    fn words(&self) -> Words {
        Words::new(
            format!("plugin `{}` conflicts with itself", self.id),
            "is this plugin",
        )
        .help("remove it, or name the other plugin")
    }
}

/// TN0207: a plugin that has to be there beside itself. At: its name in its own `requires`.
pub(crate) struct RequiresItself {
    /// The plugin.
    pub(crate) id: String,
}

impl Mistake for RequiresItself {
    const CODE: Code = Code::TN0207;

    fn words(&self) -> Words {
        Words::new(
            format!("plugin `{}` requires itself", self.id),
            "is this plugin",
        )
        .help("remove it, or name the other plugin")
    }
}

/// TN0206: two plugins that exclude each other. At: the entry in `conflicts`.
pub(crate) struct Conflict {
    /// The plugin that says so.
    pub(crate) id: String,
    /// The other one.
    pub(crate) other: String,
    /// The other one's version.
    pub(crate) version: String,
    /// The versions it conflicts with.
    pub(crate) versions: String,
}

impl Mistake for Conflict {
    const CODE: Code = Code::TN0206;

    fn words(&self) -> Words {
        let Self {
            id,
            other,
            version,
            versions,
        } = self;
        Words::new(
            format!("plugin `{id}` cannot be used together with plugin `{other}` {version}"),
            match versions.as_str() {
                "*" => "conflicts with every version".to_owned(),
                versions => format!("conflicts with {versions}"),
            },
        )
        .help(format!("leave one of them out, {}", leave_out(other)))
    }
}

/// TN0207: a plugin that another one needs is not there. At: the entry in `requires`.
pub(crate) struct RequiredPluginMissing {
    /// The plugin that requires.
    pub(crate) id: String,
    /// The plugin that is required.
    pub(crate) required: String,
    /// The versions that would do.
    pub(crate) wanted: String,
    /// Why it is not there.
    pub(crate) absence: PluginAbsence,
}

/// Why a plugin is not there.
pub(crate) enum PluginAbsence {
    /// No package in the dependency graph has this plugin id.
    Unknown {
        /// A similar id that exists, and where its plugin says so.
        suggestion: Option<(String, Option<Origin>)>,
    },
    /// `[plugins] id = { enabled = false }`, written there.
    Disabled(Origin),
    /// An optional plugin that does not fit.
    LeftOut,
}

impl Mistake for RequiredPluginMissing {
    const CODE: Code = Code::TN0207;

    fn words(&self) -> Words {
        let Self {
            id,
            required,
            wanted,
            absence,
        } = self;
        let words = |what: &str| {
            Words::new(
                format!("plugin `{id}` needs plugin `{required}`, which {what}"),
                format!("needs `{required}` {wanted}"),
            )
        };
        match absence {
            PluginAbsence::Unknown {
                suggestion: Some((meant, at)),
            } => words("is not there")
                .also(*at, "this is its id")
                .did_you_mean(meant),
            PluginAbsence::Unknown { suggestion: None } => words("is not there").help(format!(
                "add the package that declares plugin `{required}` with `cargo add`"
            )),
            PluginAbsence::Disabled(at) => words("is switched off")
                .also(*at, "switched off here")
                .help(format!(
                    "switch it on, or leave `{id}` out as well, {}",
                    leave_out(id)
                )),
            PluginAbsence::LeftOut => words("is left out").help(format!(
                "see why `{required}` is left out, or mark `{id}` as optional too, in the host's `[plugins]`: `{id} = {{ optional = true }}`"
            )),
        }
    }
}

/// TN0208: a contract package that the plugin does not depend on. At: the name in `[plugin] api`.
pub(crate) struct ApiNotADependency {
    /// The plugin.
    pub(crate) id: String,
    /// The package.
    pub(crate) package: String,
    /// A dependency of a similar name.
    pub(crate) suggestion: Option<String>,
}

impl Mistake for ApiNotADependency {
    const CODE: Code = Code::TN0208;

    fn words(&self) -> Words {
        let Self { id, package, .. } = self;
        Words::new(
            format!(
                "plugin `{id}` names the contract package `{package}`, but does not depend on it"
            ),
            "not among its dependencies",
        )
        .help_or(
            self.suggestion.as_deref(),
            format!("remove the line, or `cargo add {package}` in the plugin's package"),
        )
    }
}

/// TN0901, a warning: an optional plugin does not fit and is left out. At: where `inner` would have been.
pub(crate) struct PluginLeftOut {
    /// The plugin.
    pub(crate) id: String,
    /// Its version.
    pub(crate) version: String,
    /// Where it is marked optional.
    pub(crate) marked: Option<Origin>,
    /// Why.
    pub(crate) inner: Words,
}

impl Mistake for PluginLeftOut {
    const CODE: Code = Code::TN0901;

    fn words(&self) -> Words {
        let Self { id, version, .. } = self;
        let why = &self.inner.title;
        let title = format!("optional plugin `{id}` {version} is left out: {why}");
        let inner = self.inner.clone();
        Words { title, ..inner }.also(self.marked, "optional here")
    }
}
