//! What is said about a mistake, apart from how it is drawn.
//!
//! A title is a phrase in lower case, with names in backticks and no full stop: what is wrong, not what the program did.
//! A help is one thing to do.

use crate::source::Origin;

/// What is said about one mistake.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Words {
    /// What is wrong.
    pub(crate) title: String,
    /// What is said at the place itself.
    pub(crate) label: String,
    /// What is said at further places.
    pub(crate) also: Vec<(Origin, String)>,
    /// Lines below the places.
    pub(crate) notes: Vec<String>,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// The name that was probably meant, where the help asks for it.
    pub(crate) meant: Option<String>,
}

/// Something with the place it was written at, for a second label.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// A component id, a plugin id, a package: what the mistake says.
    pub(crate) name: String,
    /// Where it is written.
    pub(crate) at: Option<Origin>,
}

impl Words {
    /// What is wrong, and what is said at its place.
    pub(super) fn new(title: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    /// Shows a further place.
    pub(super) fn also(mut self, at: impl Into<Option<Origin>>, label: impl Into<String>) -> Self {
        self.also.extend(at.into().map(|at| (at, label.into())));
        self
    }

    /// Shows the places of these.
    pub(super) fn also_all(mut self, named: &[Named], label: impl Fn(&str) -> String) -> Self {
        for one in named {
            self = self.also(one.at, label(&one.name));
        }
        self
    }

    /// Adds a line below the places.
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a line with names, where there are any.
    pub(super) fn note_names(self, before: &str, names: &[String]) -> Self {
        if names.is_empty() {
            return self;
        }
        let names = all_of(names);
        self.note(format!("{before} {names}"))
    }

    /// Says of what is to be done in a Cargo.toml where an edition has it.
    pub(super) fn in_edition(&mut self) {
        let help = self.help.as_deref().unwrap_or_default();
        let mut cargos = ["`cargo add", "`cargo remove", "in Cargo.toml"].into_iter();
        if cargos.any(|one| help.contains(one)) {
            let note = "the Cargo.toml of a distribution is written by `cargo treenail dist`: a dependency is a line of \
                        `[distribution.plugins]`";
            self.notes.push(note.to_owned());
        }
    }

    /// Says what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// "did you mean", where there is an idea; else something else to do.
    pub(super) fn help_or(self, suggestion: Option<&str>, otherwise: impl Into<String>) -> Self {
        match suggestion {
            Some(name) => self.did_you_mean(name),
            None => self.help(otherwise),
        }
    }

    /// Asks for a name that was probably meant.
    pub(super) fn did_you_mean(self, name: &str) -> Self {
        Self {
            meant: Some(name.to_owned()),
            ..self.help(format!("did you mean `{name}`?"))
        }
    }
}

/// "`a`, `b` or `c`"
pub(super) fn any_of(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    list(names, "or")
}

/// "`a`, `b` and `c`"
pub(super) fn all_of(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    list(names, "and")
}

/// "`a` → `b` → `c`"
pub(super) fn way(names: impl IntoIterator<Item = impl AsRef<str>>, between: &str) -> String {
    let names = names.into_iter();
    let names: Vec<String> = names.map(|name| format!("`{}`", name.as_ref())).collect();
    names.join(between)
}

/// More names than anybody reads.
const MOST_NAMES: usize = 20;

fn list(names: impl IntoIterator<Item = impl AsRef<str>>, word: &str) -> String {
    let mut all = names.into_iter();
    let shown = all.by_ref().take(MOST_NAMES);
    let mut names: Vec<String> = shown.map(|name| format!("`{}`", name.as_ref())).collect();
    let more = all.count();
    if more > 0 {
        return format!("{} {word} {more} more", names.join(", "));
    }
    let Some(last) = names.pop() else {
        return "nothing".to_owned();
    };
    if names.is_empty() {
        last
    } else {
        format!("{} {word} {last}", names.join(", "))
    }
}

/// What is said where there are more mistakes than are shown.
pub(crate) fn not_shown(more: usize) -> String {
    format!("{more} more mistakes are not shown")
}

/// The line that leaves a plugin out, with where it goes.
pub(super) fn leave_out(id: &str) -> String {
    format!("in the host's `[plugins]`: `{id} = {{ enabled = false }}`")
}
