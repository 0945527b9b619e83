//! Words about who provides what to whom, and in which order: TN03 and TN04.

use super::{Words, all_of, label_all};
use crate::diagnostic::{Absence, AliasFault, ComponentUse, CycleStep, Gone, Named, NearMiss};
use crate::source::Origin;

pub(super) fn no_provider(
    [service, component, field, stated]: &[&String; 4],
    near: &[NearMiss],
) -> Words {
    let words = Words::new(
        format!("nothing provides `{service}`, which `{component}` needs as `{field}`"),
        "nothing provides this",
    );
    let otherwise = format!(
        "add a plugin that provides it with `cargo add`, or make do without: in its `requires`, `{field} = {{ {stated}, optional = true }}`"
    );
    near_misses(words, near, otherwise)
}

pub(super) fn nothing_to_decorate(id: &str, service: &str, near: &[NearMiss]) -> Words {
    let words = Words::new(
        format!("`{id}` decorates `{service}`, which nothing provides"),
        "nothing to decorate",
    );
    near_misses(
        words,
        near,
        "add a plugin that provides it with `cargo add`, or list it under `provides` instead"
            .to_owned(),
    )
}

pub(super) fn nothing_for_host(service: &str, near: &[NearMiss]) -> Words {
    let words = Words::new(
        format!("the host asks for every provider of `{service}`, which nothing provides"),
        "nothing provides it",
    );
    let otherwise = "add a plugin that provides it with `cargo add`, or remove it from the list";
    near_misses(words, near, otherwise.to_owned())
}

/// A note for each near miss; the first one says what to do.
fn near_misses(mut words: Words, near: &[NearMiss], otherwise: String) -> Words {
    let mut help = None;
    for miss in near {
        let (at, label, note, what_to_do) = near_miss(miss);
        words = words.also(at, label).note(note);
        help.get_or_insert(what_to_do);
    }
    words.help(help.unwrap_or(otherwise))
}

/// Place, label, note and help of a near miss.
fn near_miss(miss: &NearMiss) -> (Option<Origin>, String, String, String) {
    match miss {
        NearMiss::OtherVersion {
            provider,
            package,
            theirs,
            ours,
            at,
        } => (
            *at,
            format!("this is the trait of {package} {theirs}"),
            format!(
                "`{provider}` provides the trait of {package} {theirs}; {ours} is asked for, and to Rust they are two traits"
            ),
            format!(
                "bring the versions together: `cargo tree -d -i {package}` shows who asks for which"
            ),
        ),
        NearMiss::Disabled {
            plugin,
            provider,
            at,
        } => (
            *at,
            "switched off here".to_owned(),
            format!("`{provider}` would provide it, but plugin `{plugin}` is switched off"),
            format!("switch plugin `{plugin}` on"),
        ),
        NearMiss::LeftOut { plugin, provider } => (
            None,
            String::new(),
            format!(
                "`{provider}` would provide it, but optional plugin `{plugin}` does not fit and is left out"
            ),
            format!("make plugin `{plugin}` fit: the warning about it says how"),
        ),
        NearMiss::Feature {
            provider,
            package,
            features,
            own,
            at,
        } => {
            let list = features.join(",");
            let named = all_of(features.iter().map(String::as_str));
            let what = if features.len() == 1 {
                "feature"
            } else {
                "features"
            };
            (
                *at,
                format!("needs {what} {named}"),
                format!("`{provider}` would provide it with {what} {named} of `{package}`"),
                if *own {
                    format!("build with it: `cargo build --features {list}`")
                } else {
                    format!("switch it on: `cargo add {package} --features {list}`")
                },
            )
        }
        NearMiss::Overridden { provider, at } => (
            *at,
            "taken out here".to_owned(),
            format!("`{provider}` would provide it, but this composition takes it out"),
            format!("leave `{provider}` in"),
        ),
        NearMiss::Similar {
            service,
            provider,
            at,
        } => (
            *at,
            "this is similar".to_owned(),
            format!("`{provider}` provides `{service}`"),
            format!("did you mean `{service}`?"),
        ),
        NearMiss::NotDeclared { provider, at } => (
            *at,
            "declared here".to_owned(),
            format!("`{provider}` may implement it, but does not list it under `provides`"),
            format!("list it under `provides` of `{provider}`"),
        ),
    }
}

