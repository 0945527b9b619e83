//! The template renderer of a configuration: which one it is, and how it is made before everything else.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::task::{self, Poll, Waker};

use super::component::{SERVICE_KEYS, config, no_service};
use super::context::Context;
use super::structure::mended;
use crate::component::AnyComponent;
use crate::config::problem::{Origin, Path, ProblemKind, Problems};
use crate::config::read::{Node, Pair};
use crate::config::value::Texts;
use crate::container::{ConfigSource, Entry, Inputs, Plan, Scope, Slots};
use crate::error::{Error, Result, panicked};
use crate::supervision::Handle;
#[cfg(feature = "templates")]
use crate::template::Engine;
use crate::template::TemplateRenderer;

/// The renderer of a configuration.
pub(super) struct ChosenRenderer {
    /// What the texts of all other components are.
    pub(super) texts: Texts,
    /// The component that renders; `None`: the built-in renderer does.
    component: Option<RendererComponent>,
}

/// A component that renders, made or not.
struct RendererComponent {
    component: usize,
    /// The service that it is; `None` for a singleton.
    service: Option<String>,
    config: Option<ConfigSource>,
    /// The value stands in the application later, so that the renderer is made once.
    value: Option<AnyComponent>,
}

/// A component that renders, where the configuration or the composition has it.
struct Candidate<'n> {
    component: usize,
    /// The service that it is; `None` for a singleton.
    service: Option<&'n Pair>,
}

/// Chooses and makes the renderer, before any template is looked at: the built-in one where nothing names another. Of
/// several the first is taken, so that more than this is said about the templates.
pub(super) fn choose(
    context: &Context,
    root: &Node,
    root_at: Origin,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> ChosenRenderer {
    let candidates = candidates(context, root);
    let Some(first) = candidates.first() else {
        let texts = match may_render(context, root) {
            true => Texts::Unknown,
            #[cfg(feature = "templates")]
            false => Texts::Templates(Arc::new(Engine::default())),
            #[cfg(not(feature = "templates"))]
            false => Texts::NotRendered,
        };
        return ChosenRenderer {
            texts,
            component: None,
        };
    };
    let services = path.key("services");
    if candidates.len() > 1 {
        let names = candidates.iter().map(|one| one.name(context)).collect();
        let origin = first.service.map_or(root_at, |pair| pair.key_origin);
        problems.add(&services, origin, ProblemKind::SeveralRenderers { names });
    }
    let id = context.entry(first.component).id;
    if let Some(pair) = first.service {
        let node = mended(&pair.value, SERVICE_KEYS);
        let path = services.key(&pair.key);
        let params = (node.given("params"), path.key("params"));
        return first.make(context, params, (pair.key_origin, &path), problems);
    }
    let section = root.pair("components");
    let at = section.map_or(root_at, |pair| pair.key_origin);
    let path = path.key("components");
    let given = section.and_then(|pair| pair.value.given(id));
    let before = problems.len();
    let chosen = first.make(context, (given, path.key(id)), (at, &path), problems);
    if given.is_none() {
        problems.name_component(before, id);
    }
    chosen
}

/// The services that render; without any, the singletons that do.
fn candidates<'n>(context: &Context, root: &'n Node) -> Vec<Candidate<'n>> {
    let renders = |component: usize| context.entry(component).renders.is_some();
    let services = root.get("services").and_then(Node::pairs);
    let named: Vec<Candidate<'n>> = services
        .unwrap_or_default()
        .iter()
        .filter_map(|pair| {
            let node = mended(&pair.value, SERVICE_KEYS);
            Some(Candidate {
                component: context.names.component(node.get("use")?.text()?)?,
                service: Some(pair),
            })
        })
        .filter(|candidate| renders(candidate.component))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let singleton = |component: &usize| context.entry(*component).scope == Scope::Singleton;
    (0..context.table.components.len())
        .filter(|component| renders(*component) && singleton(component))
        .map(|component| Candidate {
            component,
            service: None,
        })
        .collect()
}

