//! What has no effect, all of it warnings: TN0310, and TN09 but for TN0901.

use super::Mistake;
use crate::diagnostic::words::{Words, all_of};
use crate::diagnostic::{Code, lint};

/// TN0310, a warning: a binding that nobody asks for. At: the key in `[bind]`.
pub(crate) struct UnusedBind {
    /// The service.
    pub(crate) service: String,
    /// The provider.
    pub(crate) provider: String,
}

impl Mistake for UnusedBind {
    const CODE: Code = Code::TN0310;

    fn words(&self) -> Words {
        let Self { service, provider } = self;
        Words::new(
            format!("this binding has no effect: nothing needs `{service}` of `{provider}`"),
            "is not used",
        )
        .help("remove the line")
    }
}

/// TN0902, a warning: nothing of a plugin is used. At: its line in `[plugins]`, else its `id`.
pub(crate) struct UnusedPlugin {
    /// The plugin.
    pub(crate) id: String,
    /// Its package.
    pub(crate) package: String,
    /// Why.
    pub(crate) idle: Idle,
}

/// Why a plugin does nothing.
pub(crate) enum Idle {
    /// It declares no component.
    Empty,
    /// None of its components is ever built: all are transient, and nothing is handed one.
    Unbuilt(Vec<String>),
}

impl Mistake for UnusedPlugin {
    const CODE: Code = Code::TN0902;

    fn words(&self) -> Words {
        let Self { id, package, idle } = self;
        let label = "nothing of it is used";
        let leave_out =
            format!("leave it out, in the host's `[plugins]`: `{id} = {{ enabled = false }}`");
        match idle {
            Idle::Empty => Words::new(
                format!("plugin `{id}` has no effect: it declares no component"),
                label,
            )
            .help(format!("`cargo remove {package}`, or {leave_out}")),
            Idle::Unbuilt(components) => {
                let are = if components.len() == 1 { "is" } else { "are" };
                let components = all_of(components);
                Words::new(
                    format!("plugin `{id}` has no effect: nothing of it is ever built"),
                    label,
                )
                .note(format!(
                    "{components} {are} transient, and nothing is handed one"
                ))
                .help(leave_out)
            }
        }
    }
}

/// TN0903, a warning: a transient that nothing is handed, so it is never built. At: its name.
pub(crate) struct UnusedComponent {
    /// The component.
    pub(crate) id: String,
    /// It is the host's own.
    pub(crate) own: bool,
    /// Who answers in its place, for each of its services.
    pub(crate) winners: Vec<Answers>,
}

/// Who answers for a service.
pub(crate) struct Answers {
    /// The component.
    pub(crate) winner: String,
    /// The service.
    pub(crate) service: String,
}

impl Mistake for UnusedComponent {
    const CODE: Code = Code::TN0903;

    fn words(&self) -> Words {
        let id = &self.id;
        let mut words = Words::new(
            format!("component `{id}` is never built: it is transient, and nothing is handed one"),
            "is not used",
        );
        for Answers { winner, service } in &self.winners {
            words = words.note(format!("`{winner}` answers for `{service}`"));
        }
        if self.own {
            words.help("remove the `[[component]]`")
        } else {
            words.help(format!(
                "leave it out, in the host's `[override]`: `\"{id}\" = {{ enabled = false }}`"
            ))
        }
    }
}

/// TN0904, a warning: an alias for something that does not take part. At: the left side.
pub(crate) struct UnusedAlias {
    /// The left side.
    pub(crate) from: String,
    /// The right side.
    pub(crate) to: String,
    /// Its plugin.
    pub(crate) plugin: String,
}

impl Mistake for UnusedAlias {
    const CODE: Code = Code::TN0904;

    fn words(&self) -> Words {
        let Self { from, to, plugin } = self;
        Words::new(
            format!("alias `{from}` has no effect: it stands for `{to}`, and plugin `{plugin}` does not take part"),
            "is not used",
        )
        .help("remove the line, or switch the plugin on")
    }
}

/// TN0905, a warning: an overlay that does nothing. At: the overlay's name.
pub(crate) struct UnusedOverlay {
    /// The overlay.
    pub(crate) name: String,
    /// Why.
    pub(crate) idle: IdleOverlay,
}

/// Why an overlay does nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum IdleOverlay {
    /// It states nothing.
    Empty,
    /// The manifest has no `[host]`, so it is never applied.
    NoHost,
}

impl Mistake for UnusedOverlay {
    const CODE: Code = Code::TN0905;

    fn words(&self) -> Words {
        let title = format!("overlay `{}` has no effect:", self.name);
        match self.idle {
            IdleOverlay::Empty => {
                Words::new(format!("{title} it states nothing"), "is empty").help("remove it")
            }
            IdleOverlay::NoHost => Words::new(
                format!("{title} this manifest composes nothing"),
                "is never applied",
            )
            .help(INTO_A_HOST),
        }
    }
}

/// TN0906, a warning: `[lints]` names something else than a warning. At: the name.
pub(crate) struct UnknownLint {
    /// The name.
    pub(crate) name: String,
    /// It is the code of a mistake that is always an error.
    pub(crate) is_error: bool,
    /// The one that was probably meant.
    pub(crate) suggestion: Option<String>,
}