pub(super) fn several_providers(
    service: &str,
    component: &str,
    field: &str,
    providers: &[Named],
) -> Words {
    let names = all_of(providers.iter().map(|one| one.name.as_str()));
    let title =
        format!("`{service}` has several providers, and `{component}` needs one as `{field}`");
    let words = Words::new(title, "which one?").note(format!("the providers are {names}"));
    let words = label_all(words, providers, |one| {
        format!("`{}` provides it", one.name)
    });
    let first = providers
        .first()
        .map_or("plugin:Name", |one| one.name.as_str());
    words.help(format!(
        "choose one in the host's `[bind]`: `\"{service}\" = \"{first}\"`"
    ))
}

pub(super) fn wrong_scope(
    service: &str,
    component: &str,
    field: &str,
    scope: &str,
    providers: &[Named],
) -> Words {
    let title = format!(
        "`{component}` is a {scope} and needs `{service}` as `{field}`, of which there are only instances that the configuration names"
    );
    let words = label_all(Words::new(title, "which instance?"), providers, |one| {
        format!("`{}` is instance-scoped", one.name)
    });
    let first = providers
        .first()
        .map_or("plugin:Name", |one| one.name.as_str());
    words.help(format!(
        "promise exactly one instance in the host's `[bind]`: `\"{service}\" = \"{first}\"`, or take what is there with `all = true` or `optional = true`"
    ))
}

pub(super) fn unknown_component(
    id: &str,
    used: ComponentUse,
    suggestion: Option<&String>,
    absence: Option<&Absence>,
) -> Words {
    let label = match used {
        ComponentUse::Bind => "bound here",
        ComponentUse::From => "wanted here",
        ComponentUse::Before | ComponentUse::After => "ordered here",
        ComponentUse::Lifecycle => "its deadlines and restarts are set here",
        ComponentUse::Alias => "the alias stands for it",
        ComponentUse::Override => "changed here",
    };
    let plugin = id.split(':').next().unwrap_or(id);
    match absence {
        Some(Absence::Disabled { at }) => Words::new(
            format!("component `{id}` is not there: plugin `{plugin}` is switched off"),
            label,
        )
        .also(*at, "switched off here")
        .help("switch the plugin on, or remove this"),
        Some(Absence::LeftOut) => Words::new(
            format!(
                "component `{id}` is not there: plugin `{plugin}` does not fit and is left out"
            ),
            label,
        )
        .help("make the plugin fit: the warning about it says how"),
        Some(Absence::Component(gone)) => gone_words(id, gone, label),
        Some(Absence::Unknown { .. }) => Words::new(
            format!("there is no component `{id}`: no plugin is called `{plugin}`"),
            label,
        )
        .help_or(
            suggestion,
            "add the package that declares the plugin with `cargo add`",
        ),
        None => Words::new(format!("there is no component `{id}`"), label).help_or(
            suggestion,
            format!("name a component that plugin `{plugin}` declares"),
        ),
    }
}

fn gone_words(id: &str, gone: &Gone, label: &str) -> Words {
    let title = |why: &str| format!("component `{id}` is not there: {why}");
    match gone {
        Gone::Off(at) => Words::new(title("it is switched off"), label)
            .also(Some(*at), "switched off here")
            .help("switch it on, or remove this"),
        Gone::When(at) => Words::new(title("its condition does not hold"), label)
            .also(Some(*at), "declared here, with `when`")
            .help("build it so that the condition holds, or remove this"),
        Gone::Renamed { to } => {
            Words::new(title("an overlay gives its name to another one"), label)
                .help(format!("name `{to}`, or remove this"))
        }
    }
}

pub(super) fn does_not_provide(
    id: &str,
    service: &str,
    provides: &[String],
    declared: Option<Origin>,
) -> Words {
    let words = Words::new(
        format!("`{id}` does not provide `{service}`"),
        "does not provide it",
    )
    .also(declared, "declared here");
    let words = if provides.is_empty() {
        words
    } else {
        words.note(format!(
            "it provides {}",
            all_of(provides.iter().map(String::as_str))
        ))
    };
    if provides.is_empty() {
        words.help(format!(
            "name a component that provides it, or list it under `provides` of `{id}`"
        ))
    } else {
        words.help(format!("name a component that provides `{service}`"))
    }
}

