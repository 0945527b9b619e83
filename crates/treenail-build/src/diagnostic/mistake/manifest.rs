//! Mistakes in the tables and keys of a manifest: TN0001 to TN0004, TN0009 to TN0014, TN0016. A list, and so longer than other
//! files.

use std::io;

use super::Mistake;
use crate::diagnostic::Code;
use crate::diagnostic::words::{Words, all_of, any_of};
use crate::source::Origin;

/// TN0001: not TOML. At: where the parser stumbled.
pub(crate) enum InvalidToml {
    /// The bytes are no text.
    NotUtf8,
    /// The parser's words.
    Syntax(String),
    /// A key that stands twice in a table; where it stands first, where that is known. At: the second.
    Twice(Option<Origin>),
    /// The parser's words about a colon in a header, where a path has no quotes.
    Header(String),
    /// The parser's words about a character that does not belong: it looks like another one, or like none, or another language has it.
    Character(String, char),
}

impl Mistake for InvalidToml {
    const CODE: Code = Code::TN0001;

    fn words(&self) -> Words {
        let why = match self {
            Self::NotUtf8 => "these bytes are not UTF-8",
            Self::Twice(_) => "duplicate key",
            Self::Syntax(words) | Self::Header(words) | Self::Character(words, _) => words,
        };
        let words = Words::new(format!("invalid TOML: {why}"), "");
        match self {
            Self::NotUtf8 => words.help("save the file as UTF-8"),
            Self::Twice(None) => {
                words.help("it stands above already: keep one of the two, with what both say")
            }
            Self::Twice(first) => Words {
                label: "the second".to_owned(),
                ..words
            }
            .also(*first, "the first")
            .help("keep one of the two, with what both say"),
            Self::Header(_) => words.help(
                "a path stands in quotes, like `[registry.\"path::Type\"]`",
            ),
            Self::Syntax(what) if what.starts_with("key with no value") => words.help(
                "write `key = value`; a key with blanks in it stands in quotes, like `\"dyn path::Trait\"`",
            ),
            Self::Syntax(_) => words,
            Self::Character(_, ':') => words.help(
                "write `key = value`; a key with a `:` in it stands in quotes, like `\"plugin:Name\"`",
            ),
            Self::Character(_, '/') => words.help("begin a comment with `#`"),
            Self::Character(_, found) => {
                let number = u32::from(*found);
                let what = match found.is_whitespace() {
                    true => "a blank of another kind",
                    false => "no ASCII, whatever it looks like",
                };
                words.help(format!("type it anew: this is U+{number:04X}, {what}"))
            }
        }
    }
}

/// TN0002: a key that its table does not have. At: the key.
pub(crate) struct UnknownKey {
    /// The key.
    pub(crate) key: String,
    /// The table, as people write it: `[plugin]`, "the manifest".
    pub(crate) table: String,
    /// The keys that exist there.
    pub(crate) expected: Vec<String>,
    /// What to do about it.
    pub(crate) cure: KeyCure,
}

/// What to do about a key that its table does not have.
pub(crate) enum KeyCure {
    /// There is none like it any more: what to write instead.
    Gone(&'static str),
    /// It is the first line of a manifest.
    FirstLine,
    /// It is a table by itself, under this header.
    Header(String),
    /// It is a key of another table.
    KeyOf {
        /// What the table is called.
        table: &'static str,
        /// How it is written, where it has no header.
        example: &'static str,
    },
    /// This one was probably meant.
    Meant(String),
    /// Nothing is known but the keys that there are.
    Unknown,
}

impl Mistake for UnknownKey {
    const CODE: Code = Code::TN0002;

