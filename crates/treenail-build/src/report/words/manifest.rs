//! Words about the manifest itself: TN00.

use super::{Words, any_of};
use crate::diagnostic::{KeyCure, Misfit, NameFault, NameOf, PathFault};
use crate::source::Origin;

pub(super) fn invalid_toml(words: &str) -> Words {
    Words::new(format!("invalid TOML: {words}"), "")
}

pub(super) fn unknown_key(key: &str, table: &str, expected: &[String], cure: &KeyCure) -> Words {
    let words = Words::new(
        format!("unknown key `{key}` in {}", quoted(table)),
        "there is no such key here",
    );
    let elsewhere = |place: &str| format!("`{key}` belongs elsewhere: {place}");
    match cure {
        KeyCure::Gone(instead) => words.help(*instead),
        KeyCure::FirstLine => words.help(elsewhere(
            "write it in the first line of the file, before every `[table]`",
        )),
        KeyCure::Header(header) => words.help(elsewhere(&format!("start a table with `{header}`"))),
        KeyCure::KeyOf { table, example: "" } => {
            words.help(elsewhere(&format!("it is a key of {table}")))
        }
        KeyCure::KeyOf { table, example } => words.help(elsewhere(&format!(
            "it is a key of {table}, like `{example}`"
        ))),
        KeyCure::Meant(name) => words.help_or(Some(name), ""),
        KeyCure::Unknown if expected.len() == 1 => words.help(format!(
            "the only key that exists here is `{}`",
            expected[0]
        )),
        KeyCure::Unknown => {
            let known = super::all_of(expected.iter().map(String::as_str));
            words.help(format!("the keys that exist here are {known}"))
        }
    }
}

pub(super) fn plugins_meant() -> Words {
    Words::new(
        "plugins are listed in `[plugins]`, and not in `[plugin]`",
        "this table makes the package itself a plugin",
    )
    .help_or(Some(&"plugins".to_owned()), "")
}

pub(super) fn wrong_type(key: &str, expected: &str, found: &str) -> Words {
    Words::new(
        format!("`{key}` cannot be {found}"),
        format!("expected {expected}"),
    )
}

pub(super) fn missing_key(key: &str, table: &str, example: &str) -> Words {
    Words::new(
        format!("`{key}` is missing in {}", quoted(table)),
        format!("needs `{key}`"),
    )
    .help(format!("add `{example}`"))
}

pub(super) fn unknown_value(
    key: &str,
    value: &str,
    expected: &[String],
    suggestion: Option<&String>,
) -> Words {
    Words::new(
        format!("`{value}` is not a {key}"),
        format!("expected {}", any_of(expected)),
    )
    .help_or(suggestion, format!("write {}", any_of(expected)))
}

pub(super) fn not_a_version(text: &str, requirement: bool, words: &str) -> Words {
    if requirement {
        Words::new(
            format!("{} is not a version requirement", shown(text)),
            words,
        )
        .help("write it as in Cargo.toml, like `^1.2` or `>=1.2, <2`")
    } else {
        Words::new(format!("{} is not a version", shown(text)), words)
            .help("write all three numbers, like `1.4.0`")
    }
}

pub(super) fn not_a_name(text: &str, of: NameOf, fault: NameFault) -> Words {
    let (thing, rule) = match of {
        NameOf::Plugin => (
            "a plugin id",
            "letters, digits, `-` and `_`, with a letter first",
        ),
        NameOf::Component => (
            "a component's name",
            "an identifier: ASCII letters, digits and `_`",
        ),
        NameOf::ComponentId => ("a component id", "a plugin and a name: `plugin:Name`"),
        NameOf::Alias => ("an id that an alias can have", "`plugin:Name` or `plugin`"),
        NameOf::Field => (
            "a field's name",
            "an identifier: ASCII letters, digits and `_`",
        ),
        NameOf::Package => ("a package's name", "letters, digits, `-` and `_`"),
        NameOf::Root => ("a key for a configuration", "letters, digits, `-` and `_`"),
        NameOf::Overlay => (
            "an overlay's name",
            "letters, digits, `-` and `_`, with a letter first",
        ),
    };
    match (fault, of) {
        (NameFault::Empty, _) => {
            Words::new(format!("{thing} is empty here"), format!("expected {rule}"))
        }
        (NameFault::Shape, _) => Words::new(
            format!("`{text}` is not {thing}"),
            format!("expected {rule}"),
        ),
        (NameFault::Keyword, NameOf::Component) => {
            Words::new(format!("`{text}` cannot be {thing}"), "a keyword of Rust")
                .help("give the component another `name`")
        }
        (NameFault::Keyword, _) => {
            Words::new(format!("`{text}` cannot be {thing}"), "a keyword of Rust")
                .help("choose another name")
        }
        (NameFault::Reserved, NameOf::Field) => Words::new(
            format!("the field `{text}` of a decorator is taken"),
            "holds the provider that is decorated",
        )
        .help("choose another name"),
        (NameFault::Reserved, _) => Words::new(
            format!("`{text}` cannot be the id of a plugin here"),
            "stands for the host's own components",
        )
        .help("choose another id"),
    }
}

