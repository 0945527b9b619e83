//! Texts of a manifest that are not what their place asks for: TN0005 to TN0008, TN0015. A list, and so
//! longer than other files.

use super::Mistake;
use crate::diagnostic::Code;
use crate::diagnostic::words::{Words, any_of};
use crate::model::type_path::{Construct, Expected, PathFault};

/// TN0005: not one of the values that the key can have. At: the value.
pub(crate) struct UnknownValue {
    /// The key.
    pub(crate) key: String,
    /// The value.
    pub(crate) value: String,
    /// The values that exist.
    pub(crate) expected: Vec<String>,
    /// The one that was probably meant.
    pub(crate) suggestion: Option<String>,
}

impl Mistake for UnknownValue {
    const CODE: Code = Code::TN0005;

    fn words(&self) -> Words {
        let expected = any_of(&self.expected);
        Words::new(
            format!("`{}` is not a {}", self.value, self.key),
            format!("expected {expected}"),
        )
        .help_or(self.suggestion.as_deref(), format!("write {expected}"))
    }
}

/// TN0006: not a version, or not a requirement for one. At: the value.
pub(crate) struct NotAVersion {
    /// The text.
    pub(crate) text: String,
    /// A requirement was expected (`^0.3`), not a version.
    pub(crate) requirement: bool,
    /// The parser's words.
    pub(crate) words: String,
}

impl Mistake for NotAVersion {
    const CODE: Code = Code::TN0006;

    fn words(&self) -> Words {
        let text = shown(&self.text);
        if self.requirement {
            Words::new(format!("{text} is not a version requirement"), &self.words)
                .help("write it as in Cargo.toml, like `^1.2` or `>=1.2, <2`")
        } else {
            Words::new(format!("{text} is not a version"), &self.words)
                .help("write all three numbers, like `1.4.0`")
        }
    }
}

/// TN0006: a requirement that no version meets. At: the value.
pub(crate) struct EmptyRange {
    /// The requirement.
    pub(crate) text: String,
}

impl Mistake for EmptyRange {
    const CODE: Code = Code::TN0006;

    fn words(&self) -> Words {
        Words::new(
            format!("there is no version that is `{}`", self.text),
            "no version meets all of it",
        )
        .help("ask for one range, like `>=1.2, <2`")
    }
}

/// TN0007: not a name. At: the name.
pub(crate) struct NotAName {
    /// The text.
    pub(crate) text: String,
    /// What it should name.
    pub(crate) of: NameOf,
    /// What is wrong with it.
    pub(crate) fault: NameFault,
}

/// What a broken name was meant to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameOf {
    /// A plugin: `[A-Za-z][A-Za-z0-9_-]*`.
    Plugin,
    /// A component within its plugin: a Rust identifier.
    Component,
    /// `plugin:Name`.
    ComponentId,
    /// Both sides of `[alias]`.
    Alias,
    /// A field of a `Deps` struct: a Rust identifier.
    Field,
    /// A Cargo package.
    Package,
    /// A dependency of an edition.
    Dependency,
    /// The root key of the configuration.
    Root,
    /// `[overlay.NAME]`
    Overlay,
    /// An entry of a registry: any text.
    EntryKey,
}

impl NameOf {
    /// What it is, with its article, and how it is spelt.
    fn words(self) -> (&'static str, &'static str) {
        let name = "letters, digits, `-` and `_`";
        let name_with_a_letter_first = "letters, digits, `-` and `_`, with a letter first";
        let identifier = "an identifier: ASCII letters, digits and `_`";
        match self {
            Self::Plugin => ("a plugin id", name_with_a_letter_first),
            Self::Component => ("a component's name", identifier),
            Self::ComponentId => ("a component id", "a plugin and a name: `plugin:Name`"),
            Self::Alias => ("an id that an alias can have", "`plugin:Name` or `plugin`"),
            Self::Field => ("a field's name", identifier),
            Self::Package => ("a package's name", name),
            Self::Dependency => ("the name of a dependency", name),
            Self::Root => ("a key for a configuration", name),
            Self::Overlay => ("an overlay's name", name_with_a_letter_first),
            Self::EntryKey => ("the key of an entry", "a text"),
        }
    }
}

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameFault {
    /// Nothing there.
    Empty,
    /// Characters that do not belong.
    Shape,
    /// One side of `plugin:Name`.
    Half,
    /// Two keys in the place of one: `mail.Mailer`.
    Split,
    /// A Rust keyword.
    Keyword,
    /// A name that treenail keeps for itself (`app`, `inner`).
    Reserved,
    /// More bytes than these.
    Long(usize),
}