    fn words(&self) -> Words {
        let key = &self.key;
        let words = Words::new(
            format!("unknown key `{key}` in {}", quoted(&self.table)),
            "there is no such key here",
        );
        let elsewhere = |place: &str| format!("`{key}` belongs elsewhere: {place}");
        match &self.cure {
            KeyCure::Gone(instead) => words.help(*instead),
            KeyCure::FirstLine => words.help(elsewhere(
                "write it in the first line of the file, before every `[table]`",
            )),
            KeyCure::Header(header) => {
                words.help(elsewhere(&format!("start a table with `{header}`")))
            }
            KeyCure::KeyOf { table, example: "" } => {
                words.help(elsewhere(&format!("it is a key of {table}")))
            }
            KeyCure::KeyOf { table, example } => words.help(elsewhere(&format!(
                "it is a key of {table}, like `{example}`"
            ))),
            KeyCure::Meant(name) => words.did_you_mean(name),
            KeyCure::Unknown => words.help(match self.expected.as_slice() {
                [one] => format!("the only key that exists here is `{one}`"),
                several => format!("the keys that exist here are {}", all_of(several)),
            }),
        }
    }
}

/// TN0002: `[plugin]` lists plugins, as `[plugins]` does. At: its name.
pub(crate) struct PluginsMeant;

impl Mistake for PluginsMeant {
    const CODE: Code = Code::TN0002;

    fn words(&self) -> Words {
        Words::new(
            "plugins are listed in `[plugins]`, and not in `[plugin]`",
            "this table makes the package itself a plugin",
        )
        .did_you_mean("plugins")
    }
}

/// TN0002: `[plugins]` declares a plugin, as `[plugin]` does. At: its name.
pub(crate) struct PluginMeant;

impl Mistake for PluginMeant {
    const CODE: Code = Code::TN0002;

    fn words(&self) -> Words {
        Words::new(
            "a plugin is declared in `[plugin]`, and not in `[plugins]`",
            "this table says which plugins take part",
        )
        .did_you_mean("plugin")
    }
}

/// TN0003: a value of another type. At: the value.
pub(crate) struct WrongType {
    /// The key.
    pub(crate) key: String,
    /// What belongs there, with its article.
    pub(crate) expected: String,
    /// What is there, with its article.
    pub(crate) found: String,
}

impl Mistake for WrongType {
    const CODE: Code = Code::TN0003;

    fn words(&self) -> Words {
        Words::new(
            format!("`{}` cannot be {}", self.key, self.found),
            format!("expected {}", self.expected),
        )
    }
}

/// TN0004: a key that its table has to have. At: the table's header.
pub(crate) struct MissingKey {
    /// The key, or those of which one would do, each with a line of it.
    pub(crate) keys: Vec<(String, String)>,
    /// The table.
    pub(crate) table: String,
}

impl Mistake for MissingKey {
    const CODE: Code = Code::TN0004;

    fn words(&self) -> Words {
        let names = any_of(self.keys.iter().map(|(key, _)| key));
        let lines = any_of(self.keys.iter().map(|(_, line)| line));
        Words::new(
            format!("{names} is missing in {}", quoted(&self.table)),
            format!("needs {names}"),
        )
        .help(format!("add {lines}"))
    }
}

/// TN0004: a manifest that says nothing. At: its start.
pub(crate) struct BlankManifest {
    /// What it is the manifest of.
    pub(crate) should: Role,
}

impl Mistake for BlankManifest {
    const CODE: Code = Code::TN0004;

    fn words(&self) -> Words {
        Words::new(
            "`treenail` is missing in the manifest, which is empty",
            "says nothing",
        )
        .help(self.should.write("write"))
    }
}

/// What a package is to be, by its manifest.
#[derive(Debug, Clone)]
pub(crate) enum Role {
    /// It composes an application.
    Host,
    /// It is a plugin, and this could be its id.
    Plugin(String),
    /// Nobody knows.
    Either,
}

impl Role {
    /// Asks for a whole manifest, the smallest that is none of the mistakes; `verb` begins the sentence.
    fn write(&self, verb: &str) -> String {
        match self {
            Self::Host => format!("{verb} these lines:\ntreenail = 1\n[host]"),
            Self::Plugin(id) => {
                format!("{verb} these lines:\ntreenail = 1\n[plugin]\nid = \"{id}\"")
            }
            Self::Either => format!(
                "{verb} `treenail = 1`, and below it `[host]` for an application, or `[plugin]` with an `id` for a plugin"
            ),
        }
    }
}

/// TN0009: two keys of one requirement that exclude each other. At: the second.
pub(crate) struct Excluding {
    /// The key that came first.
    pub(crate) first: String,
    /// The key that came second.
    pub(crate) second: String,
    /// Where the first is.
    pub(crate) first_at: Origin,
}

impl Mistake for Excluding {
    const CODE: Code = Code::TN0009;