/// Whether a service was probably meant to render: its `use` is nearly that of a renderer.
fn may_render(context: &Context, root: &Node) -> bool {
    let services = root.get("services").and_then(Node::pairs);
    let mut services = services.unwrap_or_default().iter();
    services.any(|pair| {
        let node = mended(&pair.value, SERVICE_KEYS);
        let Some(name) = node.get("use").and_then(Node::text) else {
            return false;
        };
        let names = &context.names;
        let fits = |entry: &Entry| no_service(entry).is_none();
        let near = || names.component(names.unknown_component(name, fits).meant()?);
        names.component(name).is_none()
            && near().is_some_and(|near| context.entry(near).renders.is_some())
    })
}

impl Candidate<'_> {
    fn name(&self, context: &Context) -> String {
        let id = context.entry(self.component).id;
        self.service.map_or(id, |pair| &pair.key).to_owned()
    }

    /// Makes it of its configuration, where there is one; `at`: where it is said to be.
    fn make(
        &self,
        context: &Context,
        (given, given_path): (Option<&Node>, Path<'_>),
        (origin, path): (Origin, &Path<'_>),
        problems: &mut Problems<'_>,
    ) -> ChosenRenderer {
        let empty = Node::empty(origin);
        let given = given.unwrap_or(&empty);
        let component = self.component;
        let before = problems.len();
        let config = config(
            context,
            &Texts::Plain,
            component,
            given,
            &given_path,
            problems,
        );
        let mut chosen = ChosenRenderer {
            texts: Texts::Unknown,
            component: Some(RendererComponent {
                component,
                service: self.service.map(|pair| pair.key.clone()),
                config: config.clone(),
                value: None,
            }),
        };
        if problems.len() > before {
            return chosen;
        }
        match build(context, component, config) {
            Ok((value, renderer)) => {
                chosen.texts = Texts::Templates(renderer);
                if let Some(component) = &mut chosen.component {
                    component.value = Some(value);
                }
            }
            Err(error) => {
                let message = context.redactor.redact(&format!("{error:#}")).into_owned();
                let component = context.entry(component).id.to_owned();
                problems.add(path, origin, ProblemKind::Renderer { component, message });
            }
        }
        chosen
    }
}

impl ChosenRenderer {
    /// The configuration of the singleton that renders, which was looked at first. `None`: this is not that singleton.
    pub(super) fn config_of(&self, component: usize) -> Option<Option<ConfigSource>> {
        let renders = self.component.as_ref()?;
        (renders.service.is_none() && renders.component == component)
            .then(|| renders.config.clone())
    }

    /// The configuration and the value of the service that renders. `None`: this is not that service.
    pub(super) fn of_service(
        &self,
        name: &str,
    ) -> Option<(Option<ConfigSource>, Option<AnyComponent>)> {
        let renders = self.component.as_ref()?;
        (renders.service.as_deref() == Some(name))
            .then(|| (renders.config.clone(), renders.value.clone()))
    }

    /// The singleton that was made because it renders, with its value.
    pub(super) fn made_singleton(&self) -> Option<(usize, AnyComponent)> {
        let renders = self.component.as_ref()?;
        let value = renders.value.clone().filter(|_| renders.service.is_none());
        Some((renders.component, value?))
    }
}

/// Builds it at once: there is nothing yet that it could wait for.
fn build(
    context: &Context,
    component: usize,
    config: Option<ConfigSource>,
) -> Result<(AnyComponent, Arc<dyn TemplateRenderer>)> {
    let entry = context.entry(component);
    if let Some(need) = entry.needs.first() {
        return Err(Error::msg(format!(
            "it requires `{}`, and a renderer is made before everything else",
            need.service
        )));
    }
    let plan = Arc::new(Plan::only(component, entry.id, config));
    let handle = Handle::detached(entry.id);
    let slots = Arc::new(Slots::new([(*handle).clone()].into_iter()));
    let mut inputs = Inputs::new(plan, slots, (*handle).clone(), Weak::<()>::new(), 0);
    let built = catch_unwind(AssertUnwindSafe(|| {
        pin!((entry.build)(&mut inputs)).poll(&mut task::Context::from_waker(Waker::noop()))
    }));
    let value = match built {
        Ok(Poll::Ready(built)) => built?,
        Ok(Poll::Pending) => {
            return Err(Error::msg(
                "its `build` waits for something; a renderer has to be made at once",
            ));
        }
        Err(panic) => return Err(panicked(&*panic)),
    };
    let Some(renders) = entry.renders else {
        return Err(Error::msg("it is no renderer"));
    };
    Ok((value.clone(), renders(value)))
}