impl Mistake for NotAName {
    const CODE: Code = Code::TN0007;

    fn words(&self) -> Words {
        let text = &self.text;
        let (thing, rule) = self.of.words();
        let expected = format!("expected {rule}");
        match (self.fault, self.of) {
            (NameFault::Empty, _) => Words::new(format!("{thing} is empty here"), expected),
            (NameFault::Shape, of) => {
                let words = Words::new(format!("`{text}` is not {thing}"), expected);
                match of_path(text).filter(|_| of == NameOf::ComponentId) {
                    Some(id) => words.help(format!(
                        "name the component, by its plugin's id and its name, like `{id}`"
                    )),
                    None => words,
                }
            }
            (NameFault::Half, _) => {
                let words = Words::new(format!("`{text}` is not {thing}"), expected);
                // Types begin with a capital letter, and ids of plugins rarely do.
                words.help(if text.starts_with(|first: char| first.is_uppercase()) {
                    format!("write the id of its plugin before it, like `plugin:{text}`")
                } else {
                    format!(
                        "name a component of the plugin, like `{text}:Name`; what is about a whole plugin stands in `[plugins]`"
                    )
                })
            }
            (NameFault::Split, _) => {
                Words::new(format!("`{text}` is not {thing}"), expected).help(format!(
                    "write it as one key, in quotes: `\"{}\"`",
                    text.replacen('.', ":", 1)
                ))
            }
            (NameFault::Long(most), _) => Words::new(
                format!("{thing} has {} bytes", text.len()),
                format!("expected at most {most}"),
            )
            .help("choose a shorter one, and keep what is longer in `description` or `attributes`"),
            (NameFault::Keyword, of) => {
                Words::new(format!("`{text}` cannot be {thing}"), "a keyword of Rust").help(
                    match of {
                        NameOf::Component => "give the component another `name`",
                        _ => "choose another name",
                    },
                )
            }
            (NameFault::Reserved, NameOf::Field) => Words::new(
                format!("the field `{text}` of a decorator is taken"),
                "holds the provider that is decorated",
            )
            .help("choose another name"),
            (NameFault::Reserved, NameOf::Dependency) => Words::new(
                format!("`{text}` cannot be a plugin of this distribution"),
                "the package has it already",
            )
            .help("remove the line: a plugin has another name, and the library with `main` brings its own components"),
            (NameFault::Reserved, _) => Words::new(
                format!("`{text}` cannot be the id of a plugin here"),
                "stands for the host's own components",
            )
            .help("choose another id"),
        }
    }
}

/// What the id of a component may be whose path somebody wrote.
fn of_path(text: &str) -> Option<String> {
    let (way, name) = text.rsplit_once("::")?;
    let plugin = match way.split("::").next() {
        Some("crate" | "self" | "") | None => "plugin",
        Some(package) => package,
    };
    Some(format!("{plugin}:{name}"))
}

/// TN0008: not a type that a manifest can name. At: the text, or the part of it that does not belong.
pub(crate) struct NotATypePath {
    /// The text.
    pub(crate) text: String,
    /// What is wrong with it.
    pub(crate) fault: PathFault,
    /// The type that was probably meant.
    pub(crate) meant: Option<String>,
    /// A function, a constant or a static was to be named, and no type.
    pub(crate) is_value: bool,
}

impl Mistake for NotATypePath {
    const CODE: Code = Code::TN0008;

