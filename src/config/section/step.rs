//! `orchestrator`: the tree of pipe steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::component::used;
use super::context::Context;
use super::inject::Consumer;
use super::renderer::ChosenRenderer;
use super::service::Services;
use super::structure::{known_keys, wrong_type};
use crate::config::problem::{Origin, Path, ProblemKind, Problems};
use crate::config::read::Node;
use crate::config::value::{Compiled, Compiler, DeclaredType, FoundStep};
use crate::container::{Entry, Instance};
use crate::pipe::{ParamError, PipeBinding, StepParams, StepPlan};
use crate::place::Place;
use crate::redact::read_secretly;

/// The steps of a pipeline.
pub(super) struct StepTree {
    pub(super) root: StepPlan,
    /// Of what is written of them.
    pub(super) written: Json,
    /// The components of the steps, numbered from 0 in the order of the file.
    pub(super) instances: Vec<Instance>,
}

/// Reads the tree.
pub(super) fn read(
    context: &Context,
    renderer: &ChosenRenderer,
    services: &Services,
    root: &Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<StepTree> {
    let node = root.given("orchestrator")?;
    let layers = problems.layers.iter();
    let sources = layers.map(|layer| layer.name.clone()).collect();
    let mut reader = StepReader {
        sources,
        context,
        renderer,
        services,
        problems,
        instances: Vec::new(),
    };
    let root = reader.step(node, node.origin, &path.key("orchestrator"), None)?;
    Some(StepTree {
        root,
        written: node.to_json(),
        instances: reader.instances,
    })
}

struct StepReader<'r, 'l> {
    context: &'r Context,
    renderer: &'r ChosenRenderer,
    services: &'r Services,
    problems: &'r mut Problems<'l>,
    /// The names of the files and variables that the configuration came from.
    sources: Arc<[String]>,
    instances: Vec<Instance>,
}

impl StepReader<'_, '_> {
    /// Reads a step and those inside it; `around` is the name of the step that it belongs to.
    fn step(
        &mut self,
        node: &Node,
        origin: Origin,
        path: &Path<'_>,
        around: Option<&str>,
    ) -> Option<StepPlan> {
        if node.pairs().is_none() {
            let expected = "a step: a map with `id`, `use`, `injects` and `params`";
            wrong_type(node, path, expected, self.problems);
            return None;
        }
        let known = ["id", "use", "injects", "params"];
        let node = &*known_keys(node, path, &known, self.problems);
        let id = self.id(node, path);
        let fits = |entry: &Entry| entry.pipe.is_some();
        let component = used(self.context, node, origin, path, fits, self.problems)?;
        let binding = self.pipe(component, node, origin, path)?;
        let name = step_name(node, path, around);
        let instance = self.instance(component, node, origin, path, name.clone());

        let empty = Node::empty(origin);
        let params = node.given("params").unwrap_or(&empty);
        let params_path = path.key("params");
        let before = self.problems.len();
        let (params, found) = self.params(component, params, &params_path);
        self.refuse_duplicates(&found);
        let children: Vec<Option<StepPlan>> = found
            .iter()
            .map(|step| {
                let path = Path::Written(&step.path);
                self.step(step.node, step.node.origin, &path, Some(&name))
            })
            .collect();
        if self.problems.len() == before && params.is_fixed() {
            self.read_once(&binding, &params, node, &params_path);
        }
        Some(StepPlan {
            id: id.into(),
            path: path.to_string(),
            place: place(&self.sources, origin),
            component: self.context.entry(component).id,
            instance,
            hidden: params.keys_with_steps().into(),
            params: Arc::new(self.ready_params(params)),
            binding,
            children: children.into_iter().collect::<Option<_>>()?,
        })
    }

    /// The `id`, or the path where there is none.
    fn id(&mut self, node: &Node, path: &Path<'_>) -> String {
        let id = node.get("id");
        if let Some(id) = id
            && id.text().is_none()
        {
            wrong_type(id, &path.key("id"), "a text", self.problems);
        }
        let text = id.and_then(Node::text);
        text.map_or_else(|| path.to_string(), str::to_owned)
    }

    /// How the component is run as a step.
    fn pipe(
        &mut self,
        component: usize,
        node: &Node,
        origin: Origin,
        path: &Path<'_>,
    ) -> Option<PipeBinding> {
        let entry = self.context.entry(component);
        if entry.pipe.is_none() {
            let kind = ProblemKind::WrongKind {
                component: entry.id.to_owned(),
                expected: "a pipe",
                found: "a service",
            };
            let origin = node.get("use").map_or(origin, |node| node.origin);
            self.problems.add(&path.key("use"), origin, kind);
        }
        entry.pipe.map(|binding| binding())
    }

    /// The component of a step as an instance, by its number.
    fn instance(
        &mut self,
        component: usize,
        node: &Node,
        origin: Origin,
        path: &Path<'_>,
        name: String,
    ) -> usize {
        let consumer = Consumer {
            component,
            injects: node.get("injects"),
            origin,
            service: None,
        };
        let injects_path = path.key("injects");
        let injects = consumer.resolve(self.context, self.services, &injects_path, self.problems);
        self.instances.push(Instance {
            component,
            name,
            injects,
            config: None,
            made: None,
        });
        self.instances.len() - 1
    }

    /// The parameters, and the steps inside them.
    fn params<'n>(
        &mut self,
        component: usize,
        node: &'n Node,
        path: &Path<'_>,
    ) -> (Compiled, Vec<FoundStep<'n>>) {
        let Some(schema) = self.context.schema(component) else {
            known_keys(node, path, &[], self.problems);
            return (Compiled::Static(Json::Null), Vec::new());
        };
        let mut compiler = Compiler::new(&self.renderer.texts, self.problems);
        let compiled = compiler.compile(node, DeclaredType::root(schema), path);
        for secret in compiler.secrets {
            self.context.redactor.learn(&secret);
        }
        (compiled, compiler.steps)
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
            let id = step.node.get("id");
            let (Some(list), Some(node)) = (step.list, id) else {
                continue;
            };
            let Some(id) = node.text() else {
                continue;
            };
            if let Some(first) = seen.get(&(list, id)) {
                let kind = ProblemKind::DuplicateStep {
                    id: id.to_owned(),
                    first: (*first).to_owned(),
                };
                let path = Path::Written(&step.path);
                self.problems.add(&path.key("id"), node.origin, kind);
            } else {
                seen.insert((list, id), &step.path);
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
        let redactor = &self.context.redactor;
        if let Err(message) = read_secretly(binding.check, &params.fixed(), redactor) {
            let origin = node.get("params").map_or(node.origin, |node| node.origin);
            self.problems
                .add(path, origin, ProblemKind::Refused { message });
        }
    }
}

/// What a step is called where it is built, started and stopped: the ids on the way to it, as in
/// `orchestrator/routing/fetch`. A step without an id is called by its place in the step around it.
fn step_name(node: &Node, path: &Path<'_>, around: Option<&str>) -> String {
    let path = path.to_string();
    let place = path.rsplit('.').next().unwrap_or(&path);
    let own = node.get("id").and_then(Node::text).unwrap_or(place);
    around.map_or_else(|| own.to_owned(), |around| format!("{around}/{own}"))
}

/// Where something was written.
fn place(sources: &[String], origin: Origin) -> Option<Place> {
    Some(origin.place(sources.get(origin.layer)?.clone()))
}
