//! Mistakes about registries and their entries: TN0312 to TN0316, and what is only worth a warning, TN0912 and TN0913.

use super::Mistake;
use crate::diagnostic::Code;
use crate::diagnostic::words::{Named, Words};
use crate::source::Origin;

/// TN0312: several entries of a registry have one key. At: the last of these keys.
pub(crate) struct EntryTwice {
    /// The registry.
    pub(crate) registry: String,
    /// The key.
    pub(crate) key: String,
    /// Whose entry the last one is.
    pub(crate) plugin: String,
    /// Whose the others are, with their keys.
    pub(crate) others: Vec<Named>,
    /// What a host can write: its registry, where it has a name for it, and a plugin.
    pub(crate) choice: Option<(String, String)>,
}

impl Mistake for EntryTwice {
    const CODE: Code = Code::TN0312;

    fn words(&self) -> Words {
        let Self {
            registry,
            key,
            plugin,
            others,
            choice,
        } = self;
        let key = shown(key);
        let times = match others.len() {
            1 => "two entries".to_owned(),
            others => format!("{} entries", others + 1),
        };
        let of = |plugin: &str| match plugin {
            "app" => "the host's own".to_owned(),
            plugin => format!("of plugin `{plugin}`"),
        };
        let words = Words::new(
            format!("`{registry}` has {times} with the key `{key}`"),
            of(plugin),
        );
        let words = words.also_all(others, of);
        match choice {
            Some((registry, plugin)) => words.help(format!(
                "give one of them another key, or say whose counts, in the host's `[registry.\"{registry}\"]`: `{key:?} = {{ from = \"{plugin}\" }}`, or `{key:?} = false` for none of them"
            )),
            None => words.help("give one of them another key"),
        }
    }
}

/// TN0313: the host speaks of an entry that is not there. At: the key.
pub(crate) struct NoSuchEntry {
    /// The registry.
    pub(crate) registry: String,
    /// The key.
    pub(crate) key: String,
    /// Whose entry it is to be; `None`: any plugin's.
    pub(crate) plugin: Option<String>,
    /// Features that would bring it.
    pub(crate) features: Vec<String>,
    /// Plugins that have an entry of this key.
    pub(crate) elsewhere: Vec<String>,
    /// Keys of the entries that the plugin has, or else all plugins.
    pub(crate) known: Vec<String>,
    /// The key that was probably meant.
    pub(crate) suggestion: Option<String>,
}

impl Mistake for NoSuchEntry {
    const CODE: Code = Code::TN0313;

    fn words(&self) -> Words {
        let Self {
            registry,
            key,
            plugin,
            features,
            elsewhere,
            known,
            suggestion,
        } = self;
        let key = shown(key);
        let title = match plugin {
            None => format!("no plugin has an entry `{key}` of `{registry}`"),
            Some(plugin) if features.is_empty() => {
                format!("plugin `{plugin}` has no entry `{key}` of `{registry}`")
            }
            Some(plugin) => {
                format!("entry `{key}` of plugin `{plugin}` is not in this build: a feature is off")
            }
        };
        let words = Words::new(title, "there is no such entry");
        if !features.is_empty() {
            return words.help(format!("build with `--features {}`", features.join(",")));
        }
        let known: Vec<String> = known.iter().map(|key| shown(key)).collect();
        let words = match plugin {
            _ if !elsewhere.is_empty() => words.note_names("it is one of", elsewhere),
            Some(_) => words.note_names("it has", &known),
            None => words.note_names("plugins have", &known),
        };
        let remove = match elsewhere.first() {
            Some(other) => format!("write `from = \"{other}\"`, or remove the line"),
            None => "remove the line".to_owned(),
        };
        words.help_or(suggestion.as_deref(), remove)
    }
}

/// TN0314: a type has two different `Deps`. At: the second `type`.
pub(crate) struct TwoDeps {
    /// The type.
    pub(crate) ty: String,
    /// What makes it first, for people, and where.
    pub(crate) first: (String, Origin),
    /// What makes it a second time.
    pub(crate) second: String,
    /// The first is a component.
    pub(crate) of_component: bool,
}

impl Mistake for TwoDeps {
    const CODE: Code = Code::TN0314;

    fn words(&self) -> Words {
        let Self {
            ty,
            first: (first, first_at),
            second,
            of_component,
        } = self;
        let words = Words::new(
            format!("`{ty}` has one struct of inputs, and {first} and {second} need one each"),
            format!("of {second}"),
        )
        .also(*first_at, format!("of {first}"));
        words.help(match of_component {
            true => "give the entry a type of its own",
            false => "write the same services for both, or give one of them a type of its own",
        })
    }
}

/// TN0315: the host, which prints the entries of a plugin that does not, cannot print this one. At: what it cannot print.
pub(crate) struct EntryOutOfReach {
    /// The key.
    pub(crate) key: String,
    /// The plugin.
    pub(crate) plugin: String,
    /// Its package.
    pub(crate) package: String,
    /// What is out of reach.
    pub(crate) what: OutOfReach,
}

