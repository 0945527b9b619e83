//! `orchestrator`: the tree of pipe steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::Check;
use super::inject::Wanted;
use super::node::{Node, Origin};
use super::path::Path;
use super::problem::ProblemKind;
use super::service::Services;
use super::shape::Shape;
use super::value::{Compiled, Compiler, FoundStep, Mode};
use crate::container::Instance;
use crate::pipe::{ParamError, PipeBinding, StepParams, StepPlan};
use crate::place::Place;

/// Reads the tree; the instances are its steps, numbered from 0 in the order of the file.
pub(super) fn tree(
    check: &mut Check<'_>,
    root: &Node,
    path: &Path<'_>,
    services: &Services,
) -> Option<(StepPlan, Vec<Instance>)> {
    let node = root.get("orchestrator").filter(|node| !node.is_null())?;
    let layers = check.problems.layers.iter();
    let sources = layers.map(|layer| layer.name.clone()).collect();
    let mut tree = Tree {
        check,
        services,
        sources,
        instances: Vec::new(),
    };
    let root = tree.step(node, node.origin, &path.key("orchestrator"))?;
    Some((root, tree.instances))
}

struct Tree<'t, 'a> {
    check: &'t mut Check<'a>,
    services: &'t Services,
    /// The names of the files and variables that the configuration came from.
    sources: Arc<[String]>,
    instances: Vec<Instance>,
}

impl Tree<'_, '_> {
    fn step(&mut self, node: &Node, origin: Origin, path: &Path<'_>) -> Option<StepPlan> {
        if node.entries().is_none() {
            self.check.wrong_type(
                node,
                path,
                "a step: a map with `id`, `use`, `injects` and `params`",
            );
            return None;
        }
        self.check
            .known_keys(node, path, &["id", "use", "injects", "params"]);
        let id = self.id(node, path);
        let component = self.check.used(node, path, origin)?;
        let entry = &self.check.table.components[component];
        let Some(binding) = entry.pipe.map(|binding| binding()) else {
            let kind = ProblemKind::WrongKind {
                component: entry.id.to_owned(),
                expected: "a pipe",
                found: "a service",
            };
            self.check.problems.add(
                &path.key("use"),
                node.get("use").map_or(origin, |node| node.origin),
                kind,
            );
            return None;
        };
        let injects = Wanted {
            component,
            injects: node.get("injects"),
            origin,
            this: None,
        }
        .resolve(self.check, self.services, path);
        let instance = self.instances.len();
        self.instances.push(Instance {
            component,
            name: path.to_string(),
            injects,
            config: None,
            made: None,
        });

        let empty = Node::empty(origin);
        let params = node
            .get("params")
            .filter(|node| !node.is_null())
            .unwrap_or(&empty);
        let params_path = path.key("params");
        let before = self.check.problems.len();
        let (params, found) = self.params(component, params, &params_path);
        self.refuse_duplicates(&found);
        let children: Vec<Option<StepPlan>> = found
            .iter()
            .map(|step| self.step(step.node, step.node.origin, &Path::Written(&step.path)))
            .collect();
        if self.check.problems.len() == before && params.is_fixed() {
            self.read_once(&binding, &params, node, &params_path);
        }
        Some(StepPlan {
            id,
            path: path.to_string(),
            place: place(&self.sources, origin),
            component: entry.id,
            instance,
            hidden: params.keys_with_steps(),
            params: self.ready_params(params),
            binding,
            children: children.into_iter().collect::<Option<_>>()?,
        })
    }

    /// The `id`, or the path where there is none.
    fn id(&mut self, node: &Node, path: &Path<'_>) -> String {
        match node.get("id") {
            None => path.to_string(),
            Some(id) => match id.text() {
                Some(text) => text.to_owned(),
                None => {
                    self.check.wrong_type(id, &path.key("id"), "a text");
                    path.to_string()
                }
            },
        }
    }

    fn params<'n>(
        &mut self,
        component: usize,
        node: &'n Node,
        path: &Path<'_>,
    ) -> (Compiled, Vec<FoundStep<'n>>) {
        let Some(schema) = self.check.schema(component) else {
            self.check.known_keys(node, path, &[]);
            let nothing = Compiled::Static(serde_json::Value::Null);
            return (nothing, Vec::new());
        };
        let mode = Mode::Templates(&*self.check.renderer);
        let mut compiler = Compiler::new(mode, &mut self.check.problems);
        let compiled = compiler.compile(node, Shape::root(&schema), path);
        let (steps, secrets) = (compiler.steps, compiler.secrets);
        secrets
            .iter()
            .for_each(|secret| self.check.redactor.learn(secret));
        (compiled, steps)
    }

    /// The parameters as the step reads them when it is run.
    fn ready_params(&self, params: Compiled) -> StepParams {
        if params.is_fixed() {
            return StepParams::Fixed(Arc::new(params.fixed()));
        }
        let sources = self.sources.clone();
        StepParams::Rendered(Box::new(move |scope| {
            params.render(scope).map_err(|failure| ParamError {
                path: failure.path,
                place: place(&sources, failure.origin),
                message: failure.message,
            })
        }))
    }

    /// Steps of one list find each other's results by id.
    fn refuse_duplicates(&mut self, steps: &[FoundStep<'_>]) {
        let mut seen: BTreeMap<(usize, &str), &str> = BTreeMap::new();
        for step in steps {
            let (Some(list), Some(node)) = (step.list, step.node.get("id")) else {
                continue;
            };
            let Some(id) = node.text() else {
                continue;
            };
            match seen.get(&(list, id)) {
                None => _ = seen.insert((list, id), &step.path),
                Some(first) => {
                    let kind = ProblemKind::DuplicateStep {
                        id: id.to_owned(),
                        first: (*first).to_owned(),
                    };
                    self.check.problems.add(
                        &Path::Written(&step.path).key("id"),
                        node.origin,
                        kind,
                    );
                }
            }
        }
    }

    /// What is static is read into its type now, so that it cannot fail later.
    fn read_once(
        &mut self,
        binding: &PipeBinding,
        params: &Compiled,
        node: &Node,
        path: &Path<'_>,
    ) {
        let value = match params.as_static() {
            Some(value) => (binding.check)(value),
            None => (binding.check)(&params.fixed()),
        };
        if let Err(error) = value {
            let origin = node
                .get("params")
                .map_or(node.origin, |params| params.origin);
            self.check.problems.add(
                path,
                origin,
                ProblemKind::Refused {
                    message: self.check.redactor.redact(&error.to_string()).into_owned(),
                },
            );
        }
    }
}

/// Where something was written.
fn place(sources: &[String], origin: Origin) -> Option<Place> {
    Some(origin.place(sources.get(origin.layer)?.clone()))
}
