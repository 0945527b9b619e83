//! A value of the configuration, checked against its declared type and compiled: what is static is final, a text with
//! template syntax becomes a template that is rendered by the declared type. A little longer than other files: the kinds of
//! values refer to each other, and are read together.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use treenail_core::nearest::nearest;

use super::duration::Duration;
use super::node::{Entry, Kind, Node, Origin, Problems};
use super::path::Path;
use super::problem::ProblemKind;
use super::render::read_plain;
use super::secret::literals;
use super::shape::{Shape, Want};
use crate::template::{Template, TemplateRenderer};

/// A checked value.
#[derive(Debug)]
pub(crate) enum Compiled {
    /// Nothing is left to do.
    Static(Value),
    /// A text that is rendered into a value of the declared type.
    Template(Box<Leaf>),
    List(Vec<Compiled>),
    Map(Vec<(String, Compiled)>),
    /// A pipe step: its number among the steps of these params.
    Step(usize),
}

/// A template with its declared type and its place.
pub(crate) struct Leaf {
    pub(super) template: Arc<dyn Template>,
    pub(super) want: Want,
    /// What its source must not show in an error: the literals of a secret.
    pub(super) literals: Vec<String>,
    pub(super) path: String,
    pub(super) origin: Origin,
}

impl fmt::Debug for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaf")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// A step found inside a value.
#[cfg_attr(
    not(feature = "pipes"),
    allow(dead_code, reason = "without pipes no type has steps")
)]
pub(crate) struct FoundStep<'n> {
    pub(crate) node: &'n Node,
    pub(crate) path: String,
    /// The list it stands in: its number in these params.
    pub(crate) list: Option<usize>,
}

/// What a text means.
#[derive(Clone, Copy)]
pub(crate) enum Mode<'p> {
    /// Itself.
    Plain,
    /// A template, if the renderer says so.
    Templates(&'p dyn TemplateRenderer),
}

/// Checks values against declared types, and collects the problems.
pub(crate) struct Compiler<'p, 'l, 'n> {
    mode: Mode<'p>,
    pub(super) problems: &'p mut Problems<'l>,
    pub(crate) steps: Vec<FoundStep<'n>>,
    /// Every written value of a field that is declared to be secret.
    pub(crate) secrets: Vec<String>,
    lists: usize,
}

impl<'p, 'l, 'n> Compiler<'p, 'l, 'n> {
    pub(crate) fn new(mode: Mode<'p>, problems: &'p mut Problems<'l>) -> Self {
        Self {
            mode,
            problems,
            steps: Vec::new(),
            secrets: Vec::new(),
            lists: 0,
        }
    }

    /// Checks a component's whole configuration. Where it has no known keys, it takes none.
    pub(crate) fn compile(
        &mut self,
        node: &'n Node,
        shape: Shape<'_>,
        path: &Path<'_>,
    ) -> Compiled {
        match &node.kind {
            Kind::Map(entries) if !shape.want().any && shape.alternatives().is_empty() => {
                self.map(node, entries, shape, path, true)
            }
            // What is given to a component has keys, so that each of them can be checked by itself.
            Kind::Scalar(Value::String(_)) if !shape.want().any && !shape.want().text => {
                self.wrong_type(node, shape.want(), path)
            }
            _ => self.value(node, shape, path, None),
        }
    }

