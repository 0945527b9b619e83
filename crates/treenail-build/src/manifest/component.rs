//! `[[component]]`. It is the longest section of a manifest, and each of its keys is read on where another is wrong.

use super::keys;
use super::reader::Reader;
use super::value::{Entry, Table};
use super::words::{KINDS, RELOADS, SCOPES};
use crate::diagnostic::mistake::{
    DoesNotApply, DuplicateComponent, Misfit, NameOf, TypeDeclaredTwice,
};
use crate::key_map::KeyMap;
use crate::model::Root;
use crate::model::type_path::PathFault;
use crate::model::{ComponentDecl, Kind, Layer, Need, Reload, Scope, TypeExpr};
use crate::source::{Located, Origin};

impl Reader<'_> {
    /// The components of a layer. Of two with one name, or of one type, the first is kept. Those that are there only under
    /// a condition are compared when it is known whether it holds.
    pub(super) fn components(&mut self, entry: &Entry<'_>, layer: &mut Layer, prefix: &str) {
        let title = format!("[[{prefix}component]]");
        let expected = format!("tables headed `{title}`");
        let Some(entries) = self.array(entry, &expected) else {
            entry.absorb_into(&mut layer.poison);
            return;
        };
        let mut names: KeyMap<String, Origin> = KeyMap::new();
        let mut types: KeyMap<String, (String, Origin)> = KeyMap::new();
        for ComponentDecl { name, ty, .. } in &layer.components {
            names.insert(name.value.clone(), name.origin);
            types.insert(ty.value.to_string(), (name.value.clone(), ty.origin));
        }
        layer.components.reserve_exact(entries.len());
        for entry in &entries {
            let Some(component) = self.component(entry, &title, &expected, layer) else {
                continue;
            };
            if component.when.is_some() {
                layer.components.push(component);
                continue;
            }
            let (name, ty) = (&component.name, &component.ty);
            let is_twice = if let Some(first) = names.get(&name.value) {
                let problem = DuplicateComponent {
                    id: name.value.clone(),
                    first: *first,
                };
                self.problems.report(problem, name.origin);
                true
            } else if let Some((first, first_at)) = types.get(&ty.value.to_string()) {
                let problem = TypeDeclaredTwice {
                    ty: ty.value.to_string(),
                    first: first.clone(),
                    second: name.value.clone(),
                    first_at: *first_at,
                };
                self.problems.report(problem, ty.origin);
                true
            } else {
                types.insert(ty.value.to_string(), (name.value.clone(), ty.origin));
                false
            };
            names.entry(name.value.clone()).get_or_insert(name.origin);
            if is_twice {
                layer.poison.leave_out(&component);
            } else {
                layer.components.push(component);
            }
        }
    }

    fn component(
        &mut self,
        entry: &Entry<'_>,
        title: &str,
        expected: &str,
        layer: &mut Layer,
    ) -> Option<ComponentDecl> {
        let Some(mut table) = self.table(entry, &keys::COMPONENT, title, expected) else {
            entry.absorb_into(&mut layer.poison);
            return None;
        };
        let guess = guess_name(&table);
        let is_named = table.get("name").is_some();
        let ty = self.required(&mut table, "type", Self::own);
        let name = self.component_name(&mut table, ty.as_ref());
        match (ty, name) {
            (Some(ty), Some(name)) => self.body(table, Some((ty, name)), layer),
            (ty, _) => {
                let nameless = Located {
                    value: String::new(),
                    origin: table.at,
                };
                self.body(table, ty.map(|ty| (ty, nameless)), layer);
                layer.poison.provides.absorb(entry.strings());
                layer.poison.needs.absorb(entry.strings());
                layer.poison.nameless |= guess.is_none();
                if !is_named {
                    layer.poison.misnamed.insert(String::new());
                }
                layer.poison.components.extend(guess);
                None
            }
        }
    }

    /// Everything but type and name; a component without them is still read for its mistakes.
    fn body(
        &mut self,
        mut table: Table<'_>,
        identity: Option<(Located<TypeExpr>, Located<String>)>,
        layer: &mut Layer,
    ) -> Option<ComponentDecl> {
        let before = self.problems.len();
        let kind = match table.take("kind") {
            Some(entry) => self.choice(&entry, KINDS),
            None => Some(Kind::Service),
        };
        let scope = self.scope(&mut table);
        let called = identity.as_ref().map_or("", |(_, name)| &name.value);
        self.misfits(&table, kind, scope.as_ref(), called);
        let own = identity.as_ref().map(|(ty, _)| ty);
        let provides = table.take("provides");
        let nothing = provides.as_ref().filter(|entry| entry.is_empty_array());
        let provides_nothing = nothing.map(|entry| entry.at);
        let provides = self.provides(provides, own, layer);
        let decorate = table.take("decorate");
        let requires = table.take("requires");
        let needs = self.needs(requires, decorate.is_some(), layer);
        let decorate = decorate.and_then(|entry| self.service(&entry));
        let decorate = decorate.and_then(|ty| self.must_be_dyn(ty));
        let mut input = |key| self.concrete(&table.take(key)?);
        let (config, params) = (input("config"), input("params"));
        let description = self.value(&mut table, "description", Self::text);
        let earlier = self.value(&mut table, "before", Self::ids);
        let later = self.value(&mut table, "after", Self::ids);
        let terms = self.terms(&mut table, false);
        let reload = self.reload(&mut table, config.is_some(), called);
        let when = self.when(&mut table).unwrap_or_default();
        for unknown in table.untaken() {
            layer.poison.provides.absorb(unknown.strings());
            layer.poison.needs.absorb(unknown.strings());
        }
        self.finish(&table);
        let (ty, name) = identity?;
        let mut component = ComponentDecl {
            origin: table.at,
            ty,
            name,
            description,
            kind: kind.unwrap_or_default(),
            scope: scope.map_or_else(Scope::default, |scope| scope.value),
            provides,
            provides_nothing,
            needs,
            config,
            params,
            decorate,
            before: earlier.unwrap_or_default(),
            after: later.unwrap_or_default(),
            terms,
            reload: reload.unwrap_or_default(),
            when,
            partial: table.broken || self.problems.len() > before,
        };
        // Nothing is lost by these.
        self.once("provides", &mut component.provides);
        self.once("before", &mut component.before);
        self.once("after", &mut component.after);
        Some(as_it_counts(component, layer))
    }

    /// A type of the manifest's own package.
    pub(super) fn own(&mut self, entry: &Entry<'_>) -> Option<Located<TypeExpr>> {
        let ty = self.concrete(entry)?;
        if ty.value.root() != Root::Own {
            return self.not_a_path(&ty.value.to_string(), PathFault::NotOwn, ty.origin);
        }
        Some(ty)
    }

    /// `name`, by default the type's own.
    fn component_name(
        &mut self,
        table: &mut Table<'_>,
        ty: Option<&Located<TypeExpr>>,
    ) -> Option<Located<String>> {
        if let Some(entry) = table.take("name") {
            return self.name(&entry, NameOf::Component);
        }
        let ty = ty?;
        let name = Located {
            value: ty.value.last_ident().to_owned(),
            origin: ty.origin,
        };
        self.named(name, NameOf::Component)
    }

    /// `scope`, with the place of its key.
    fn scope(&mut self, table: &mut Table<'_>) -> Option<Located<Scope>> {
        let entry = table.take("scope")?;
        let value = self.choice(&entry, SCOPES)?;
        let origin = entry.key_at;
        Some(Located { value, origin })
    }

    /// `reload`. Without a `config` nothing can be handed to a component that runs.
    fn reload(
        &mut self,
        table: &mut Table<'_>,
        is_configured: bool,
        component: &str,
    ) -> Option<Reload> {
        let entry = table.take("reload")?;
        let reload = self.choice(&entry, RELOADS)?;
        if reload == Reload::Reconfigure && !is_configured && table.get("config").is_none() {
            let problem = DoesNotApply {
                key: "reload".to_owned(),
                component: component.to_owned(),
                misfit: Misfit::Unconfigured,
            };
            self.problems.report(problem, entry.at);
        }
        Some(reload)
    }

    /// Keys that do not go with what the component is.
    fn misfits(
        &mut self,
        table: &Table<'_>,
        kind: Option<Kind>,
        scope: Option<&Located<Scope>>,
        component: &str,
    ) {
        let mut report = |key: &str, at: Origin, misfit: Misfit| {
            let problem = DoesNotApply {
                key: key.to_owned(),
                component: component.to_owned(),
                misfit,
            };
            self.problems.report(problem, at);
        };
        let decorates = table.get("decorate").is_some();
        let mut only = |one: Scope, misfit: Misfit| {
            if let Some(scope) = scope.filter(|scope| scope.value != one) {
                report("scope", scope.origin, misfit);
            }
        };
        let keys: &[(&str, Misfit)] = match kind {
            Some(Kind::Pipe) => {
                only(Scope::Instance, Misfit::Pipe);
                &[
                    ("config", Misfit::Pipe),
                    ("provides", Misfit::Pipe),
                    ("decorate", Misfit::Pipe),
                ]
            }
            Some(Kind::Service) if decorates => {
                only(Scope::Singleton, Misfit::Decorator);
                &[("params", Misfit::Service), ("provides", Misfit::Decorator)]
            }
            Some(Kind::Service) => &[("params", Misfit::Service)],
            Some(Kind::Hooks | Kind::Entry) | None => &[],
        };
        for (key, misfit) in keys {
            if let Some(entry) = table.get(key) {
                report(key, entry.key_at, *misfit);
            }
        }
    }

    fn provides(
        &mut self,
        entry: Option<Entry<'_>>,
        own: Option<&Located<TypeExpr>>,
        layer: &mut Layer,
    ) -> Vec<Located<TypeExpr>> {
        let Some(entry) = entry else {
            return Vec::new();
        };
        let Some(entries) =
            self.array(&entry, "an array of services, like `[\"dyn path::Trait\"]`")
        else {
            poison_provides(&entry, layer);
            return Vec::new();
        };
        let mut services: Vec<Located<TypeExpr>> = Vec::with_capacity(entries.len());
        for entry in &entries {
            let service = self.service(entry).and_then(|ty| match own {
                Some(own) if own.value == ty.value => Some(ty),
                _ => self.must_be_dyn(ty),
            });
            if service.is_none() {
                poison_provides(entry, layer);
            }
            services.extend(service);
        }
        services
    }

    /// A trait object, where nothing else can stand.
    fn must_be_dyn(&mut self, ty: Located<TypeExpr>) -> Option<Located<TypeExpr>> {
        if ty.value.is_dyn {
            return Some(ty);
        }
        self.not_a_path(&ty.value.to_string(), PathFault::MissingDyn, ty.origin)
    }

    /// A type that is not a trait object.
    pub(super) fn concrete(&mut self, entry: &Entry<'_>) -> Option<Located<TypeExpr>> {
        let ty = self.ty(entry)?;
        if ty.value.is_dyn {
            return self.not_a_path(&ty.value.to_string(), PathFault::UnexpectedDyn, ty.origin);
        }
        Some(ty)
    }

    /// `requires`
    pub(super) fn needs(
        &mut self,
        entry: Option<Entry<'_>>,
        decorates: bool,
        layer: &mut Layer,
    ) -> Vec<Need> {
        let Some(entry) = entry else {
            return Vec::new();
        };
        let expected =
            "a table of fields with the service of each, like `{ http = \"dyn path::Trait\" }`";
        let Some(lines) = self.lines(&entry, "`requires`", expected) else {
            layer.poison.needs.absorb(entry.strings());
            return Vec::new();
        };
        let mut needs = Vec::with_capacity(lines.len());
        for line in &lines {
            let need = self.need(line, decorates);
            if need.is_none() {
                layer.poison.needs.absorb(line.strings());
            }
            needs.extend(need);
        }
        needs
    }

    fn ids(&mut self, entry: &Entry<'_>) -> Option<Vec<Located<String>>> {
        let entries = self.array(entry, "an array of component ids, like `[\"plugin:Name\"]`")?;
        let ids = entries.iter().filter_map(|one| self.component_id(one));
        Some(ids.collect())
    }
}

/// The name that a component was probably meant to have, where its type or name cannot be used.
fn guess_name(table: &Table<'_>) -> Option<String> {
    let text = |key| table.get(key).map(Entry::strings);
    let text = text("name").or_else(|| text("type"))?.pop()?;
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.rfind(|word| !word.is_empty()).map(str::to_owned)
}

/// A pipe is an instance and nobody's service, and a decorator provides nothing; anything else has been reported.
fn as_it_counts(mut component: ComponentDecl, layer: &mut Layer) -> ComponentDecl {
    let is_pipe = component.kind == Kind::Pipe;
    if !is_pipe && component.decorate.is_none() {
        return component;
    }
    let provides = component.provides.drain(..);
    let texts = provides.map(|service| service.value.to_string());
    layer.poison.provides.absorb(texts);
    component.scope = Scope::Singleton;
    if is_pipe {
        component.scope = Scope::Instance;
        component.config = None;
        component.decorate = None;
    }
    component
}

/// Remembers a service that could not be read.
fn poison_provides(entry: &Entry<'_>, layer: &mut Layer) {
    let texts = entry.strings();
    layer.poison.provides.absorb(if texts.is_empty() {
        vec![String::new()]
    } else {
        texts
    });
}