/// What a host cannot print of a plugin's entry.
pub(crate) enum OutOfReach {
    /// A path into another package.
    Path(String),
    /// The services that it is made of.
    Services,
    /// The registry, whose package the host does not depend on; the line for it, where one is known.
    Registry(String, Option<String>),
}

impl Mistake for EntryOutOfReach {
    const CODE: Code = Code::TN0315;

    fn words(&self) -> Words {
        let Self {
            key,
            plugin,
            package,
            what,
        } = self;
        let (key, depend) = (
            shown(key),
            format!(
                "let `{package}` depend on `treenail`, and write `treenail::plugin!()` into its library"
            ),
        );
        let (label, note, help) = match what {
            OutOfReach::Path(path) => (
                "another package's",
                format!("the host can name what is in `{package}`, and not `{path}`"),
                depend,
            ),
            OutOfReach::Services => (
                "has services",
                "the struct of its inputs is generated in its own package".to_owned(),
                depend,
            ),
            OutOfReach::Registry(registry, line) => (
                "unknown to the host",
                format!("the host has no name for the package of `{registry}`"),
                match line {
                    Some(line) => format!("add it to the host's `[dependencies]`: `{line}`"),
                    None => depend,
                },
            ),
        };
        Words::new(
            format!("entry `{key}` of plugin `{plugin}`, which does not depend on `treenail`, is out of reach"),
            label,
        )
        .note(note)
        .help(help)
    }
}

/// TN0316: a registry is asked for as if it were a service. At: its path.
pub(crate) struct RegistryAsService {
    /// The registry, as it is written.
    pub(crate) registry: String,
    /// Who asks.
    pub(crate) component: String,
    /// The field.
    pub(crate) field: String,
}

impl Mistake for RegistryAsService {
    const CODE: Code = Code::TN0316;

    fn words(&self) -> Words {
        let Self {
            registry,
            component,
            field,
        } = self;
        Words::new(
            format!("`{component}` asks for `{registry}` as a service, and it is a registry"),
            "has entries",
        )
        .help(format!(
            "in its `requires`, write `{field} = {{ registry = \"{registry}\" }}`"
        ))
    }
}

/// TN0912, a warning: keys of a registry differ by nothing but case. At: the later of them.
pub(crate) struct SimilarKeys {
    /// The registry.
    pub(crate) registry: String,
    /// The key.
    pub(crate) key: String,
    /// The other one.
    pub(crate) other: Named,
}

impl Mistake for SimilarKeys {
    const CODE: Code = Code::TN0912;

    fn words(&self) -> Words {
        let Self {
            registry,
            key,
            other,
        } = self;
        let (key, one) = (shown(key), shown(&other.name));
        Words::new(
            format!("keys `{one}` and `{key}` of `{registry}` differ by nothing but case"),
            "is easily taken for the other",
        )
        .also(other.at, "this one")
        .help("write them alike if they are to be one, or give one of them another name")
    }
}

/// TN0913, a warning: a registry is asked for and has no entries. At: where it is asked for.
pub(crate) struct EmptyRegistry {
    /// The registry.
    pub(crate) registry: String,
    /// Who asks.
    pub(crate) component: String,
    /// One that has entries and nearly its name, with its path there.
    pub(crate) near: Option<Named>,
}

impl Mistake for EmptyRegistry {
    const CODE: Code = Code::TN0913;

    fn words(&self) -> Words {
        let Self {
            registry,
            component,
            near,
        } = self;
        let words = Words::new(
            format!("`{component}` asks for the entries of `{registry}`, and there are none"),
            "nothing is registered there",
        );
        match near {
            Some(near) => words
                .also(near.at, "these are entries of another registry")
                .did_you_mean(&near.name),
            None => words.help(format!(
                "register an entry, in a plugin or in the host: `[registry.\"{registry}\"]`"
            )),
        }
    }
}

/// TN0909, a warning: a manifest that composes nothing says whose entry counts. At: the key.
pub(crate) struct UnusedChoice {
    /// The line.
    pub(crate) line: String,
}

impl Mistake for UnusedChoice {
    const CODE: Code = Code::TN0909;

    fn words(&self) -> Words {
        Words::new(
            format!(
                "`{}` has no effect here: this manifest composes nothing",
                self.line
            ),
            "only a host says whose entry counts",
        )
        .help("remove the line, or move it into the manifest of a host")
    }
}

/// More signs of a key than a message needs.
const MOST_SIGNS: usize = 80;

/// A key as a message shows it: on one line, and not too long.
fn shown(key: &str) -> String {
    let mut signs = key.chars();
    let start: String = signs.by_ref().take(MOST_SIGNS).collect();
    let start = start.replace(char::is_control, "\u{fffd}");
    match signs.next() {
        Some(_) => format!("{start}…"),
        None => start,
    }
}
