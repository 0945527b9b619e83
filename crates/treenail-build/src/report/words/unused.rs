//! Words about what has no effect: TN09.

use super::{Words, all_of};
use crate::diagnostic::{Idle, IdleOverlay, Named};

pub(super) fn bind(service: &str, provider: &str) -> Words {
    Words::new(
        format!("this binding has no effect: nothing needs `{service}` of `{provider}`"),
        "is not used",
    )
    .help("remove the line")
}

pub(super) fn host_all(service: &str) -> Words {
    Words::new(
        format!("`all` of the host has no effect for `{service}`: nobody who provides it would be left out"),
        "keeps nobody",
    )
    .help("remove it from the list")
}

pub(super) fn plugin(id: &str, package: &str, idle: &Idle) -> Words {
    match idle {
        Idle::Empty => Words::new(
            format!("plugin `{id}` has no effect: it declares no component"),
            "nothing of it is used",
        )
        .help(format!(
            "`cargo remove {package}`, or leave it out, in the host's `[plugins]`: `{id} = {{ enabled = false }}`"
        )),
        Idle::Unbuilt(components) => Words::new(
            format!("plugin `{id}` has no effect: nothing of it is ever built"),
            "nothing of it is used",
        )
        .note(format!(
            "{} {} transient, and nothing is handed one",
            all_of(components.iter().map(String::as_str)),
            if components.len() == 1 { "is" } else { "are" }
        ))
        .help(format!(
            "leave it out, in the host's `[plugins]`: `{id} = {{ enabled = false }}`"
        )),
    }
}

pub(super) fn component(id: &str, own: bool, winners: &[Named]) -> Words {
    let title =
        format!("component `{id}` is never built: it is transient, and nothing is handed one");
    let mut words = Words::new(title, "is not used");
    for one in winners {
        words = words.note(&one.name);
    }
    if own {
        words.help("remove the `[[component]]`")
    } else {
        words.help(format!(
            "leave it out, in the host's `[override]`: `\"{id}\" = {{ enabled = false }}`"
        ))
    }
}

pub(super) fn alias(from: &str, to: &str, plugin: &str) -> Words {
    Words::new(
        format!("alias `{from}` has no effect: it stands for `{to}`, and plugin `{plugin}` does not take part"),
        "is not used",
    )
    .help("remove the line, or switch the plugin on")
}

pub(super) fn overlay(name: &str, idle: IdleOverlay) -> Words {
    match idle {
        IdleOverlay::Empty => Words::new(
            format!("overlay `{name}` has no effect: it states nothing"),
            "is empty",
        )
        .help("remove it"),
        IdleOverlay::NoHost => Words::new(
            format!("overlay `{name}` has no effect: this manifest composes nothing"),
            "is never applied",
        )
        .help("move it into the manifest of a host, or add `[host]` to this one"),
    }
}

pub(super) fn table(table: &str) -> Words {
    Words::new(
        format!("`{table}` has no effect here: this manifest composes nothing"),
        "only a host's is read",
    )
    .help("move it into the manifest of a host, or add `[host]` to this one")
}

pub(super) fn line(line: &str) -> Words {
    Words::new(
        format!("`{line}` has no effect: it states nothing"),
        "nothing is said about it",
    )
    .help("remove it")
}

pub(super) fn unknown_lint(name: &str, is_error: bool, suggestion: Option<&String>) -> Words {
    if is_error {
        return Words::new(
            format!("`{name}` is always an error, and not a lint"),
            "has no effect",
        )
        .help("remove the line; only warnings have a level");
    }
    let names: Vec<&str> = crate::diagnostic::lint::names().collect();
    Words::new(format!("there is no lint `{name}`"), "has no effect")
        .note(format!("the lints: {}", all_of(names)))
        .help_or(suggestion, "remove the line")
}

pub(super) fn lint(name: &str) -> Words {
    Words::new(
        format!("`{name}` is allowed, but does not occur"),
        "has no effect",
    )
    .help("remove the line")
}

pub(super) fn order(id: &str, component: &str, suggestion: Option<&String>) -> Words {
    Words::new(
        format!("`{component}` is ordered beside `{id}`, which is not there"),
        "has no effect",
    )
    .help_or(suggestion, "remove it")
}