    fn words(&self) -> Words {
        let text = &self.text;
        let (a_thing, a_path, an_item, a_name_of_its_own) = match self.is_value {
            false => (
                "a type that can be named here",
                "write a path, like `crate::Type` or `dyn package::Trait`",
                "name a struct or an enum",
                "give the type a name of its own: `pub type Name = …;`",
            ),
            true => (
                "a path to a value",
                "write a path, like `crate::function` or `package::CONSTANT`",
                "name a function, a constant or a static",
                "name the item alone: what is to be called or computed belongs into one of its own",
            ),
        };
        let title = format!("{} is not {a_thing}", shown(text));
        let words = match &self.fault {
            PathFault::Syntax { expected, found } => {
                let found = match found {
                    None => "the end".to_owned(),
                    Some(found) if found.is_control() => "a control character".to_owned(),
                    Some(found) => format!("`{found}`"),
                };
                let expected = match expected {
                    Expected::End if self.is_value => "the end of the path",
                    Expected::End => "the end of the type",
                    Expected::Colons => "`::`",
                    Expected::Name => "a name",
                    Expected::Type => "a type",
                    Expected::EndOfArgument => "`,` or `>`",
                };
                // `plugin:Name`
                let is_id = found == "`:`" && !text.contains("::") && !text.contains(' ');
                Words::new(title, format!("expected {expected}, found {found}")).help(if is_id {
                    "a component's id is no type: write the service that it provides, like `dyn package::Trait`"
                } else {
                    a_path
                })
            }
            PathFault::Keyword(word) => {
                Words::new(title, format!("`{word}` is a keyword of Rust")).help(a_path)
            }
            PathFault::Construct(kind) => {
                Words::new(title, format!("this is {}", named(*kind))).help(a_path)
            }
            PathFault::Lifetime => Words::new(title, "lifetimes cannot be named in a manifest")
                .help("components own what they hold: leave it out"),
            PathFault::QualifiedSelf => {
                Words::new(title, "an associated type").help("name the type it stands for")
            }
            PathFault::Bounds => Words::new(title, "further bounds")
                .help("make them supertraits of the trait: `trait Trait: Send + Sync`"),
            PathFault::Argument => {
                Words::new(title, "the only arguments are types in `<…>`").help(a_name_of_its_own)
            }
            PathFault::LeadingColons => {
                Words::new(title, "a path starts with a crate's name").help("leave out the `::`")
            }
            PathFault::Relative => Words::new(title, "relative to nothing")
                .help("start the path at `crate` or at a dependency"),
            PathFault::Lone { word, .. } if word.len() == 1 => Words::new(title, "which type is it?")
                .help(format!(
                    "a manifest names one type, and no parameter: write the type that `{word}` stands for, like `String`"
                )),
            PathFault::Lone { word, is_dyn } => {
                let keyword = if *is_dyn { "dyn " } else { "" };
                // Alone it would be no service.
                let of_std = of_std(word).filter(|_| !text.starts_with(word));
                let help = match of_std {
                    Some(module) => format!("write its path: `{module}::{word}`"),
                    None => format!(
                        "write its path: `{keyword}crate::{word}` in this package, or `{keyword}package::{word}`"
                    ),
                };
                Words::new(title, "which crate is it in?").help(help)
            }
            PathFault::Dash => Words::new(title, "Rust writes `_` here").help(
                "a package `my-contract` is called `my_contract` in a path",
            ),
            PathFault::Wrapped(wrapper) => {
                let service = self.meant.as_deref().unwrap_or_default();
                let (label, more) = match *wrapper {
                    "Option" => ("not how a service is asked for", ", with `optional = true` beside it"),
                    "Vec" => ("not how services are asked for", ", with `all = true` beside it"),
                    _ => ("every service is handed out in an `Arc`", ""),
                };
                let words = Words::new(format!("{} is not a service", shown(text)), label);
                return words.help(format!("write `{service}`{more}"));
            }
            PathFault::NotAService => Words::new(
                format!("{} is not a service", shown(text)),
                "no component has this type",
            )
            .help("name a trait, like `dyn package::Trait`, or the type of a component"),
            PathFault::Keys => Words::new(title, "a path without quotes").help(format!(
                "write it as one key, in quotes: `\"{}\"`",
                text.replace('.', "::")
            )),
            PathFault::CrateAlone => Words::new(title, "a crate is not a type")
                .help("write the type's path, like `crate::Type`"),
            PathFault::NotOwn => Words::new(
                format!("component type `{text}` is not of this package"),
                "expected a path that starts with `crate`",
            )
            .help("wrap it: `pub struct Name(…);` in this package"),
            PathFault::NotOwnEntry => Words::new(
                format!("`{text}` has `requires`, and is not a type of this package"),
                "expected a path that starts with `crate`",
            )
            .help("wrap it: `pub struct Name(…);` in this package"),
            PathFault::NotARegistry => Words::new(
                format!("{} is not a registry", shown(text)),
                "no package has this type for a registry",
            )
            .help("name a type that implements `treenail::Registry`, like `package::Type`"),
            PathFault::UnexpectedDyn => Words::new(title, "a trait object").help(an_item),
            PathFault::MissingDyn => Words::new(
                format!("`{text}` is not a trait object"),
                "only `dyn Trait` can be provided",
            )
            .help(format!(
                "write `dyn {text}` if it is a trait; a type, or an alias of one, cannot be provided"
            )),
            PathFault::TooDeep => Words::new(title, "too many levels").help(a_name_of_its_own),
        };
        match &self.meant {
            Some(meant) => words.did_you_mean(meant),
            None => words,
        }
    }
}