    pub(super) fn value(
        &mut self,
        node: &'n Node,
        shape: Shape<'_>,
        path: &Path<'_>,
        list: Option<usize>,
    ) -> Compiled {
        if shape.is_step() {
            self.steps.push(FoundStep {
                node,
                path: path.to_string(),
                list,
            });
            return Compiled::Step(self.steps.len() - 1);
        }
        let want = shape.want();
        if want.secret {
            node.texts(&mut self.secrets);
        }
        // Steps are known before anything is rendered, so no template stands for a list of them.
        if let (Some(text), Mode::Templates(renderer)) = (node.text(), self.mode)
            && !shape.holds_steps()
            && let Some(template) = self.template(renderer, node, text, want, path)
        {
            return template;
        }
        if let Some(text) = node.text()
            && !want.any
            && !want.text
            && let Some(value) = read_plain(text, want, node.from_text)
        {
            return self.scalar_of(node, &value, shape, path);
        }
        if want.any {
            return self.anything(node, path);
        }
        if let Some(texts) = shape.allowed_texts()
            && let Some(text) = node.text()
        {
            return self.one_of(node, text, &texts, path);
        }
        let alternatives = shape.alternatives();
        if !alternatives.is_empty() && (!node.is_null() || !want.null) {
            return self.alternative(node, &alternatives, want, path, list);
        }
        self.typed(node, shape, want, path)
    }

    fn typed(&mut self, node: &'n Node, shape: Shape<'_>, want: Want, path: &Path<'_>) -> Compiled {
        match &node.kind {
            Kind::Map(entries) if want.map => self.map(node, entries, shape, path, false),
            Kind::List(items) if want.list => self.list(node, items, shape, path),
            Kind::Scalar(Value::String(text)) if want.duration => {
                if text.parse::<Duration>().is_err() {
                    self.problems.add(
                        path,
                        node.origin,
                        ProblemKind::Duration { text: text.clone() },
                    );
                }
                Compiled::Static(text.clone().into())
            }
            Kind::Scalar(value) if want.takes(value) => self.scalar_of(node, value, shape, path),
            _ => self.wrong_type(node, want, path),
        }
    }

    /// A value of the right type, which may still be out of bounds.
    fn scalar_of(
        &mut self,
        node: &Node,
        value: &Value,
        shape: Shape<'_>,
        path: &Path<'_>,
    ) -> Compiled {
        if let Some(bounds) = shape.broken_bounds(value) {
            self.problems
                .add(path, node.origin, ProblemKind::OutOfRange { bounds });
        }
        if let Some(constant) = shape.constant()
            && constant != value
        {
            self.problems.add(
                path,
                node.origin,
                ProblemKind::NotOneOf {
                    allowed: vec![constant.to_string()],
                    suggestion: None,
                },
            );
        }
        Compiled::Static(self.scalar(value))
    }

    pub(super) fn wrong_type(&mut self, node: &Node, want: Want, path: &Path<'_>) -> Compiled {
        let help = match &node.kind {
            Kind::Scalar(Value::Number(_) | Value::Bool(_)) if want.text => {
                Some("put it in quotes".to_owned())
            }
            Kind::Scalar(Value::String(_)) if want.boolean => {
                Some("write `true` or `false`".to_owned())
            }
            _ => None,
        };
        self.problems.add(
            path,
            node.origin,
            ProblemKind::WrongType {
                expected: want.words(),
                found: node.found().to_owned(),
                help,
            },
        );
        Compiled::Static(Value::Null)
    }

    /// One newline at the end of a text is dropped, whether it is a template or not: a `|` block means its lines.
    fn scalar(&self, value: &Value) -> Value {
        match (value, self.mode) {
            (Value::String(text), Mode::Templates(_)) => {
                text.strip_suffix('\n').unwrap_or(text).into()
            }
            (value, _) => value.clone(),
        }
    }

    /// The template that a text is, if it is one.
    fn template(
        &mut self,
        renderer: &dyn TemplateRenderer,
        node: &Node,
        text: &str,
        want: Want,
        path: &Path<'_>,
    ) -> Option<Compiled> {
        match renderer.compile(text) {
            Ok(None) => None,
            Ok(Some(template)) => Some(Compiled::Template(Box::new(Leaf {
                template,
                want,
                literals: if want.secret {
                    literals(text)
                } else {
                    Vec::new()
                },
                path: path.to_string(),
                origin: node.origin,
            }))),
            Err(error) => {
                let message = if want.secret {
                    "the words of the engine could show the value, which is secret".to_owned()
                } else {
                    format!("{error:#}")
                };
                self.problems
                    .add(path, node.origin, ProblemKind::TemplateSyntax { message });
                Some(Compiled::Static(Value::Null))
            }
        }
    }