pub(super) fn not_a_type_path(text: &str, fault: &PathFault) -> Words {
    let title = format!("{} is not a type that can be named here", shown(text));
    match fault {
        PathFault::Syntax(words) => Words::new(title, words.clone())
            .help("write a path, like `crate::Type` or `dyn package::Trait`"),
        PathFault::Kind(kind) => Words::new(title, format!("this is {kind}"))
            .help("write a path, like `crate::Type` or `dyn package::Trait`"),
        PathFault::Lifetime => Words::new(title, "lifetimes cannot be named in a manifest")
            .help("components own what they hold: leave it out"),
        PathFault::QualifiedSelf => {
            Words::new(title, "an associated type").help("name the type it stands for")
        }
        PathFault::Bounds => Words::new(title, "further bounds")
            .help("make them supertraits of the trait: `trait Trait: Send + Sync`"),
        PathFault::Argument => Words::new(title, "the only arguments are types in `<…>`")
            .help("give the type a name of its own: `pub type Name = …;`"),
        PathFault::LeadingColons => {
            Words::new(title, "a path starts with a crate's name").help("leave out the `::`")
        }
        PathFault::Relative => Words::new(title, "relative to nothing")
            .help("start the path at `crate` or at a dependency"),
        PathFault::Lone => {
            let (keyword, name) = match text.trim().strip_prefix("dyn ") {
                Some(name) => ("dyn ", name.trim_start()),
                None => ("", text),
            };
            Words::new(title, "which crate is it in?").help(format!(
                "write its path: `{keyword}crate::{name}` in this package, or `{keyword}package::{name}`"
            ))
        }
        PathFault::CrateAlone => Words::new(title, "a crate is not a type")
            .help("write the type's path, like `crate::Type`"),
        PathFault::NotOwn => Words::new(
            format!("component type `{text}` is not of this package"),
            "expected a path that starts with `crate`",
        )
        .help("wrap it: `pub struct Name(…);` in this package"),
        PathFault::UnexpectedDyn => {
            Words::new(title, "a trait object").help("name a struct or an enum")
        }
        PathFault::MissingDyn => Words::new(
            format!("`{text}` is not a trait object"),
            "only `dyn Trait` can be provided",
        )
        .help(format!("write `dyn {text}`")),
        PathFault::TooDeep => Words::new(title, "too many levels")
            .help("give the type a name of its own: `pub type Name = …;`"),
    }
}

pub(super) fn excluding(first: &str, second: &str, first_at: Origin) -> Words {
    Words::new(
        format!("`{first}` and `{second}` exclude each other"),
        "and this",
    )
    .also(first_at, "this")
    .help(format!("keep `{first}` or `{second}`"))
}

pub(super) fn duplicate_component(id: &str, first: Origin) -> Words {
    Words::new(format!("there are two components `{id}`"), "the second")
        .also(first, "the first")
        .help("give one of them another `name`")
}

pub(super) fn unknown_format(found: i64) -> Words {
    Words::new(
        format!("this manifest is of format {found}, which this treenail does not know"),
        "this treenail reads format 1",
    )
    .help("update `treenail` and `treenail-build` to the version that the manifest was written for")
}

pub(super) fn unreadable(package: &str, path: &str, words: &str) -> Words {
    if package.is_empty() {
        return Words::new(format!("cannot read `{path}`: {words}"), "is named here")
            .help("create it, with `treenail = 1` in its first line");
    }
    Words::new(format!("cannot read `{path}` of package `{package}`: {words}"), "is named here")
        .help(format!("the path is relative to the package's Cargo.toml: create `{path}` there, or name the file that exists"))
}

pub(super) fn type_declared_twice(ty: &str, first: &str, second: &str, first_at: Origin) -> Words {
    Words::new(
        format!("`{ty}` is the type of two components, `{first}` and `{second}`"),
        format!("the type of `{second}`"),
    )
    .also(first_at, format!("the type of `{first}`"))
    .help("give one of them a type of its own, such as a newtype")
}

pub(super) fn repeated(entry: &str, key: &str, first: Origin) -> Words {
    Words::new(
        format!("`{entry}` stands in `{key}` more than once"),
        "stands here again",
    )
    .also(first, "stands here already")
    .help("take one of them out")
}

pub(super) fn does_not_apply(key: &str, component: &str, misfit: Misfit) -> Words {
    let title = |what: &str| format!("`{key}` does not go with {what} `{component}`");
    match (misfit, key) {
        (Misfit::Pipe, "config") => {
            Words::new(title("pipe"), "a pipe has `params`").help("write `params`")
        }
        (Misfit::Pipe, "scope") => {
            Words::new(title("pipe"), "a pipe is always an instance").help("leave it out")
        }
        (Misfit::Pipe, _) => Words::new(title("pipe"), "a pipe is a step, and nobody's service")
            .help("leave it out, or make it a component of its own with `kind = \"service\"`"),
        (Misfit::Service, _) => {
            Words::new(title("service"), "only pipes have `params`").help("write `config`")
        }
        (Misfit::Handle, field) => Words::new(
            format!("`{field}` of `{component}` asks for its own handle in a form of its own"),
            "is always there, and there is one",
        )
        .help(format!("write `{field} = \"treenail::Handle\"`")),
        (Misfit::Scope, _) => Words::new(
            title("instance-scoped component"),
            "takes the place of a provider that is always there",
        )
        .help("make it a singleton, or configure an instance that wraps another"),
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

/// A text in backticks, or words for none.
fn shown(text: &str) -> String {
    if text.is_empty() {
        "an empty text".to_owned()
    } else {
        format!("`{text}`")
    }
}