    fn words(&self) -> Words {
        let (first, second) = (&self.first, &self.second);
        Words::new(
            format!("`{first}` and `{second}` exclude each other"),
            "and this",
        )
        .also(self.first_at, "this")
        .help(format!("keep `{first}` or `{second}`"))
    }
}

/// TN0010: two components of one plugin with one name. At: the second one's name.
pub(crate) struct DuplicateComponent {
    /// The name, or the id where the plugin is known.
    pub(crate) id: String,
    /// The first one's name.
    pub(crate) first: Origin,
}

impl Mistake for DuplicateComponent {
    const CODE: Code = Code::TN0010;

    fn words(&self) -> Words {
        Words::new(
            format!("there are two components `{}`", self.id),
            "the second",
        )
        .also(self.first, "the first")
        .help("give one of them another `name`")
    }
}

/// TN0011: `treenail = 2`. At: the number.
pub(crate) struct UnknownFormat {
    /// The number.
    pub(crate) found: i64,
}

impl Mistake for UnknownFormat {
    const CODE: Code = Code::TN0011;

    fn words(&self) -> Words {
        let found = self.found;
        Words::new(
            format!("this manifest is of format {found}, which this treenail does not know"),
            "this treenail reads format 1",
        )
        .help(
            "update `treenail` and `treenail-build` to the version that the manifest was written for",
        )
    }
}

/// TN0012: a manifest that cannot be read. At: `manifest = "…"` in the package's Cargo.toml where that could be read, else the
/// manifest.
pub(crate) struct Unreadable {
    /// The package; empty for the file the reader named himself.
    pub(crate) package: String,
    /// The path tried, relative to the package.
    pub(crate) path: String,
    /// What the system says about it.
    pub(crate) error: io::Error,
    /// A manifest that there is, relative to the package.
    pub(crate) instead: Option<String>,
    /// What the package is to be.
    pub(crate) should: Role,
}

impl Mistake for Unreadable {
    const CODE: Code = Code::TN0012;

    fn words(&self) -> Words {
        let Self {
            package,
            path,
            error,
            instead,
            should,
        } = self;
        let words = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
            io::ErrorKind::Unsupported => "it is a pipe or a device".to_owned(),
            _ => error.to_string(),
        };
        let of = match package.as_str() {
            "" => String::new(),
            package => format!(" of package `{package}`"),
        };
        let title = format!("cannot read `{path}`{of}: {words}");
        Words::new(title, "is looked for here").help(match (instead, error.kind()) {
            (Some(instead), _) => {
                format!("name the file that is there, in Cargo.toml: `manifest = \"{instead}\"`")
            }
            (None, io::ErrorKind::NotFound) if package.is_empty() => {
                should.write("create it, with")
            }
            (None, io::ErrorKind::NotFound) => should.write(&format!(
                "create `{path}` beside the package's Cargo.toml, with"
            )),
            (None, io::ErrorKind::IsADirectory) => should.write(
                "name a file, in Cargo.toml: `manifest = \"plugins.toml\"`; and create it, with",
            ),
            (None, _) => format!("let `{path}` be a file that can be read"),
        })
    }
}

