//! What the configuration says of one component: the `use` that names it, and its own configuration.

use std::sync::Arc;

use super::context::Context;
use super::structure::{known_keys, wrong_type};
use crate::config::problem::{Origin, Path, ProblemKind, Problems};
use crate::config::read::Node;
use crate::config::value::{Compiler, DeclaredType, Failure, Texts};
use crate::container::{ConfigSource, Entry, Scope};
use crate::redact::read_secretly;
use crate::template::TemplateScope;

/// The keys of a named instance.
pub(super) const SERVICE_KEYS: &[&str] = &["use", "injects", "params"];

/// The component that `use` names. Where it names none, nothing more can be said: `fits` says which one is suggested.
pub(super) fn used(
    context: &Context,
    node: &Node,
    origin: Origin,
    path: &Path<'_>,
    fits: impl Fn(&Entry) -> bool,
    problems: &mut Problems<'_>,
) -> Option<usize> {
    let path = path.key("use");
    let Some(name_node) = node.get("use") else {
        let kind = ProblemKind::MissingKey {
            key: "use".to_owned(),
            component: None,
            near: None,
            expected: "the id of a component".to_owned(),
        };
        problems.add(&path, origin, kind);
        return None;
    };
    let Some(name) = name_node.text() else {
        wrong_type(name_node, &path, "the id of a component", problems);
        return None;
    };
    let found = context.names.component(name);
    if found.is_none() {
        let kind = context.names.unknown_component(name, fits);
        problems.add(&path, name_node.origin, kind);
    }
    found
}

/// Checks and renders the configuration of a component; it stays as it is until the application ends.
pub(super) fn config(
    context: &Context,
    texts: &Texts,
    component: usize,
    node: &Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<ConfigSource> {
    let before = problems.len();
    let Some(schema) = context.schema(component) else {
        if node.pairs().is_none() {
            let expected = "nothing: the component takes no parameters";
            wrong_type(node, path, expected, problems);
        }
        known_keys(node, path, &[], problems);
        return None;
    };
    let binding = context.entry(component).config?();
    let mut compiler = Compiler::new(texts, problems);
    let compiled = compiler.compile(node, DeclaredType::root(schema), path);
    let scope = Arc::new(TemplateScope::new(context.environment.clone()));
    for secret in compiler.secrets {
        context.redactor.learn(&secret);
        scope.secret(&secret);
    }
    let mut failures = Vec::new();
    let value = compiled.render_all(&scope, &mut failures);
    for secret in scope.secrets() {
        context.redactor.learn(&secret);
    }
    if matches!(texts, Texts::Unknown) {
        return None;
    }
    for Failure {
        path,
        origin,
        message,
    } in failures
    {
        problems.add_at(path, origin, ProblemKind::Template { message });
    }
    if let Some(message) = scope.failed() {
        problems.add(path, node.origin, ProblemKind::Template { message });
    }
    if problems.len() == before
        && let Err(message) = read_secretly(binding.read, &value, &context.redactor)
    {
        let message = scope.redacted(&message);
        problems.add(path, node.origin, ProblemKind::Refused { message });
    }
    let read = move |value: &_| Ok((binding.read)(value)?);
    Some(ConfigSource::of(value, read))
}

/// What a component is that cannot be a service.
pub(super) fn no_service(entry: &Entry) -> Option<&'static str> {
    #[cfg(feature = "pipes")]
    if entry.pipe.is_some() {
        return Some("a pipe");
    }
    match entry.scope {
        Scope::Instance => None,
        Scope::Singleton => Some("a singleton, which is configured under `components`"),
        Scope::Decorator => Some("a decorator, which is configured under `components`"),
        Scope::Transient => {
            Some("made anew for each injection, and is configured under `components`")
        }
    }
}
