//! What came of a composition, for whoever asked: a build script, a macro, the command line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::diagnostic::{Code, Diagnostics, Severity, Told};
use crate::emit::graph::GraphFormat;
use crate::emit::{Shipped, ShippedPart, Unprinted};
use crate::front::conditions::Conditions;
use crate::model::{Composition, Kind, Subject};
use crate::report::{self, Message, Note, NoteKind};
use crate::sort::sort_by;
use crate::source::Sources;

/// What came of a composition.
#[derive(Debug)]
pub struct Composed {
    code: Unprinted,
    printed: OnceLock<String>,
    messages: Vec<Message>,
    problems: Diagnostics,
    sources: Sources,
    files: Vec<PathBuf>,
    subject: Subject,
    manifests: BTreeSet<String>,
    conditions: Conditions,
}

impl Composed {
    pub(crate) fn new(
        code: Unprinted,
        problems: Diagnostics,
        sources: Sources,
        mut files: Vec<PathBuf>,
        subject: Subject,
        manifests: BTreeSet<String>,
        conditions: Conditions,
    ) -> Self {
        // As texts: comparing paths part by part takes longer than all that is asked of them.
        sort_by(&mut files, |a, b| a.as_os_str().cmp(b.as_os_str()));
        files.dedup();
        Self {
            code,
            printed: OnceLock::new(),
            messages: report::messages(&problems, &sources),
            problems,
            sources,
            files,
            subject,
            manifests,
            conditions,
        }
    }

    /// The generated Rust, and with it the errors: each as `error` prints it with its number from 1, an expression of Rust; `None`
    /// for one that stands elsewhere.
    pub(crate) fn refused(&self, error: impl Fn(usize, &Message) -> Option<String>) -> String {
        let messages = self.messages.iter();
        let errors = messages.filter(|message| message.severity == Severity::Error);
        let mut errors = errors
            .zip(1..)
            .map(|(message, number)| error(number, message));
        let mut code = String::new();
        if let Unprinted::Refused(refused) = &self.code
            && let Some(first) = errors.next().flatten()
        {
            code.push_str(&refused.own_side(&first));
        }
        for error in errors.flatten() {
            code.push_str(&error);
            code.push_str(";\n");
        }
        code + self.rust()
    }

    /// The generated Rust; for a composition with mistakes a stub that keeps them the only errors.
    #[must_use]
    pub fn rust(&self) -> &str {
        self.printed.get_or_init(|| self.code.print(&self.sources))
    }

    /// What a file that the package ships has of it; `None` with mistakes.
    pub(crate) fn shipped(&self, file: &Shipped<'_>) -> Option<ShippedPart> {
        file.part(&self.code, &self.sources)
    }

    /// What decided the composition, of one whose code is shipped.
    pub(crate) fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// Every mistake, by file, then place.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Every mistake as rustc prints its own, a text each.
    #[must_use]
    pub fn report(&self, colour: bool) -> Vec<String> {
        report::render_terminal(&self.problems, &self.sources, colour)
    }

    /// Every mistake as a line of JSON, as Cargo prints the messages of rustc with `--message-format json`.
    #[must_use]
    pub fn json(&self) -> Vec<String> {
        let messages = self.messages.iter();
        messages
            .map(|message| report::cargo_line(message, &self.subject))
            .collect()
    }