/// TN0013: one type for two components. At: the second `type`.
pub(crate) struct TypeDeclaredTwice {
    /// The type.
    pub(crate) ty: String,
    /// The first component's name.
    pub(crate) first: String,
    /// The second component's name.
    pub(crate) second: String,
    /// The first `type`.
    pub(crate) first_at: Origin,
}

impl Mistake for TypeDeclaredTwice {
    const CODE: Code = Code::TN0013;

    fn words(&self) -> Words {
        let Self {
            ty,
            first,
            second,
            first_at,
        } = self;
        Words::new(
            format!("`{ty}` is the type of two components, `{first}` and `{second}`"),
            format!("the type of `{second}`"),
        )
        .also(*first_at, format!("the type of `{first}`"))
        .help("give one of them a type of its own, such as a newtype")
    }
}

/// TN0014: a key that does not go with the component's kind or scope. At: the key.
pub(crate) struct DoesNotApply {
    /// The key.
    pub(crate) key: String,
    /// The component.
    pub(crate) component: String,
    /// Why.
    pub(crate) misfit: Misfit,
}

/// Why a key does not go with its component.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Misfit {
    /// A key that pipes do not have: `config`, `provides`, `decorate`, another scope than `instance`.
    Pipe,
    /// A key that only pipes have: `params`.
    Service,
    /// A key that decorators do not have: `provides`, another scope than `singleton`.
    Decorator,
    /// Another form than a plain one for a handle of the runtime, called so. At: the service.
    Handle(&'static str),
    /// `reload = "reconfigure"` of what has no configuration.
    Unconfigured,
}

impl Mistake for DoesNotApply {
    const CODE: Code = Code::TN0014;

    fn words(&self) -> Words {
        let (key, component) = (&self.key, &self.component);
        let title = |what: &str| format!("`{key}` does not go with {what} `{component}`");
        match (self.misfit, key.as_str()) {
            (Misfit::Pipe, "config") => {
                Words::new(title("pipe"), "a pipe has `params`").help("write `params`")
            }
            (Misfit::Pipe, "scope") => {
                Words::new(title("pipe"), "a pipe is always an instance").help("leave it out")
            }
            (Misfit::Pipe, _) => {
                Words::new(title("pipe"), "a pipe is a step, and nobody's service").help(
                    "leave it out, or make it a component of its own with `kind = \"service\"`",
                )
            }
            (Misfit::Service, _) => {
                Words::new(title("service"), "only pipes have `params`").help("write `config`")
            }
            (Misfit::Handle(handle), field) => Words::new(
                format!("`{field}` of `{component}` asks for its `{handle}` in a form of its own"),
                "is always there, and there is one",
            )
            .help(format!("write `{field} = {handle:?}`")),
            (Misfit::Unconfigured, _) => Words::new(
                title("component"),
                "it has no `config`, so nothing can be handed to it while it runs",
            )
            .help("leave it out, or declare the type of its configuration as `config`"),
            (Misfit::Decorator, "scope") => Words::new(
                title("decorator"),
                "there is one for each provider that it wraps",
            )
            .help("leave it out"),
            (Misfit::Decorator, _) => Words::new(
                title("decorator"),
                "it stands for what it wraps, and for nothing else",
            )
            .help("leave it out, or make a component of its own that provides this"),
        }
    }
}

/// TN0016: a list holds an entry more than once. At: any but the first.
pub(crate) struct Repeated {
    /// The entry.
    pub(crate) entry: String,
    /// The list's key.
    pub(crate) key: String,
    /// The first one.
    pub(crate) first: Origin,
}

impl Mistake for Repeated {
    const CODE: Code = Code::TN0016;

    fn words(&self) -> Words {
        Words::new(
            format!("`{}` stands in `{}` more than once", self.entry, self.key),
            "stands here again",
        )
        .also(self.first, "stands here already")
        .help("take one of them out")
    }
}

/// Tables that have a name of their own stand in backticks.
fn quoted(table: &str) -> String {
    if table.starts_with('[') {
        format!("`{table}`")
    } else {
        table.to_owned()
    }
}
