//! Checking a value of the configuration against its declared type, and compiling it: what is static is final, a text with
//! template syntax becomes a template that is rendered by the declared type. Longer than other files: the kinds of values
//! refer to each other, and are read together.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use treenail_core::nearest::nearest;

use super::compiled::{Compiled, CompiledTemplate};
use super::declared_type::{DeclaredType, Expected};
use super::duration::Duration;
use super::fit::read_plain;
use super::secret::literals;
use crate::config::problem::{Path, ProblemKind, Problems};
use crate::config::read::{Kind, Node, Pair};
use crate::error::Result;
#[cfg(not(feature = "templates"))]
use crate::template::has_syntax;
use crate::template::{Rendered, Template, TemplateRenderer, TemplateScope};

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

/// What the texts of a value are.
pub(crate) enum Texts {
    /// Themselves.
    Plain,
    /// Themselves; what looks like a template is a mistake, because this program renders none.
    #[cfg(not(feature = "templates"))]
    NotRendered,
    /// Templates, where this renderer says so.
    Templates(Arc<dyn TemplateRenderer>),
    /// Any may be a template, and none is rendered: there is no renderer, which was reported.
    Unknown,
}

/// Stands in for what a renderer that cannot be had would make of a text.
struct NeverRendered;

impl Template for NeverRendered {
    fn render(&self, _: &Arc<TemplateScope>) -> Result<Rendered> {
        Ok(Rendered::value(Value::Null))
    }
}

/// Checks values against declared types, and collects the problems.
pub(crate) struct Compiler<'p, 'l, 'n> {
    texts: &'p Texts,
    problems: &'p mut Problems<'l>,
    pub(crate) steps: Vec<FoundStep<'n>>,
    /// Every written value of a field that is declared to be secret.
    pub(crate) secrets: Vec<String>,
    lists: usize,
    /// How many alternatives have been tried, and how many may be, for as many values as there are.
    tried: usize,
    most_tried: usize,
}

/// So often alternatives are tried for each value that there is. Types that hold themselves would be tried as often as two
/// to the power of their depth.
const TRIALS: usize = 64;

impl<'p, 'l, 'n> Compiler<'p, 'l, 'n> {
    pub(crate) fn new(texts: &'p Texts, problems: &'p mut Problems<'l>) -> Self {
        Self {
            texts,
            problems,
            steps: Vec::new(),
            secrets: Vec::new(),
            lists: 0,
            tried: 0,
            most_tried: 0,
        }
    }

    /// Checks a component's whole configuration. Where it has no known keys, it takes none.
    pub(crate) fn compile(
        &mut self,
        node: &'n Node,
        declared: DeclaredType<'_>,
        path: &Path<'_>,
    ) -> Compiled {
        self.most_tried = node.count().saturating_mul(TRIALS);
        let expected = declared.expected();
        match &node.kind {
            Kind::Map(pairs) if !expected.any && declared.alternatives().is_empty() => {
                self.map(node, pairs, declared, path, true)
            }
            // What is given to a component has keys, so that each of them can be checked by itself.
            Kind::Scalar(Value::String(_)) if !expected.any && !expected.text => {
                self.wrong_type(node, expected, path)
            }
            _ => self.value(node, declared, path, None),
        }
    }

    fn value(
        &mut self,
        node: &'n Node,
        declared: DeclaredType<'_>,
        path: &Path<'_>,
        list: Option<usize>,
    ) -> Compiled {
        if declared.is_step() {
            self.steps.push(FoundStep {
                node,
                path: path.to_string(),
                list,
            });
            return Compiled::Step(self.steps.len() - 1);
        }
        let expected = declared.expected();
        if expected.secret {
            node.texts(&mut self.secrets);
        }
        // A template that stands for the whole may render what is secret in it.
        let holding = || Expected {
            secret: declared.holds_secrets(),
            ..expected
        };
        // Steps are known before anything is rendered, so no template stands for a list of them.
        if let Some(text) = node.text()
            && !declared.holds_steps()
            && let Some(template) = self.template(node, text, holding, path)
        {
            return template;
        }
        if let Some(text) = node.text()
            && !expected.any
            && !expected.text
            && let Some(value) = read_plain(text, expected, node.from_text)
        {
            return self.scalar_of(node, &value, declared, path);
        }
        if expected.any {
            return self.anything(node, path);
        }
        if let Some(texts) = declared.allowed_texts()
            && let Some(text) = node.text()
        {
            return self.one_of(node, text, &texts, expected, path);
        }
        let alternatives = declared.alternatives();
        if !alternatives.is_empty() && (!node.is_null() || !expected.null) {
            return self.alternative(node, &alternatives, expected, path, list);
        }
        self.typed(node, declared, expected, path)
    }

