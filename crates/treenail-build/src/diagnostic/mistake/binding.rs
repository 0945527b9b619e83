//! Mistakes in who provides what to whom: TN0301 to TN0303, TN0307, TN0309. Longer than other files: they share what nearly provides
//! a service.

use super::{Mistake, Named};
use crate::diagnostic::Code;
use crate::diagnostic::words::{Words, all_of};
use crate::source::Origin;

/// TN0301: requirements of one service that nothing answers. At: the service in the first of them.
pub(crate) struct NoProvider {
    /// The service.
    pub(crate) service: String,
    /// Who cannot do without it.
    pub(crate) needed: Vec<Unmet>,
    /// What nearly provides it, the closest first.
    pub(crate) near: Vec<NearMiss>,
}

/// A requirement without an answer.
#[derive(Clone)]
pub(crate) struct Unmet {
    /// The component that needs it.
    pub(crate) component: String,
    /// The field it needs it as.
    pub(crate) field: String,
    /// The inside of a table that says so: `service = "dyn crate::T"`.
    pub(crate) stated: String,
    /// Where that is.
    pub(crate) at: Origin,
}

impl Mistake for NoProvider {
    const CODE: Code = Code::TN0301;

    fn words(&self) -> Words {
        let Self {
            service,
            needed,
            near,
        } = self;
        let first = needed.first();
        let (component, field) = first.map_or(("", ""), |one| (&one.component, &one.field));
        let mut words = Words::new(
            format!("nothing provides `{service}`, which `{component}` needs as `{field}`"),
            "nothing provides this",
        );
        for Unmet {
            component,
            field,
            at,
            ..
        } in needed.iter().skip(1).take(MOST_UNMET)
        {
            words = words.also(*at, format!("`{component}` needs it as `{field}`"));
        }
        let more = needed.len().saturating_sub(1 + MOST_UNMET);
        if more > 0 {
            words = words.note(format!("and {more} more requirements ask for it"));
        }
        let line = |one: &Unmet| format!("`{} = {{ {}, optional = true }}`", one.field, one.stated);
        let lines = needed.iter().take(1 + MOST_UNMET);
        let words = match needed.as_slice() {
            [one] => words.help(format!(
                "add a plugin that provides it with `cargo add`, or make do without: in its `requires`, {}",
                line(one)
            )),
            _ => words.help(format!(
                "add a plugin that provides it with `cargo add`, or let all make do without: {}",
                lines
                    .map(|one| format!("in the `requires` of `{}`, {}", one.component, line(one)))
                    .collect::<Vec<_>>()
                    .join("; ")
            )),
        };
        near_misses(words, near)
    }
}

/// More requirements of one service than anybody wants to see, besides the first.
const MOST_UNMET: usize = 5;

/// TN0301: `[host] all` names a service that nothing provides. At: the service there.
pub(crate) struct NothingForHost {
    /// The service.
    pub(crate) service: String,
    /// What nearly provides it, the closest first.
    pub(crate) near: Vec<NearMiss>,
}

impl Mistake for NothingForHost {
    const CODE: Code = Code::TN0301;

    fn words(&self) -> Words {
        let service = &self.service;
        let words = Words::new(
            format!("the host asks for every provider of `{service}`, which nothing provides"),
            "nothing provides it",
        )
        .help("add a plugin that provides it with `cargo add`, or remove it from the list");
        near_misses(words, &self.near)
    }
}

/// TN0309: a decorator of a service that nothing provides. At: the service in `decorate`.
pub(crate) struct NothingToDecorate {
    /// The decorator.
    pub(crate) id: String,
    /// The service is that of treenail's own clock.
    pub(crate) of_clock: bool,
    /// The service.
    pub(crate) service: String,
    /// What nearly provides it, the closest first.
    pub(crate) near: Vec<NearMiss>,
}

impl Mistake for NothingToDecorate {
    const CODE: Code = Code::TN0309;

    fn words(&self) -> Words {
        let Self {
            id,
            of_clock,
            service,
            near,
        } = self;
        let words = match of_clock {
            true => Words::new(
                format!("`{id}` decorates `{service}`, which no component provides"),
                "nothing to decorate",
            )
            .note("treenail's own clock is no component, and is handed to whoever asks where there is no other"),
            false => Words::new(
                format!("`{id}` decorates `{service}`, which nothing provides"),
                "nothing to decorate",
            ),
        };
        let words = words.help(
            "add a plugin that provides it with `cargo add`, or list it under `provides` instead",
        );
        near_misses(words, near)
    }
}

