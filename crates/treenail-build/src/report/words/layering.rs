//! Words about what layers state: TN05.

use super::{Words, all_of};
use crate::diagnostic::{ConditionFault, Fact, Named};

pub(super) fn not_a_condition(fault: &ConditionFault) -> Words {
    match fault {
        ConditionFault::Cfg { text, words } => {
            Words::new(format!("`{text}` is not a condition"), words)
                .help("write it as in an attribute, like `cfg(unix)` or `cfg(target_os = \"linux\")`, or name a feature: `{ feature = \"name\" }`")
        }
        ConditionFault::Count(text) => {
            Words::new(format!("`{text}` is not a number of providers"), "expected a number or a range")
                .help("write `2`, `\">=1\"` or `\">=1, <4\"`")
        }
        ConditionFault::Empty { example } => {
            Words::new("this condition is empty", "asks for nothing")
                .help(format!("name what has to hold, like `{example}`"))
        }
    }
}

pub(super) fn contradicted(about: &str, definitions: &[(Named, u32)]) -> Words {
    let least = definitions.first().map_or(0, |(_, priority)| *priority);
    let label = |(named, priority): &(Named, u32)| {
        if *priority == least {
            format!("says `{}`, with priority {priority}", named.name)
        } else {
            format!(
                "says `{}`, with priority {priority}, which is weaker",
                named.name
            )
        }
    };
    let equal = definitions.iter().filter(|(_, one)| *one == least).count();
    let times = match equal {
        2 => "twice".to_owned(),
        number => format!("{number} times"),
    };
    let mut words = Words::new(
        format!("{about} is stated {times}, differently and equally strongly"),
        definitions.first().map(label).unwrap_or_default(),
    );
    for one in definitions.iter().skip(1) {
        words = words.also(one.0.at, label(one));
    }
    let order = "the lower number wins, and without a priority an overlay is stronger than the host, and the host than a plugin";
    let Some(stronger) = stronger(least) else {
        return words.help(format!("keep one of them: {order}"));
    };
    let value = definitions.first().map_or("", |(named, _)| &named.name);
    let value = match value {
        "true" | "false" => value.to_owned(),
        table if table.starts_with(['{', '[']) => table.to_owned(),
        text => format!("{text:?}"),
    };
    words.help(format!("keep one of them, or state one more strongly, in place of its value: `{{ value = {value}, priority = {stronger} }}`; {order}"))
}

/// A priority that is stronger than this one, as it is written.
fn stronger(than: u32) -> Option<String> {
    if than > 50 {
        return Some("\"force\"".to_owned());
    }
    than.checked_sub(1).map(|one| one.to_string())
}

pub(super) fn unknown_feature(
    feature: &str,
    package: &str,
    suggestion: Option<&String>,
    known: &[String],
) -> Words {
    let words = Words::new(
        format!("package `{package}` has no feature `{feature}`"),
        "no such feature",
    );
    let words = if known.is_empty() {
        words
    } else {
        words.note(format!(
            "its features: {}",
            all_of(known.iter().map(String::as_str))
        ))
    };
    words.help_or(
        suggestion,
        format!("declare it in the package's Cargo.toml, under `[features]`: `{feature} = []`"),
    )
}

pub(super) fn assertion_failed(message: &str, found: &[Fact]) -> Words {
    let mut words = Words::new(
        format!("an assertion about this composition fails: {message}"),
        "this does not hold",
    );
    for one in found {
        words = words.note(fact(one));
    }
    words.help("change the composition so that it holds, or take the `[[assert]]` out")
}

fn fact(fact: &Fact) -> String {
    let or = |suggestion: &Option<String>| match suggestion {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    };
    match fact {
        Fact::Plugin {
            id,
            version: Some(version),
            ..
        } => format!("plugin `{id}` takes part, at version {version}"),
        Fact::Plugin { id, suggestion, .. } => {
            format!("plugin `{id}` does not take part{}", or(suggestion))
        }
        Fact::Component {
            id, there: true, ..
        } => format!("component `{id}` is there"),
        Fact::Component { id, suggestion, .. } => {
            format!("component `{id}` is not there{}", or(suggestion))
        }
        Fact::Service { service, providers } if providers.is_empty() => {
            format!("nothing provides `{service}`")
        }
        Fact::Service { service, providers } => format!(
            "`{service}` has {} provider{}: {}",
            providers.len(),
            if providers.len() == 1 { "" } else { "s" },
            all_of(providers.iter().map(String::as_str))
        ),
    }
}

pub(super) fn replaces_nothing(name: &str, suggestion: Option<&String>) -> Words {
    Words::new(
        format!("this overlay replaces `{name}`, which is not there"),
        "nothing has this name",
    )
    .help_or(suggestion, "name something that is there")
}
