//! Words about packages and plugins: TN01.

use super::{Words, all_of};
use crate::diagnostic::{CargoFault, MetadataFault, Named};
use crate::model::{Absent, Undeclared};

pub(super) fn cargo_failed(fault: CargoFault, words: &str) -> Words {
    let (title, help) = match fault {
        CargoFault::NotStarted => (
            "cannot find the plugins of this package: `cargo` could not be started",
            "plugins are found with `cargo metadata`: put `cargo` on the PATH, or name it in the variable CARGO",
        ),
        CargoFault::Failed => (
            "cannot find the plugins of this package: `cargo metadata` failed",
            "make `cargo metadata --offline` succeed in this package's folder: `cargo fetch` downloads what is missing; \
             a vendored tree needs its Cargo.lock and every package that Cargo.toml names",
        ),
        CargoFault::Output => (
            "cannot find the plugins of this package: the output of `cargo metadata` is not understood",
            "use the `cargo` that belongs to this toolchain",
        ),
        CargoFault::NoRoot => (
            "cannot find the plugins of this package: `cargo metadata` does not know the package",
            "compose from a package, not from a virtual workspace",
        ),
    };
    let words = words.trim();
    let all = Words::new(title, "").help(help);
    if words.is_empty() {
        all
    } else {
        all.note(format!("cargo says:\n{words}"))
    }
}

pub(super) fn metadata_malformed(package: &str, fault: &MetadataFault) -> Words {
    let title = format!("`[package.metadata.treenail]` of package `{package}` is not understood");
    let example = "write `[package.metadata.treenail]` and below it `manifest = \"plugins.toml\"`";
    match fault {
        MetadataFault::NotATable => Words::new(title, "expected a table").help(example),
        MetadataFault::NoManifest => Words::new(title, "needs `manifest`").help(example),
        MetadataFault::NotAString(key) => {
            let words = Words::new(title, format!("`{key}` must be a string"));
            match key.as_str() {
                "manifest" => words.help(example),
                _ => words.help(format!("write `{key} = \"name\"`, or leave it out")),
            }
        }
        MetadataFault::Outside(path) => {
            Words::new(title, format!("`{path}` leads out of the package")).help(
                "move the manifest into the package: what lies outside is not published with it",
            )
        }
        MetadataFault::Misspelt(key) => Words::new(
            format!("`[package.metadata.{key}]` of package `{package}` is read by nobody"),
            "unknown table",
        )
        .help("did you mean `[package.metadata.treenail]`?"),
        MetadataFault::UnknownKey { key, suggestion } => {
            Words::new(title, format!("unknown key `{key}`")).help_or(
                suggestion.as_ref(),
                "the keys that exist here are `manifest` and `feature`",
            )
        }
        MetadataFault::UnknownFeature(feature) => {
            Words::new(title, format!("the package has no feature `{feature}`"))
                .help("name a feature of the package, or leave `feature` out")
        }
    }
}

pub(super) fn undeclared_plugin(Undeclared { package, file, .. }: &Undeclared) -> Words {
    Words::new(
        format!(
            "package `{package}` has a plugins.toml with `[plugin]`, but is not found as a plugin"
        ),
        "does not say that it is a plugin",
    )
    .help(declare(file))
}

pub(super) fn undeclared_plugin_named(id: &str, undeclared: &Undeclared) -> Words {
    let Undeclared {
        package, file, at, ..
    } = undeclared;
    Words::new(
        format!("there is no plugin `{id}`: package `{package}` declares it in a plugins.toml that its Cargo.toml does not name"),
        "is not found as a plugin",
    )
    .also(*at, "does not say that it is a plugin")
    .help(declare(file))
}

fn declare(file: &str) -> String {
    format!("add two lines to {file}:\n[package.metadata.treenail]\nmanifest = \"plugins.toml\"")
}