/// Something that nearly provides a service.
pub(crate) enum NearMiss {
    /// It is the type of a decorator of another service.
    Decorator {
        id: String,
        service: String,
        /// Where it is declared.
        at: Option<Origin>,
    },
    /// It provides the trait of another version of the package.
    OtherVersion {
        /// Component id of the provider.
        provider: String,
        /// The package.
        package: String,
        /// Version that the provider implements.
        theirs: String,
        /// Version that is asked for.
        ours: String,
        /// Where the provider says so.
        at: Option<Origin>,
    },
    /// A plugin that is switched off provides it.
    Disabled {
        /// The plugin.
        plugin: String,
        /// Its component id.
        provider: String,
        /// Where it is switched off.
        at: Option<Origin>,
    },
    /// An optional plugin that was left out provides it.
    LeftOut {
        /// The plugin.
        plugin: String,
        /// Its component id.
        provider: String,
    },
    /// Something of a similar name is provided.
    Similar {
        /// The service that is provided.
        service: String,
        /// Component id of its provider.
        provider: String,
        /// Something else asks for it: then it is this one that was meant.
        is_asked_for: bool,
        /// Where the provider says so.
        at: Option<Origin>,
    },
    /// It says that it provides nothing.
    Nothing {
        /// The service that is asked for.
        service: String,
        /// Component id of who may be meant to provide it.
        provider: String,
        /// Where it says so.
        at: Option<Origin>,
    },
    /// A feature brings it.
    Feature {
        /// Its component id.
        provider: String,
        /// The package that has the feature.
        package: String,
        /// The features, of which all have to be on.
        features: Vec<String>,
        /// The package is the host itself.
        own: bool,
        /// Where the condition, or the provider, is written.
        at: Option<Origin>,
    },
    /// The composition takes it out: `[override]`.
    Overridden {
        /// Its component id.
        provider: String,
        /// Where that is written.
        at: Option<Origin>,
    },
}

/// A note for each near miss; the first one says what to do.
fn near_misses(mut words: Words, near: &[NearMiss]) -> Words {
    for (number, miss) in near.iter().enumerate() {
        let told = miss.words();
        words.also.extend(told.also);
        words.notes.extend(told.notes);
        if number == 0 {
            words.help = told.help;
        }
    }
    words
}

impl NearMiss {
    /// Its place, a note and what to do.
    fn words(&self) -> Words {
        let words = Words::default();
        match self {
            Self::Decorator { id, service, at } => words
                .also(*at, "declared here, as a decorator")
                .note(format!(
                    "`{id}` wraps every provider of `{service}`, and its own type is not provided"
                ))
                .help(format!("ask for `{service}`: who provides it is handed out wrapped")),
            Self::OtherVersion {
                provider,
                package,
                theirs,
                ours,
                at,
            } => words
                .also(*at, format!("this is the trait of {package} {theirs}"))
                .note(format!(
                    "`{provider}` provides the trait of {package} {theirs}; {ours} is asked for, and to Rust they are two traits"
                ))
                .help(format!(
                    "bring the versions together: `cargo tree -d -i {package}` shows who asks for which"
                )),
            Self::Disabled {
                plugin,
                provider,
                at,
            } => words
                .also(*at, "switched off here")
                .note(format!(
                    "`{provider}` would provide it, but plugin `{plugin}` is switched off"
                ))
                .help(format!("switch plugin `{plugin}` on")),
            Self::LeftOut { plugin, provider } => words
                .note(format!(
                    "`{provider}` would provide it, but optional plugin `{plugin}` does not fit and is left out"
                ))
                .help(format!(
                    "make plugin `{plugin}` fit: the warning about it says how"
                )),
            Self::Feature {
                provider,
                package,
                features,
                own,
                at,
            } => {
                let list = features.join(",");
                let what = match features.len() {
                    1 => "feature",
                    _ => "features",
                };
                let named = format!("{what} {}", all_of(features));
                words
                    .also(*at, format!("needs {named}"))
                    .note(format!(
                        "`{provider}` would provide it with {named} of `{package}`"
                    ))
                    .help(if *own {
                        format!("build with it: `cargo build --features {list}`")
                    } else {
                        format!("switch it on: `cargo add {package} --features {list}`")
                    })
            }
            Self::Overridden { provider, at } => words
                .also(*at, "taken out here")
                .note(format!(
                    "`{provider}` would provide it, but this composition takes it out"
                ))
                .help(format!("leave `{provider}` in")),
            Self::Nothing {
                service,
                provider,
                at,
            } => words
                .also(*at, format!("`{provider}` provides nothing"))
                .help(format!(
                    "if it is `{provider}` that provides it, say so there: `provides = [\"{service}\"]`"
                )),
            Self::Similar {
                service,
                provider,
                is_asked_for,
                at,
            } => words
                .also(*at, "this is similar")
                .note(format!("`{provider}` provides `{service}`"))
                .help(match is_asked_for {
                    true => format!("did you mean `{service}`?"),
                    false => format!("if they are meant to be one, name both alike: nothing else asks for `{service}`"),
                }),
        }
    }
}