    /// Tries each alternative, first those whose keys fit; where none fits, the problems of the one that comes closest are
    /// reported.
    fn alternative(
        &mut self,
        node: &'n Node,
        alternatives: &[DeclaredType<'_>],
        expected: Expected,
        path: &Path<'_>,
        list: Option<usize>,
    ) -> Compiled {
        let mut best: Option<(usize, Problems<'l>)> = None;
        let steps = self.steps.len();
        let (fitting, others): (Vec<DeclaredType<'_>>, Vec<_>) =
            alternatives.iter().partition(|one| has_keys(**one, node));
        for declared in fitting.into_iter().chain(others) {
            if self.tried >= self.most_tried && best.is_some() {
                break;
            }
            self.tried += 1;
            let outer = self.problems.trial();
            let outer = std::mem::replace(self.problems, outer);
            let compiled = self.value(node, declared, path, list);
            let trial = std::mem::replace(self.problems, outer);
            if trial.is_empty() {
                return compiled;
            }
            self.steps.truncate(steps);
            let weight = weight(&trial);
            if matches_kind(declared.expected(), node)
                && best.as_ref().is_none_or(|(least, _)| weight < *least)
            {
                best = Some((weight, trial));
            }
        }
        match best {
            Some((_, problems)) => {
                self.problems.append(problems);
                Compiled::Static(Value::Null)
            }
            None => self.wrong_type(node, expected, path),
        }
    }

    fn typed(
        &mut self,
        node: &'n Node,
        declared: DeclaredType<'_>,
        expected: Expected,
        path: &Path<'_>,
    ) -> Compiled {
        match &node.kind {
            Kind::Map(pairs) if expected.map => self.map(node, pairs, declared, path, false),
            Kind::List(items) if expected.list => self.list(node, items, declared, path),
            Kind::Scalar(Value::String(text)) if expected.duration => {
                if text.parse::<Duration>().is_err() {
                    let kind = ProblemKind::Duration { text: text.clone() };
                    self.problems.add(path, node.origin, kind);
                }
                Compiled::Static(text.clone().into())
            }
            Kind::Scalar(value) if expected.takes(value) => {
                self.scalar_of(node, value, declared, path)
            }
            _ => self.wrong_type(node, expected, path),
        }
    }

    /// A value of the right type, which may still be out of bounds.
    fn scalar_of(
        &mut self,
        node: &Node,
        value: &Value,
        declared: DeclaredType<'_>,
        path: &Path<'_>,
    ) -> Compiled {
        if let Some(bounds) = declared.broken_bounds(value) {
            self.problems
                .add(path, node.origin, ProblemKind::OutOfRange { bounds });
        }
        if let Some(constant) = declared.constant()
            && constant != value
        {
            let kind = ProblemKind::NotOneOf {
                allowed: vec![constant.to_string()],
                suggestion: None,
            };
            self.problems.add(path, node.origin, kind);
        }
        Compiled::Static(self.scalar(value))
    }

    fn wrong_type(&mut self, node: &Node, expected: Expected, path: &Path<'_>) -> Compiled {
        let help = match &node.kind {
            Kind::Scalar(Value::Number(_) | Value::Bool(_)) if expected.text => {
                Some("put it in quotes".to_owned())
            }
            Kind::Scalar(Value::String(_)) if expected.boolean => {
                Some("write `true` or `false`".to_owned())
            }
            _ => None,
        };
        let kind = ProblemKind::WrongType {
            expected: expected.words(),
            found: node.found().to_owned(),
            help,
        };
        self.problems.add(path, node.origin, kind);
        Compiled::Static(Value::Null)
    }

    /// One newline at the end of a text is dropped, whether it is a template or not: a `|` block means its lines.
    fn scalar(&self, value: &Value) -> Value {
        match value {
            Value::String(text) if !matches!(self.texts, Texts::Plain) => {
                text.strip_suffix('\n').unwrap_or(text).into()
            }
            value => value.clone(),
        }
    }

    /// The template that a text is, if it is one.
    fn template(
        &mut self,
        node: &Node,
        text: &str,
        expected: impl FnOnce() -> Expected,
        path: &Path<'_>,
    ) -> Option<Compiled> {
        let template = match self.texts {
            Texts::Plain => return None,
            #[cfg(not(feature = "templates"))]
            Texts::NotRendered if has_syntax(text) => {
                self.problems
                    .add(path, node.origin, ProblemKind::TemplateNotRendered);
                return Some(Compiled::Static(Value::Null));
            }
            #[cfg(not(feature = "templates"))]
            Texts::NotRendered => return None,
            Texts::Templates(renderer) => renderer.compile(text),
            Texts::Unknown => Ok(Some(Arc::new(NeverRendered) as Arc<dyn Template>)),
        };
        if matches!(template, Ok(None)) {
            return None;
        }
        let expected = expected();
        match template {
            Ok(None) => None,
            Ok(Some(template)) => Some(Compiled::Template(Box::new(CompiledTemplate {
                template,
                expected,
                literals: if expected.secret {
                    literals(text)
                } else {
                    Vec::new()
                },
                secret_text: expected.secret.then(|| text.to_owned()),
                path: path.to_string(),
                origin: node.origin,
            }))),
            Err(error) => {
                let message = if expected.secret {
                    "the words of the engine could show the value, which is secret".to_owned()
                } else {
                    format!("{error:#}")
                };
                let kind = ProblemKind::TemplateSyntax { message };
                self.problems.add(path, node.origin, kind);
                Some(Compiled::Static(Value::Null))
            }
        }
    }

    /// A value of any type, whose parts are of any type too.
    fn anything(&mut self, node: &'n Node, path: &Path<'_>) -> Compiled {
        let anything = DeclaredType::anything();
        match &node.kind {
            Kind::Scalar(value) => Compiled::Static(self.scalar(value)),
            Kind::List(items) => self.list(node, items, anything, path),
            Kind::Map(pairs) => self.map(node, pairs, anything, path, false),
        }
    }

    fn one_of(
        &mut self,
        node: &Node,
        text: &str,
        allowed: &[&str],
        expected: Expected,
        path: &Path<'_>,
    ) -> Compiled {
        if !allowed.contains(&text) {
            let suggestion = nearest(text, allowed.iter().copied());
            let kind = ProblemKind::NotOneOf {
                allowed: allowed.iter().map(|text| (*text).to_owned()).collect(),
                // What is near to a secret tells too much of it.
                suggestion: suggestion.filter(|_| !expected.secret),
            };
            self.problems.add(path, node.origin, kind);
        }
        Compiled::Static(text.into())
    }

    fn list(
        &mut self,
        node: &'n Node,
        items: &'n [Node],
        declared: DeclaredType<'_>,
        path: &Path<'_>,
    ) -> Compiled {
        self.lists += 1;
        let number = self.lists;
        if let Some(bounds) = declared.broken_bounds(&Value::Array(vec![Value::Null; items.len()]))
        {
            self.problems
                .add(path, node.origin, ProblemKind::OutOfRange { bounds });
        }
        let compiled = items.iter().enumerate().map(|(index, item)| {
            let path = path.item(index);
            self.value(item, declared.item(index), &path, Some(number))
        });
        Compiled::List(compiled.collect())
    }

    /// A map; `top`: it is all that a component is given.
    fn map(
        &mut self,
        node: &'n Node,
        pairs: &'n [Pair],
        declared: DeclaredType<'_>,
        path: &Path<'_>,
        top: bool,
    ) -> Compiled {
        let keys = declared.keys(top);
        let written = pairs.iter().map(|pair| pair.key.clone());
        let is_known = |key: &String| keys.known.contains_key(key.as_str());
        let mut there: BTreeSet<String> = written.filter(is_known).collect();
        let mut compiled = Vec::new();
        for pair in pairs {
            let known = keys.known.get(pair.key.as_str()).copied();
            if let Some(declared) = known.or(keys.further) {
                let before = self.problems.len();
                // `name:hunter2` in braces, without a blank, is a key without a value.
                let is_cut = known.is_none() && pair.value.is_null() && declared.holds_secrets();
                let end = pair.key.find([':', '=', ' ']).filter(|_| is_cut);
                let shown = end.map_or(pair.key.as_str(), |end| &pair.key[..end]);
                let value = self.value(&pair.value, declared, &path.key(shown), None);
                compiled.push((pair.key.clone(), value));
                // What does not fit may have been meant for a secret inside.
                if self.problems.len() > before && declared.holds_secrets() {
                    pair.value.texts(&mut self.secrets);
                }
                continue;
            }
            let kind = ProblemKind::unknown_key(
                &pair.key,
                pair.value.is_null(),
                keys.known.keys().copied(),
            );
            let kind = if declared.expected().secret && kind.meant().is_none() {
                kind.without_key()
            } else {
                kind
            };
            let meant = kind.meant().map(str::to_owned);
            self.problems.add_key(path, pair.key_origin, kind);
            if let Some(key) = meant.filter(|key| there.insert(key.clone()))
                && let Some(declared) = keys.known.get(key.as_str())
            {
                // What is of another kind was perhaps meant for something else.
                let value = if matches_kind(declared.expected(), &pair.value) {
                    self.value(&pair.value, *declared, &path.key(&key), None)
                } else {
                    if declared.holds_secrets() {
                        pair.value.texts(&mut self.secrets);
                    }
                    Compiled::Static(Value::Null)
                };
                compiled.push((key, value));
            }
        }
        for name in keys.required {
            if !compiled.iter().any(|(key, _)| key == name) {
                let near = pairs.iter().find(|pair| {
                    let is_known = keys.known.contains_key(pair.key.as_str());
                    !is_known && nearest(&pair.key, [name]).is_some()
                });
                let origin = near.map_or(node.origin, |pair| pair.key_origin);
                let declared = keys.known.get(name);
                let expected = declared.map(|declared| declared.expected().words());
                let kind = ProblemKind::MissingKey {
                    key: name.to_owned(),
                    component: None,
                    near: near.map(|pair| pair.key.clone()),
                    expected: expected.unwrap_or_else(|| "a value".to_owned()),
                };
                self.problems.add(&path.key(name), origin, kind);
            }
        }
        Compiled::Map(compiled)
    }
}

/// How far the problems of a trial are from none: a wrong tag weighs more than anything inside.
fn weight(problems: &Problems<'_>) -> usize {
    let weight = |kind: &ProblemKind| match kind {
        ProblemKind::NotOneOf { .. } => 100,
        _ => 1,
    };
    problems.kinds().map(weight).sum()
}

/// Whether a map has the keys that a type asks for, and no others; what is no map has.
fn has_keys(declared: DeclaredType<'_>, node: &Node) -> bool {
    let Some(pairs) = node.pairs() else {
        return true;
    };
    let keys = declared.keys(false);
    let known = |pair: &Pair| keys.further.is_some() || keys.known.contains_key(&*pair.key);
    pairs.iter().all(known) && keys.required.iter().all(|key| node.get(key).is_some())
}

fn matches_kind(expected: Expected, node: &Node) -> bool {
    match &node.kind {
        Kind::Map(_) => expected.map || expected.step,
        Kind::List(_) => expected.list,
        Kind::Scalar(value) => expected.takes(value) || (expected.duration && value.is_string()),
    }
}