pub(super) fn alias(from: &str, to: &str, fault: &AliasFault) -> Words {
    match fault {
        AliasFault::Chain { .. } if from == to => Words::new(
            format!("alias `{from}` stands for itself"),
            "stands for itself",
        )
        .help("name a component or a plugin that is there"),
        AliasFault::Chain {
            next_at,
            is_stronger,
            end,
        } => {
            let words = Words::new(
                format!("alias `{from}` stands for `{to}`, which is an alias itself"),
                "stands for another alias",
            )
            .also(*next_at, "the other alias");
            match end {
                Some(end) if *is_stronger => words.help(format!(
                    "add `\"{from}\" = \"{end}\"` beside the other alias"
                )),
                Some(end) => words.help(format!("write `{end}`, what `{to}` stands for")),
                None => words.help("name a component or a plugin that is there"),
            }
        }
        AliasFault::Wildcard(names) => wildcard(from, to, names),
        AliasFault::Shadows(hidden) => Words::new(
            format!("alias `{from}` hides `{}`, which exists", hidden.name),
            "an alias of the same name",
        )
        .also(hidden.at, "hidden by the alias")
        .help("choose another name for the alias; only an overlay may replace what exists"),
        AliasFault::Mixed => Words::new(
            format!("alias `{from}` cannot stand for `{to}`"),
            "not of one kind",
        )
        .help("both sides have to be components (`plugin:Name`), or plugins (`plugin`)"),
    }
}

/// `old:*` for `plugin:*`: a line for each component takes its place.
fn wildcard(from: &str, to: &str, names: &[String]) -> Words {
    let (from_plugin, to_plugin) = (from.trim_end_matches(":*"), to.trim_end_matches(":*"));
    let line = |name: &str| format!("\"{from_plugin}:{name}\" = \"{to_plugin}:{name}\"");
    let lines: Vec<String> = names.iter().map(|name| line(name)).collect();
    let help = match lines.is_empty() {
        true => format!(
            "write a line for each component of plugin `{to_plugin}`, like `{}`",
            line("Name")
        ),
        false => format!(
            "write a line for each component: {}",
            all_of(lines.iter().map(String::as_str))
        ),
    };
    Words::new(
        format!("alias `{from}` stands for more than one component"),
        "one line is for one name",
    )
    .help(help)
}

pub(super) fn optional_provider(
    service: &str,
    [component, field, stated, provider, plugin]: &[&String; 5],
    marked: Option<Origin>,
) -> Words {
    let title = format!(
        "`{component}` cannot do without `{service}`, but plugin `{plugin}`, which provides it, is optional"
    );
    // A decorator states no field for what it wraps.
    let help = if stated.is_empty() {
        format!("a decorator has to have what it wraps: do not mark plugin `{plugin}` as optional")
    } else {
        format!(
            "let `{component}` do without, in its `requires`: `{field} = {{ {stated}, optional = true }}`"
        )
    };
    Words::new(title, format!("`{provider}` may be absent"))
        .also(marked, "optional here")
        .help(help)
}

pub(super) fn feature_off(id: &str, feature: &str, runtime: &str) -> Words {
    Words::new(
        format!("`{id}` needs feature `{feature}` of `{runtime}`, which is off"),
        format!("needs feature `{feature}`"),
    )
    .help(format!(
        "switch it on: `cargo add {runtime} --features {feature}`"
    ))
}

pub(super) fn cycle(steps: &[CycleStep]) -> Words {
    let way: Vec<String> = steps
        .iter()
        .chain(steps.first())
        .map(|step| format!("`{}`", step.id))
        .collect();
    let title = match steps {
        [_] => format!("{} needs itself", way[0]),
        _ => format!("components need each other in a cycle: {}", way.join(" → ")),
    };
    let mut words = Words::new(title, steps.first().map(needs).unwrap_or_default());
    for step in steps.iter().skip(1) {
        words = words.also(step.at, needs(step));
    }
    match steps.iter().find(|step| step.can_be_lazy) {
        Some(step) => words.help(format!(
            "break the cycle where the other side is not needed at once, for example in the `requires` of `{}`: `{} = {{ {}, lazy = true }}`",
            step.id, step.field, step.stated
        )),
        None => words.help("take one of these requirements out"),
    }
}

fn needs(step: &CycleStep) -> String {
    if step.field.is_empty() {
        return format!("`{}` comes after the hooks of its plugin", step.id);
    }
    format!("`{}` needs this as `{}`", step.id, step.field)
}

pub(super) fn contradiction(steps: &[Named]) -> Words {
    let way: Vec<String> = steps
        .iter()
        .chain(steps.first())
        .map(|step| format!("`{}`", step.name))
        .collect();
    let label = |number: usize| format!("{} before {}", way[number], way[number + 1]);
    let title = match steps {
        [_] => format!("{} is ordered before or after itself", way[0]),
        _ => format!(
            "`before` and `after` contradict each other: {}",
            way.join(" before ")
        ),
    };
    let mut words = Words::new(title, "");
    for (number, step) in steps.iter().enumerate() {
        words = words.also(step.at, label(number));
    }
    words.label = if steps.is_empty() {
        String::new()
    } else {
        label(0)
    };
    words.help("take one of these statements out")
}