/// TN0302: a requirement that several components answer. At: the service in the requirement.
pub(crate) struct SeveralProviders {
    /// The service, in the host's words: the key of the `[bind]` line that would settle it.
    pub(crate) service: String,
    /// The component that needs it.
    pub(crate) component: String,
    /// The field it needs it as.
    pub(crate) field: String,
    /// The providers, in order.
    pub(crate) providers: Vec<Named>,
}

impl Mistake for SeveralProviders {
    const CODE: Code = Code::TN0302;

    fn words(&self) -> Words {
        let Self {
            service,
            component,
            field,
            providers,
        } = self;
        let names = all_of(providers.iter().map(|one| &one.name));
        let first = first(providers);
        Words::new(
            format!("`{service}` has several providers, and `{component}` needs one as `{field}`"),
            "which one?",
        )
        .note(format!("the providers are {names}"))
        .also_all(providers, |name| format!("`{name}` provides it"))
        .help(format!(
            "choose one in the host's `[bind]`: `\"{service}\" = \"{first}\"`"
        ))
    }
}

/// TN0303: only instance-scoped components provide what a singleton or transient plainly requires. At: the service in the
/// requirement.
pub(crate) struct WrongScope {
    /// The service, in the host's words.
    pub(crate) service: String,
    /// The component that needs it.
    pub(crate) component: String,
    /// The field it needs it as.
    pub(crate) field: String,
    /// Scope of that component: "singleton", "transient".
    pub(crate) scope: &'static str,
    /// The instance-scoped providers.
    pub(crate) providers: Vec<Named>,
}

impl Mistake for WrongScope {
    const CODE: Code = Code::TN0303;

    fn words(&self) -> Words {
        let Self {
            service,
            component,
            field,
            scope,
            providers,
        } = self;
        let first = first(providers);
        Words::new(
            format!(
                "`{component}` is a {scope} and needs `{service}` as `{field}`, of which there are only instances that the configuration names"
            ),
            "which instance?",
        )
        .also_all(providers, |name| format!("`{name}` is instance-scoped"))
        .help(format!(
            "let the configuration choose one with `named = true`, promise exactly one in the host's `[bind]`: `\"{service}\" = \"{first}\"`, or take what is there with `all = true` or `optional = true`"
        ))
    }
}

/// TN0303: a requirement of a named instance of what nothing instance-scoped provides. At: the service in the requirement.
pub(crate) struct NoInstances {
    /// The service, in the host's words.
    pub(crate) service: String,
    /// The component that needs it.
    pub(crate) component: String,
    /// The field it needs it as.
    pub(crate) field: String,
    /// The providers.
    pub(crate) providers: Vec<Named>,
}

impl Mistake for NoInstances {
    const CODE: Code = Code::TN0303;

    fn words(&self) -> Words {
        let Self {
            service,
            component,
            field,
            providers,
        } = self;
        let words = Words::new(
            format!(
                "`{component}` needs a named instance of `{service}` as `{field}`, and nothing instance-scoped provides it"
            ),
            "no instances of this",
        )
        .also_all(providers, |name| format!("`{name}` is not instance-scoped"));
        match &providers[..] {
            [_] => words.help("leave out `named`: there is one provider"),
            _ => words.help(
                "write `all = true` in the place of `named`, or name the provider with `from`",
            ),
        }
    }
}

/// A component for an example.
fn first(providers: &[Named]) -> &str {
    let first = providers.first();
    first.map_or("plugin:Name", |one| one.name.as_str())
}

/// TN0307: a requirement that may stay without an answer, and is not optional. At: the service in the requirement.
pub(crate) struct OptionalProvider {
    /// The service.
    pub(crate) service: String,
    /// The component that needs it.
    pub(crate) component: String,
    /// The field it needs it as.
    pub(crate) field: String,
    /// The inside of a table that says so: `service = "dyn crate::T"`.
    pub(crate) stated: String,
    /// The provider, or a decorator that wraps it.
    pub(crate) provider: String,
    /// Whether that is a decorator.
    pub(crate) decorates: bool,
    /// Its plugin.
    pub(crate) plugin: String,
    /// Where the plugin is marked optional.
    pub(crate) marked: Option<Origin>,
}

impl Mistake for OptionalProvider {
    const CODE: Code = Code::TN0307;

    fn words(&self) -> Words {
        let Self {
            service,
            component,
            field,
            stated,
            provider,
            decorates,
            plugin,
            marked,
        } = self;
        let provides = if *decorates { "decorates" } else { "provides" };
        Words::new(
            format!(
                "`{component}` cannot do without `{service}`, but plugin `{plugin}`, which {provides} it, is optional"
            ),
            format!("`{provider}` may be absent"),
        )
        .also(*marked, "optional here")
        .help(format!(
            "let `{component}` do without, in its `requires`: `{field} = {{ {stated}, optional = true }}`"
        ))
    }
}
