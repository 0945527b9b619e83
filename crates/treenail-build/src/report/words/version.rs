//! Words about versions: TN02, and TN0901.

use super::{Words, label_all};
use crate::diagnostic::{Absence, Named};
use crate::source::Origin;

/// The line that leaves a plugin out.
fn leave_out(id: &str) -> String {
    format!("`[plugins] {id} = {{ enabled = false }}`")
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
        "change the version of `{package}` in Cargo.toml, or leave the plugin out: {}",
        leave_out(id)
    ))
}

pub(super) fn contract(
    id: &str,
    version: &str,
    package: &str,
    found: &str,
    supported: &str,
) -> Words {
    Words::new(format!("plugin `{id}` {version} does not support {package} {found}"), "supports these versions").help(format!(
        "`cargo update -p {package}@{found} --precise` a version that is {supported}, or leave the plugin out: {}",
        leave_out(id)
    ))
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
        "use a version of the plugin for {host} {found}, or leave it out: {}",
        leave_out(id)
    ))
    .note_if(api_at.is_none(), || {
        format!("the host's version is that of its package, {found}; {supported} is supported")
    })
}

pub(super) fn contract_twice(package: &str, users: &[(Named, String)]) -> Words {
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
    let named: Vec<Named> = users.iter().map(|(user, _)| user.clone()).collect();
    words = label_all(words, &named, |user| format!("used by `{}`", user.name));
    words.label = users
        .first()
        .map(|(user, version)| format!("`{}` means {version}", user.name))
        .unwrap_or_default();
    words.help(format!("bring them together with `cargo update`, or with plugin versions that agree; `cargo tree -d -i {package}` shows who asks for which"))
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
    .help(format!("leave one of them out: {}", leave_out(other)))
}

pub(super) fn required_missing(id: &str, required: &str, wanted: &str, absence: &Absence) -> Words {
    let title = |what: &str| format!("plugin `{id}` needs plugin `{required}`, which {what}");
    let label = format!("needs `{required}` {wanted}");
    match absence {
        Absence::Unknown { suggestion } => Words::new(title("is not there"), label)
            .help_or(suggestion.as_ref(), format!("add the package that declares plugin `{required}` with `cargo add`")),
        Absence::Disabled { at } => Words::new(title("is switched off"), label)
            .also(*at, "switched off here")
            .help(format!("switch it on, or leave `{id}` out as well: {}", leave_out(id))),
        Absence::LeftOut => Words::new(title("is left out"), label)
            .help(format!("see why `{required}` is left out, or mark `{id}` as optional too: `[plugins] {id} = {{ optional = true }}`")),
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
