//! What lets the host's code ask `App` for services.

use super::chunk::Chunk;
use super::host::SERVICES;
use super::printer::Printer;
use super::table::option;
use super::type_names::in_rust;
use crate::model::{Component, ComponentIx, OwnType, Scope, Service};

impl Printer<'_> {
    pub(super) fn services(&self) -> Vec<Chunk> {
        let losers = self.losers();
        let mut chunks = Vec::new();
        for (number, service) in self.plan.services.indexed() {
            let Some(path) = &service.host_path else {
                continue;
            };
            // Types of components are told one by one.
            if !service.is_dyn() {
                continue;
            }
            let path = self.types.get_path(path);
            let mut code = String::new();
            if service.winner.is_some() {
                code.push_str(&self.got(path, &format!("s{number}"), service.optional));
            }
            if !service.providers.is_empty() {
                let providers = service.providers.iter().map(|provider| {
                    let handed_out = service.wrapped_by.unwrap_or(*provider);
                    (*provider, self.handed_out(handed_out, number))
                });
                let providers: Vec<_> = providers.collect();
                code.push_str(&self.each(path, &providers, service.wrapped_by));
            }
            code.push_str(&self.all(number, path, &losers[number]));
            if !code.is_empty() {
                chunks.push(Chunk::new(code));
            }
        }
        chunks
    }

    /// What hands out a field of `App`.
    pub(super) fn got(&self, path: &str, field: &str, is_optional: bool) -> String {
        let runtime = self.runtime;
        if is_optional {
            format!(
                "impl {runtime}::OptionallyProvidedBy<App> for {path} {{ #[inline] fn optionally_provided_by(app: &App) -> ::std::option::Option<&::std::sync::Arc<Self>> {{ {SERVICES}(app).{field}.as_ref() }} }}"
            )
        } else {
            self.got_by(path, &format!("&{SERVICES}(app).{field}"))
        }
    }

    /// What hands out what an expression says.
    pub(super) fn got_by(&self, path: &str, expression: &str) -> String {
        format!(
            "impl {}::ProvidedBy<App> for {path} {{ #[inline] fn provided_by(app: &App) -> &::std::sync::Arc<Self> {{ {expression} }} }}",
            self.runtime
        )
    }

    /// What makes the providers of a service known one by one, each with the method that makes what is handed out of it the service.
    pub(super) fn each(
        &self,
        path: &str,
        providers: &[(ComponentIx, String)],
        wrapped_by: Option<ComponentIx>,
    ) -> String {
        let private = format!("{}::__private", self.runtime);
        let providers = providers.iter().map(|(component, handed_out)| {
            format!("({component}, {private}::Value::{handed_out})")
        });
        let providers = providers.collect::<Vec<_>>().join(", ");
        let wrapped_by = wrapped_by.map(|decorator| {
            let decorator = option(Some(&decorator));
            format!("const WRAPPED_BY: ::std::option::Option<usize> = {decorator};")
        });
        let wrapped_by = wrapped_by.unwrap_or_default();
        format!(
            "impl {}::EachProvidedBy<App> for {path} {{ const PROVIDERS: &'static [{private}::Provider<Self>] = &[{providers}]; {wrapped_by} }}",
            self.runtime
        )
    }

    /// The services that generated code hands out by names of the host's own manifest.
    pub(super) fn checked(&self) -> Option<Chunk> {
        let of = |what: &str, is_so: fn(&Service) -> bool, own: &dyn Fn(&Component) -> bool| {
            let services = self.plan.services.iter().filter(|service| is_so(service));
            let paths = services.filter_map(|service| service.host_path.clone());
            let components = self.plan.components.iter();
            let own = components.filter(|one| self.plan.plugins[one.plugin].own && own(one));
            let paths = paths.chain(own.map(|one| in_rust(&one.ty)));
            let what = format!("{what} of App");
            self.types.checked(self.runtime, &what, paths)
        };
        let is_one = |it: &Component| it.own == OwnType::One;
        let code = [
            of(
                "services",
                |it| it.winner.is_some() && !it.optional,
                &|it| is_one(it) && !self.is_optional(it),
            ),
            of(
                "optional services",
                |it| it.winner.is_some() && it.optional,
                &|it| is_one(it) && self.is_optional(it),
            ),
            of("several services", |it| !it.providers.is_empty(), &|it| {
                it.own != OwnType::Nothing && it.scope == Scope::Instance
            }),
        ];
        let code = code.concat();
        (!code.is_empty()).then(|| Chunk::new(code))
    }
}