pub(super) fn indirect_plugin(
    id: &str,
    package: &str,
    version: &str,
    via: &str,
    service: Option<&str>,
) -> Words {
    let title = match service {
        Some(service) => {
            format!("`{service}` is provided by plugin `{id}`, which is not a direct dependency")
        }
        None => format!("plugin `{id}` is needed, but it is not a direct dependency"),
    };
    let label = if service.is_some() {
        "needed here"
    } else {
        "needs the plugin"
    };
    Words::new(title, label)
        .note(format!("package `{package}` {version} is only there through `{via}`, and Rust can name direct dependencies only"))
        .help(format!("add it: `cargo add {package}@{version}`"))
}

pub(super) fn plugin_id_twice(id: &str, first: &Named, second: &str) -> Words {
    Words::new(
        format!(
            "packages `{}` and `{second}` are both plugin `{id}`",
            first.name
        ),
        format!("in `{second}`"),
    )
    .also(first.at, format!("in `{}`", first.name))
    .help("depend on one of the two")
}

pub(super) fn unknown_plugin(id: &str, suggestion: Option<&String>, known: &[String]) -> Words {
    let words = Words::new(
        format!("there is no plugin `{id}`"),
        "no dependency of this package declares it",
    );
    let words = if known.is_empty() {
        words.note("none of this package's dependencies is a plugin")
    } else {
        words.note(format!(
            "the plugins here: {}",
            all_of(known.iter().map(String::as_str))
        ))
    };
    words.help_or(
        suggestion,
        "add the package that declares it with `cargo add`, or remove the line",
    )
}

pub(super) fn not_a_dependency(
    name: &str,
    package: &str,
    suggestion: Option<&String>,
    elsewhere: Option<&str>,
) -> Words {
    let words = Words::new(
        format!("package `{package}` has no dependency `{name}`"),
        format!("`{name}` is not known there"),
    );
    let add = elsewhere.map_or_else(|| name.replace('_', "-"), str::to_owned);
    let add = format!("add it: `cargo add -p {package} {add}`");
    match (suggestion, elsewhere) {
        (Some(_), None) => words.help_or(suggestion, add),
        _ => words.help(add),
    }
}

pub(super) fn no_library(id: &str, package: &str) -> Words {
    Words::new(
        format!("plugin `{id}` cannot be used: package `{package}` has no library"),
        "this plugin",
    )
    .help("give the package a `src/lib.rs` with `treenail::plugin!();`")
}

pub(super) fn nothing_to_compose(has_plugin: bool) -> Words {
    if has_plugin {
        Words::new(
            "this manifest declares a plugin, but composes nothing",
            "has `[plugin]` and no `[host]`",
        )
        .help("add `[host]` to compose an application from it")
    } else {
        Words::new(
            "this manifest neither composes nor declares a plugin",
            "needs `[host]` or `[plugin]`",
        )
        .help("add `[host]` for an application, or `[plugin]` with an `id` for a plugin")
    }
}

pub(super) fn unknown_overlay(name: &str, known: &[String], suggestion: Option<&String>) -> Words {
    let words = Words::new(format!("there is no overlay `{name}`"), "in this manifest");
    let words = if known.is_empty() {
        words
    } else {
        words.note(format!(
            "the overlays here: {}",
            all_of(known.iter().map(String::as_str))
        ))
    };
    words.help_or(suggestion, format!("add `[overlay.{name}]`"))
}

pub(super) fn feature_missing(id: &str, absent: &Absent, stated: Option<&str>) -> Words {
    let Absent {
        package,
        feature,
        host,
        platform,
        ..
    } = absent;
    if let Some(platform) = platform {
        let title =
            format!("plugin `{id}` is not in this build: `{host}` has it only for `{platform}`");
        let words = Words::new(title, format!("package `{package}` brings it there"));
        return words.help(match stated {
            Some(stated) => {
                format!("say the same here, in the host's `[plugins]`: `{id} = {stated}`")
            }
            None => format!("depend on `{package}` on every platform, in Cargo.toml"),
        });
    }
    let title =
        format!("plugin `{id}` is not in this build: feature `{feature}` of `{host}` is off");
    let words = Words::new(title, format!("package `{package}` brings it"));
    let build = format!("build with `--features {feature}`");
    words.help(match stated {
        Some(stated) => format!(
            "{build}, or let the plugin be absent, in the host's `[plugins]`: `{id} = {stated}`"
        ),
        None => build,
    })
}