    fn anything(&mut self, node: &'n Node, path: &Path<'_>) -> Compiled {
        let anything = Value::Bool(true);
        match &node.kind {
            Kind::Scalar(value) => Compiled::Static(self.scalar(value)),
            Kind::List(items) => {
                let items = items
                    .iter()
                    .enumerate()
                    .map(|(number, item)| {
                        self.value(item, Shape::root(&anything), &path.item(number), None)
                    })
                    .collect();
                list(items)
            }
            Kind::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|entry| {
                        (
                            entry.key.clone(),
                            self.value(
                                &entry.value,
                                Shape::root(&anything),
                                &path.key(&entry.key),
                                None,
                            ),
                        )
                    })
                    .collect();
                map(entries)
            }
        }
    }

    fn one_of(&mut self, node: &Node, text: &str, allowed: &[&str], path: &Path<'_>) -> Compiled {
        if !allowed.contains(&text) {
            let kind = ProblemKind::NotOneOf {
                allowed: allowed.iter().map(|text| (*text).to_owned()).collect(),
                suggestion: nearest(text, allowed.iter().copied()),
            };
            self.problems.add(path, node.origin, kind);
        }
        Compiled::Static(text.into())
    }

    fn list(
        &mut self,
        node: &'n Node,
        items: &'n [Node],
        shape: Shape<'_>,
        path: &Path<'_>,
    ) -> Compiled {
        self.lists += 1;
        let number = self.lists;
        if let Some(bounds) = shape.broken_bounds(&Value::Array(vec![Value::Null; items.len()])) {
            self.problems
                .add(path, node.origin, ProblemKind::OutOfRange { bounds });
        }
        list(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    self.value(item, shape.item(index), &path.item(index), Some(number))
                })
                .collect(),
        )
    }

    fn map(
        &mut self,
        node: &'n Node,
        entries: &'n [Entry],
        shape: Shape<'_>,
        path: &Path<'_>,
        top: bool,
    ) -> Compiled {
        let keys = shape.keys(top);
        let mut found = Vec::new();
        for entry in entries {
            let path = path.key(&entry.key);
            match keys.known.get(entry.key.as_str()).copied().or(keys.further) {
                Some(shape) => found.push((
                    entry.key.clone(),
                    self.value(&entry.value, shape, &path, None),
                )),
                None => {
                    let kind = ProblemKind::UnknownKey {
                        key: entry.key.clone(),
                        suggestion: nearest(&entry.key, keys.known.keys().copied()),
                        known: keys.known.keys().map(|key| (*key).to_owned()).collect(),
                    };
                    self.problems.add(&path, entry.key_origin, kind);
                }
            }
        }
        for name in keys.required {
            if !entries.iter().any(|entry| entry.key == name) {
                let expected = keys
                    .known
                    .get(name)
                    .map_or_else(|| "a value".to_owned(), |shape| shape.want().words());
                self.problems.add(
                    &path.key(name),
                    node.origin,
                    ProblemKind::MissingKey {
                        key: name.to_owned(),
                        expected,
                    },
                );
            }
        }
        map(found)
    }
}

fn list(items: Vec<Compiled>) -> Compiled {
    if items.iter().all(|item| matches!(item, Compiled::Static(_))) {
        Compiled::Static(items.into_iter().map(Compiled::plain).collect())
    } else {
        Compiled::List(items)
    }
}

fn map(entries: Vec<(String, Compiled)>) -> Compiled {
    if entries
        .iter()
        .all(|(_, value)| matches!(value, Compiled::Static(_)))
    {
        Compiled::Static(
            entries
                .into_iter()
                .map(|(key, value)| (key, value.plain()))
                .collect(),
        )
    } else {
        Compiled::Map(entries)
    }
}