    /// Whether there are errors, warnings aside.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.messages
            .iter()
            .any(|message| message.severity == Severity::Error)
    }

    /// Whether Cargo did not say which packages there are, so that nothing was looked at.
    #[must_use]
    pub fn is_unasked(&self) -> bool {
        let code = Code::TN0101.name();
        self.messages.iter().any(|message| message.code == code)
    }

    /// Adds a file whose change changes the result.
    pub(super) fn depends_on(&mut self, file: PathBuf) {
        self.files.push(file);
    }

    /// Adds a mistake that is at no place.
    pub(super) fn add(&mut self, mistake: impl Into<Told>) {
        self.problems.report(mistake, None);
        self.messages = report::messages(&self.problems, &self.sources);
    }

    /// The packages whose manifests were looked at, by name.
    pub fn looked_into(&self) -> impl Iterator<Item = &str> {
        self.manifests.iter().map(String::as_str)
    }

    /// Adds a note to a message, by its place in [`messages`](Self::messages): when it is so, which this composition does not know.
    pub fn annotate(&mut self, message: usize, text: &str) {
        if let Some(message) = self.messages.get_mut(message) {
            message.text.push_str(&format!("\n  = note: {text}"));
            message.notes.push(Note {
                kind: NoteKind::Note,
                text: text.to_owned(),
                span: None,
            });
        }
    }

    /// Files whose change changes the result, with absolute paths.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(PathBuf::as_path)
    }

    /// Digest of the composition: 32 hexadecimal digits. `None` for a plugin alone, or with mistakes.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.composition().map(|plan| plan.digest.as_str())
    }

    /// The plan; `None` for a plugin alone, or with mistakes.
    pub(crate) fn composition(&self) -> Option<&Composition> {
        self.code.composition()
    }

    /// The entries of registries: the registry, the key, and the plugin of each.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.composition().into_iter().flat_map(|plan| {
            let registries = plan.registries.iter();
            registries.flat_map(|registry| {
                let entries = registry.entries.iter();
                entries.map(|entry| {
                    let plugin = &plan.plugins[entry.plugin];
                    (
                        registry.display.as_str(),
                        entry.key.as_str(),
                        plugin.id.as_str(),
                    )
                })
            })
        })
    }

    /// The components in the order in which they are built, without those that entries of registries are made by.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.composition()
            .into_iter()
            .flat_map(|plan| &plan.components)
            .filter(|component| component.kind != Kind::Entry)
            .map(|component| component.id.as_str())
    }

    /// What a requirement is given, in order: the component's id, and the field of the requirement (`inner` for what a
    /// decorator wraps). Decorators are not told: each of these is handed over as they wrap it. Empty where nothing has to provide it; `None` where there is no such requirement.
    ///
    /// For a component that the configuration creates, everything that may be injected.
    #[must_use]
    pub fn providers(&self, component: &str, field: &str) -> Option<Vec<&str>> {
        let components = &self.composition()?.components;
        let component = components.iter().find(|one| one.id == component)?;
        let need = component.needs.iter().find(|need| need.field == field)?;
        let ids = need
            .providers
            .iter()
            .map(|one| components[*one].id.as_str());
        Some(ids.collect())
    }

    /// The plugins in use: id, package and version.
    pub fn plugins(&self) -> impl Iterator<Item = (&str, &str, String)> {
        let plugins = self
            .composition()
            .into_iter()
            .flat_map(|plan| &plan.plugins);
        plugins.map(|plugin| {
            (
                plugin.id.as_str(),
                plugin.package.as_str(),
                plugin.version.to_string(),
            )
        })
    }

    /// The composition as a graph; `None` with mistakes.
    #[must_use]
    pub fn graph(&self, format: GraphFormat) -> Option<String> {
        Some(crate::emit::graph::print(self.composition()?, format))
    }

    /// The composition as a document of JSON, with who decided what and where that is written; `None` for a plugin alone, or with
    /// mistakes.
    ///
    /// | member | is |
    /// |---|---|
    /// | `format` | 1; a new member is no new format |
    /// | `digest`, `host`, `overlays` | of the composition: its digest, who composes, the overlays in force |
    /// | `plugins` | those in use, by id |
    /// | `components` | those in use, in the order in which they are built; each with what it provides and decorates, and for each of its `needs` everybody who may be handed over, who is where nothing else is said, and what wraps that |
    /// | `critical_path` | the longest way through components that wait for each other |
    /// | `services` | those that somebody provides or asks for; each with its providers and decorators in order, and who answers; `runtime` says that the runtime does where nobody else |
    /// | `registries` | each with its entries, and those that are `left_out` |
    /// | `aliases` | further names, with what they stand for |
    /// | `left_out` | components that lost or that only losers needed, and what is switched off |
    /// | `needs_feature` | what features would bring, by all its names |
    /// | `features` | those of the host's package that bring plugins, with their packages, and the default ones that bring none |
    /// | `mistakes` | what is wrong, in the order of [`messages`](Self::messages); each with the `plugin` in whose manifest it is, and the `components` that it names, that it stands in, or that need what is wrong |
    /// | `settings` | what counts of what layers state: of which `kind` of thing, its `name`, under which `key`; with the layer, the priority, and the `weaker` statements that do not count |
    ///
    /// Services and registries are referred to by their `key`, the type with every crate's name replaced by `package@version`;
    /// `name` is for people. Places, `at`, are `file:line`, and the same on every machine.
    #[cfg(feature = "inspect")]
    #[must_use]
    pub fn describe(&self) -> Option<String> {
        Some(self.described(self.composition()?))
    }

    /// What there is of a composition, with mistakes or without, as [`describe`](Self::describe) has it. Beside mistakes, a component
    /// that cannot be read is not there, who asks for something that has no answer is handed nothing, and the `digest` is null. `None`
    /// where nothing could be composed at all.
    #[cfg(feature = "inspect")]
    #[must_use]
    pub fn describe_in_part(&self) -> Option<String> {
        Some(self.described(self.code.composition_in_part()?))
    }

    #[cfg(feature = "inspect")]
    fn described(&self, plan: &Composition) -> String {
        let (problems, sources) = (&self.problems, &self.sources);
        let (mistakes, _) = report::shown(problems, sources);
        crate::emit::description::print(plan, &problems.decisions(), &mistakes, sources)
    }
}
