//! The template renderer in force: which one it is, and how it is made before everything else.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::document::Check;
use super::node::{Node, Origin};
use super::path::Path;
use super::problem::ProblemKind;
use crate::component::AnyComponent;
use crate::container::{ConfigSource, Inputs, Plan, Scope, Slots};
use crate::template::{Rendered, Template, TemplateRenderer, TemplateScope};
use crate::{Error, Handle, Result};

/// The component in force as the renderer, made or not.
pub(super) struct InForce {
    pub(super) component: usize,
    /// The service that it is; `None` for a singleton.
    pub(super) service: Option<String>,
    pub(super) config: Option<ConfigSource>,
    /// The same value stands in the application later.
    pub(super) value: Option<AnyComponent>,
}

/// A component that renders, where the configuration or the composition has it.
struct Candidate<'n> {
    component: usize,
    service: Option<(&'n str, &'n Node)>,
}

impl Check<'_> {
    /// Puts one renderer in force, before any template is looked at. The built-in one stays where nothing names another.
    /// Of several the first is taken, so that more than this is said about the templates.
    pub(super) fn put_renderer_in_force(&mut self, root: &Node, path: &Path<'_>) {
        let candidates = self.candidates(root);
        let services = path.key("services");
        let Some(chosen) = candidates.first() else {
            return;
        };
        if candidates.len() > 1 {
            let names = candidates.iter().map(|one| self.name_of(one)).collect();
            let origin = root.get("services").map_or(root.origin, |node| node.origin);
            let kind = ProblemKind::SeveralRenderers { names };
            self.problems.add(&services, origin, kind);
        }
        let component = chosen.component;
        let id = self.table.components[component].id;
        let components = path.key("components");
        let (place, node, params) = match chosen.service {
            Some((name, node)) => (services.key(name), Some(node), "params"),
            None => (components, root.get("components"), id),
        };
        let origin = node.map_or(Origin::default(), |node| node.origin);
        let empty = Node::empty(origin);
        let given = node
            .and_then(|node| node.get(params))
            .filter(|node| !node.is_null());
        let before = self.problems.len();
        let config = self.plain_config(component, given.unwrap_or(&empty), &place.key(params));
        let made = if self.problems.len() == before {
            self.make(component, config.clone()).map_err(Some)
        } else {
            Err(None)
        };
        let value = match made {
            Ok((value, renderer)) => {
                self.renderer = renderer;
                Some(value)
            }
            Err(error) => {
                self.renderer = Arc::new(Unavailable);
                self.renderer_lost = true;
                if let Some(error) = error {
                    let kind = ProblemKind::Renderer {
                        component: id.to_owned(),
                        message: self.redactor.redact(&format!("{error:#}")).into_owned(),
                    };
                    self.problems.add(&place, origin, kind);
                }
                None
            }
        };
        self.in_force = Some(InForce {
            component,
            service: chosen.service.map(|(name, _)| name.to_owned()),
            config,
            value,
        });
    }

    /// The services that render; without any, the singletons that do.
    fn candidates<'n>(&self, root: &'n Node) -> Vec<Candidate<'n>> {
        let renders = |component: &usize| self.table.components[*component].renders.is_some();
        let services = root.get("services").and_then(Node::entries);
        let named: Vec<Candidate<'n>> = services
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| {
                let component = self.names.component(entry.value.get("use")?.text()?)?;
                let service = Some((entry.key.as_str(), &entry.value));
                Some(Candidate { component, service })
            })
            .filter(|candidate| renders(&candidate.component))
            .collect();
        if !named.is_empty() {
            return named;
        }
        (0..self.table.components.len())
            .filter(renders)
            .filter(|component| self.table.components[*component].scope == Scope::Singleton)
            .map(|component| Candidate {
                component,
                service: None,
            })
            .collect()
    }

    fn name_of(&self, candidate: &Candidate<'_>) -> String {
        let id = self.table.components[candidate.component].id;
        candidate.service.map_or(id, |(name, _)| name).to_owned()
    }

    /// Builds it at once: there is nothing yet that it could wait for.
    fn make(
        &self,
        component: usize,
        config: Option<ConfigSource>,
    ) -> Result<(AnyComponent, Arc<dyn TemplateRenderer>)> {
        let entry = &self.table.components[component];
        if let Some(need) = entry.needs.first() {
            return Err(Error::msg(format!(
                "it requires `{}`, and a renderer is made before everything else",
                need.service
            )));
        }
        let plan = Arc::new(Plan::only(component, entry.id, config));
        let handle = Handle::detached(entry.id);
        let slots = Arc::new(Slots::new(1));
        let mut inputs = Inputs::new(plan, slots, (*handle).clone(), 0);
        let built = catch_unwind(AssertUnwindSafe(|| {
            (entry.build)(&mut inputs)
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
        }));
        let value = match built {
            Ok(Poll::Ready(built)) => built?,
            Ok(Poll::Pending) => {
                return Err(Error::msg(
                    "its `build` waits for something; a renderer has to be made at once",
                ));
            }
            Err(panic) => return Err(crate::error::panicked(&*panic)),
        };
        let Some(renders) = entry.renders else {
            return Err(Error::msg("it is no renderer"));
        };
        Ok((value.clone(), renders(value)))
    }
}

/// Stands in for a renderer that cannot be had: any text may be a template, and none is rendered.
pub(super) struct Unavailable;

impl TemplateRenderer for Unavailable {
    fn compile(&self, _: &str) -> Result<Option<Arc<dyn Template>>> {
        Ok(Some(Arc::new(Self)))
    }
}

impl Template for Unavailable {
    fn render(&self, _: &Arc<TemplateScope>) -> Result<Rendered> {
        Ok(Rendered::value(serde_json::Value::Null))
    }
}
