//! A value of one of several types: `anyOf` and `oneOf` of its schema.

use super::compile::{Compiled, Compiler};
use super::declared_type::{Shape, Want};
use crate::config::problem::kind::ProblemKind;
use crate::config::problem::path::Path;
use crate::config::problem::problems::Problems;
use crate::config::read::node::{Kind, Node};

impl<'n, 'l> Compiler<'_, 'l, 'n> {
    /// Tries each alternative; where none fits, the problems of the one that comes closest are reported.
    pub(crate) fn alternative(
        &mut self,
        node: &'n Node,
        alternatives: &[Shape<'_>],
        want: Want,
        path: &Path<'_>,
        list: Option<usize>,
    ) -> Compiled {
        let mut best: Option<(usize, Problems<'l>)> = None;
        let steps = self.steps.len();
        for shape in alternatives {
            let outer = self.problems.trial();
            let outer = std::mem::replace(self.problems, outer);
            let compiled = self.value(node, *shape, path, list);
            let trial = std::mem::replace(self.problems, outer);
            if trial.is_empty() {
                return compiled;
            }
            self.steps.truncate(steps);
            let weight = weight(&trial);
            if matches_kind(shape.want(), node)
                && best.as_ref().is_none_or(|(least, _)| weight < *least)
            {
                best = Some((weight, trial));
            }
        }
        match best {
            Some((_, problems)) => {
                self.problems.append(problems);
                Compiled::Static(serde_json::Value::Null)
            }
            None => self.wrong_type(node, want, path),
        }
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

fn matches_kind(want: Want, node: &Node) -> bool {
    match &node.kind {
        Kind::Map(_) => want.map || want.step,
        Kind::List(_) => want.list,
        Kind::Scalar(value) => want.takes(value) || (want.duration && value.is_string()),
    }
}
