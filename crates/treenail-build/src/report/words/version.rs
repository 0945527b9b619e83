//! Words about versions: TN02, and TN0901.

use super::Words;
use crate::diagnostic::{Absence, Cure, Fit, Named, Way};
use crate::source::Origin;

/// The line that leaves a plugin out, with where it goes.
fn leave_out(id: &str) -> String {
    format!("in the host's `[plugins]`: `{id} = {{ enabled = false }}`")
}

pub(super) fn plugin(id: &str, package: &str, version: &str, wanted: &str) -> Words {
    Words::new(
        format!("plugin `{id}` is at version {version}, but this composition wants {wanted}"),
        "wants these versions",
    )
    .help(format!(
        "change the version of `{package}` in Cargo.toml, or this line"
    ))
}

pub(super) fn required_plugin(
    [id, version, required, found, wanted]: &[&String; 5],
    package: &str,
) -> Words {
    Words::new(
        format!("plugin `{id}` {version} does not work with plugin `{required}` {found}"),
        format!("needs `{required}` {wanted}"),
    )
    .help(format!(
        "change the version of `{package}` in Cargo.toml, or leave the plugin out, {}",
        leave_out(id)
    ))
}

pub(super) fn contract(
    [id, version, package, found, supported]: &[&String; 5],
    cure: Option<&Fit>,
) -> Words {
    let otherwise = format!("or leave the plugin out, {}", leave_out(id));
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
    })
}

pub(super) fn host(
    [id, version, host, found, supported]: &[&String; 5],
    api_at: Option<Origin>,
) -> Words {
    Words::new(
        format!("plugin `{id}` {version} does not support `{host}` {found}"),
        "supports these versions of the host",
    )
    .also(api_at, "this is the host's version")
    .help(format!(
        "use a version of the plugin for {host} {found}, or leave it out, {}",
        leave_out(id)
    ))
    .note_if(api_at.is_none(), || {
        format!("the host's version is that of its package, {found}; {supported} is supported")
    })
}

pub(super) fn contract_twice(
    package: &str,
    users: &[(Named, String)],
    ways: &[Way],
    cures: &[Cure],
) -> Words {
    let mut words = Words::new(
        format!("two versions of `{package}` are in use, so their traits are different traits"),
        "",
    );
    for (user, version) in users {
        words = words.note(format!(
            "`{}` was built against {package} {version}",
            user.name
        ));
    }
    for (user, version) in users {
        words = words.also(user.at, format!("`{}` means {version}", user.name));
    }
    words.label = users
        .first()
        .map(|(user, version)| format!("`{}` means {version}", user.name))
        .unwrap_or_default();
    for way in ways.iter().take(MOST_WAYS) {
        let version = way.steps.last().map_or("", String::as_str);
        words = words.also(way.at, format!("brings {version}"));
        let steps: Vec<String> = way.steps.iter().map(|step| format!("`{step}`")).collect();
        let asked = way.asked.as_ref().filter(|asked| *asked != "*");
        let asked = asked.map_or_else(String::new, |asked| format!(", asked for as {asked}"));
        words = words.note(format!("{}{asked}", steps.join(" → ")));
    }
    if let Some(more) = ways.len().checked_sub(MOST_WAYS).filter(|more| *more > 0) {
        words = words.note(format!("and {more} more packages depend on one of them"));
    }
    words.help(unify(cures))
}

/// More ways into the graph than anybody reads.
const MOST_WAYS: usize = 20;

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
                    Some((file, line)) => {
                        format!("let `{package}` depend on {contract}, in {file}: `{line}`")
                    }
                    None => format!("use a version of `{package}` that depends on {contract}"),
                };
                let otherwise = plugin.as_deref().map(leave_out);
                changes.push(match otherwise {
                    Some(line) => format!("{change}, or leave the plugin out, {line}"),
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

pub(super) fn conflict(id: &str, other: &str, version: &str, versions: &str) -> Words {
    let label = if versions == "*" {
        "conflicts with every version".to_owned()
    } else {
        format!("conflicts with {versions}")
    };
    Words::new(
        format!("plugin `{id}` cannot be used together with plugin `{other}` {version}"),
        label,
    )
    .help(format!("leave one of them out, {}", leave_out(other)))
}

pub(super) fn required_missing(id: &str, required: &str, wanted: &str, absence: &Absence) -> Words {
    let title = |what: &str| format!("plugin `{id}` needs plugin `{required}`, which {what}");
    let label = format!("needs `{required}` {wanted}");
    match absence {
        Absence::Unknown { suggestion } => Words::new(title("is not there"), label)
            .help_or(suggestion.as_ref(), format!("add the package that declares plugin `{required}` with `cargo add`")),
        Absence::Disabled { at } => Words::new(title("is switched off"), label)
            .also(*at, "switched off here")
            .help(format!("switch it on, or leave `{id}` out as well, {}", leave_out(id))),
        Absence::LeftOut | Absence::Component(_) => Words::new(title("is left out"), label)
            .help(format!("see why `{required}` is left out, or mark `{id}` as optional too, in the host's `[plugins]`: `{id} = {{ optional = true }}`")),
    }
}

pub(super) fn api_not_a_dependency(id: &str, package: &str, suggestion: Option<&String>) -> Words {
    Words::new(
        format!("plugin `{id}` names the contract package `{package}`, but does not depend on it"),
        "not among its dependencies",
    )
    .help_or(
        suggestion,
        format!("remove the line, or `cargo add {package}` in the plugin's package"),
    )
}

pub(super) fn left_out(id: &str, version: &str, marked: Option<Origin>, inner: Words) -> Words {
    let words = Words {
        title: format!(
            "optional plugin `{id}` {version} is left out: {}",
            inner.title
        ),
        ..inner
    };
    words.also(marked, "optional here")
}

impl Words {
    fn note_if(self, condition: bool, note: impl FnOnce() -> String) -> Self {
        if condition { self.note(note()) } else { self }
    }
}