/// TN0008: a line of `[bind]` with its sides in the wrong order. At: its left side.
pub(crate) struct BindReversed {
    /// The component.
    pub(crate) provider: String,
    /// The service, as it is written.
    pub(crate) service: String,
}

impl Mistake for BindReversed {
    const CODE: Code = Code::TN0008;

    fn words(&self) -> Words {
        let Self { provider, service } = self;
        Words::new(
            format!("`{provider}` is a component, and not a type that can be named here"),
            "the service comes first",
        )
        .help(format!(
            "write it the other way round: `{service:?} = {provider:?}`"
        ))
    }
}

fn named(kind: Construct) -> &'static str {
    match kind {
        Construct::Function => "a function pointer",
        Construct::Impl => "an `impl` type",
        Construct::Placeholder => "a placeholder",
        Construct::Reference => "a reference",
        Construct::Pointer => "a pointer",
        Construct::Tuple => "a tuple",
        Construct::SliceOrArray => "a slice or an array",
        Construct::Never => "the never type",
        Construct::Macro => "a macro",
    }
}

/// TN0015: a text that is no condition. At: the text, or the part of it that does not belong.
pub(crate) enum NotACondition {
    /// Not `cfg(…)` as Rust has it.
    Cfg {
        /// The text.
        text: String,
        /// What is wrong with it.
        fault: CfgFault,
    },
    /// Not a number of providers.
    Count(String),
    /// A table without a key.
    Empty {
        /// A condition that would do.
        example: &'static str,
    },
}

/// What is wrong with a `cfg(…)`, or with a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CfgFault {
    /// It is something else.
    NotCfg,
    /// It goes on after its end.
    Surplus,
    /// This character should stand there.
    Lacks(char),
    /// A name, or what takes a list, should stand there.
    NotAName,
    /// More nesting than any real predicate has.
    TooDeep,
    /// A name that no composition can know anything about.
    Unknowable(String),
    /// A name that is nearly another.
    Misspelt {
        /// That one.
        meant: String,
    },
    /// A name with a list behind it.
    TakesNoList,
    /// `not` with another number of predicates than one.
    NotOfSeveral,
    /// A string with escapes, or without an end.
    NotAPlainString,
}

impl CfgFault {
    fn words(&self) -> String {
        match self {
            Self::NotCfg => "expected `cfg(…)`".to_owned(),
            Self::Surplus => "this does not belong here".to_owned(),
            Self::Lacks(character) => format!("expected `{character}` here"),
            Self::NotAName => "expected a name, `all`, `any` or `not`".to_owned(),
            Self::TooDeep => "too many levels".to_owned(),
            Self::Unknowable(name) => {
                format!("`{name}` is not known when an application is composed")
            }
            Self::Misspelt { meant } => format!("did you mean `{meant}`?"),
            Self::TakesNoList => "only `all`, `any` and `not` take a list".to_owned(),
            Self::NotOfSeveral => "`not` takes one predicate".to_owned(),
            Self::NotAPlainString => "expected a plain string".to_owned(),
        }
    }
}

impl Mistake for NotACondition {
    const CODE: Code = Code::TN0015;

    fn words(&self) -> Words {
        match self {
            Self::Cfg { text, fault } => Words::new(format!("`{text}` is not a condition"), fault.words())
                .help(
                    "write it as in an attribute, like `cfg(unix)` or `cfg(target_os = \"linux\")`, or name a feature: \
                     `{ feature = \"name\" }`",
                ),
            Self::Count(text) => Words::new(
                format!("`{text}` is not a number of providers"),
                "expected a number or a range",
            )
            .help("write `2`, `\">=1\"` or `\">=1, <4\"`"),
            Self::Empty { example } => Words::new("this condition is empty", "asks for nothing")
                .help(format!("name what has to hold, like `{example}`")),
        }
    }
}

/// A text in backticks, or words for none.
fn shown(text: &str) -> String {
    if text.is_empty() {
        "an empty text".to_owned()
    } else {
        format!("`{text}`")
    }
}

/// The module of the standard library that has what Rust's code mostly calls by its name alone.
fn of_std(name: &str) -> Option<&'static str> {
    Some(match name {
        "Arc" | "Mutex" | "RwLock" => "std::sync",
        "BTreeMap" | "BTreeSet" | "HashMap" | "HashSet" | "VecDeque" => "std::collections",
        "Duration" | "Instant" | "SystemTime" => "std::time",
        "Path" | "PathBuf" => "std::path",
        "Pin" => "std::pin",
        "Rc" => "std::rc",
        _ => return None,
    })
}