impl Mistake for UnknownLint {
    const CODE: Code = Code::TN0906;

    fn words(&self) -> Words {
        let name = &self.name;
        let label = "has no effect";
        if self.is_error {
            return Words::new(
                format!("`{name}` is always an error, and not a lint"),
                label,
            )
            .help("remove the line; only warnings have a level");
        }
        Words::new(format!("there is no lint `{name}`"), label)
            .note(format!("the lints: {}", all_of(lint::names())))
            .help_or(self.suggestion.as_deref(), "remove the line")
    }
}

/// TN0907, a warning: a warning is allowed that does not occur. At: the name.
pub(crate) struct UnusedLint {
    /// The name.
    pub(crate) name: String,
}

impl Mistake for UnusedLint {
    const CODE: Code = Code::TN0907;

    fn words(&self) -> Words {
        Words::new(
            format!("`{}` is allowed, but does not occur", self.name),
            "has no effect",
        )
        .help("remove the line")
    }
}

/// TN0908, a warning: `before` or `after` names a component of a plugin that is not there, but nearly. At: the name.
pub(crate) struct UnusedOrder {
    /// The name.
    pub(crate) id: String,
    /// The component that says so.
    pub(crate) component: String,
    /// The one that was probably meant.
    pub(crate) suggestion: Option<String>,
}

impl Mistake for UnusedOrder {
    const CODE: Code = Code::TN0908;

    fn words(&self) -> Words {
        let Self { id, component, .. } = self;
        Words::new(
            format!("`{component}` is ordered beside `{id}`, which is not there"),
            "has no effect",
        )
        .help_or(self.suggestion.as_deref(), "remove it")
    }
}

/// TN0908, a warning: `before` or `after` names a component that has no service in common with the one that says so. At: the name.
pub(crate) struct OrderWithoutService {
    /// The name.
    pub(crate) id: String,
    /// The component that says so.
    pub(crate) component: String,
}

impl Mistake for OrderWithoutService {
    const CODE: Code = Code::TN0908;

    fn words(&self) -> Words {
        let Self { id, component } = self;
        Words::new(
            format!("`{component}` is ordered beside `{id}`, and no service is provided by both"),
            "has no effect",
        )
        .note("what needs another component is built after it, whatever stands in `before` and `after`")
        .help("remove it")
    }
}

/// TN0909, a warning: a table of a manifest that only a host's can have. At: its first statement.
pub(crate) struct UnusedTable {
    /// The table.
    pub(crate) table: String,
}

impl Mistake for UnusedTable {
    const CODE: Code = Code::TN0909;

    fn words(&self) -> Words {
        Words::new(
            format!(
                "`{}` has no effect here: this manifest composes nothing",
                self.table
            ),
            "only a host's is read",
        )
        .help(INTO_A_HOST)
    }
}

/// TN0909, a warning: a manifest that is neither a plugin's nor a host's has a component. At: its type.
pub(crate) struct ComponentOfLibrary {
    /// Its name.
    pub(crate) name: String,
}

impl Mistake for ComponentOfLibrary {
    const CODE: Code = Code::TN0909;

    fn words(&self) -> Words {
        Words::new(
            format!(
                "component `{}` has no effect here: this manifest is neither a plugin's nor a host's",
                self.name
            ),
            "nobody makes it",
        )
        .help("add `[plugin]` with an `id`, and `treenail::plugin!();` to the library, or remove it")
    }
}

/// TN0909, a warning: a line of `[override]` or `[lifecycle]` states nothing. At: its name.
pub(crate) struct IdleLine {
    /// As people write it: `[override] "mail:Mailer"`.
    pub(crate) line: String,
}

impl Mistake for IdleLine {
    const CODE: Code = Code::TN0909;

    fn words(&self) -> Words {
        Words::new(
            format!("`{}` has no effect: it states nothing", self.line),
            "nothing is said about it",
        )
        .help("remove it")
    }
}

/// TN0910, a warning: `[host] all` names a service of which nobody would be left out without it. At: the service there.
pub(crate) struct UnusedHostAll {
    /// The service.
    pub(crate) service: String,
}

impl Mistake for UnusedHostAll {
    const CODE: Code = Code::TN0910;

    fn words(&self) -> Words {
        Words::new(
            format!(
                "`all` of the host has no effect for `{}`: nobody who provides it would be left out",
                self.service
            ),
            "keeps nobody",
        )
        .help("remove it from the list")
    }
}

/// TN0911, a warning: a condition asks for a value that no target has. At: the value.
#[derive(Debug)]
pub(crate) struct UnknownCfgValue {
    /// What is asked about: `target_os`.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: String,
    /// The one that was probably meant.
    pub(crate) suggestion: Option<String>,
}

impl Mistake for UnknownCfgValue {
    const CODE: Code = Code::TN0911;

    fn words(&self) -> Words {
        let Self { name, value, .. } = self;
        Words::new(
            format!("`{name}` of no target is `{value}`"),
            "holds nowhere",
        )
        .help_or(
            self.suggestion.as_deref(),
            format!("name a value that `rustc --print cfg` shows for a target, after `{name}=`"),
        )
    }
}

/// What to do with what only a host's manifest can state.
const INTO_A_HOST: &str = "move it into the manifest of a host, or add `[host]` to this one";
