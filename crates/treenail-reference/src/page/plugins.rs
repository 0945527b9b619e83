//! The plugins, with their components and what those take.

use treenail_core::environment::spelling;

use super::link::link;
use super::parts::{Parts, Place, Taken, is_map};
use super::rows;
use crate::composition::{Component, Composition, Form, Kind, Need, Plugin, Scope};
use crate::document::{Block, Document, Inline, Row, anchor, code, joined, text};
use crate::example::{self, Node};
use crate::keys::Keys;
use crate::prose;
use crate::words::takes;

pub(super) fn tell(page: &mut Document, composition: &Composition, parts: Option<&Parts<'_>>) {
    for plugin in &composition.plugins {
        let title = vec![text("Plugin "), code(&plugin.id)];
        page.heading(2, anchor(&[&plugin.id]), title);
        page.say(prose::inlines(&plugin.description));
        page.say(about(plugin));
        let components = composition.components.iter();
        let components = components.filter(|one| one.plugin == plugin.id);
        for component in components.filter(|one| one.kind != Kind::Entry) {
            let title = vec![code(&component.id)];
            page.heading(3, anchor(&[&component.id]), title);
            page.say(prose::inlines(&component.description));
            page.list(facts(composition, component, parts));
            needs(page, composition, component);
            let taken = parts.and_then(|parts| Some((parts, parts.taken(&component.id)?)));
            if let Some((parts, taken)) = taken {
                keys(page, composition, component, parts, taken);
            }
        }
    }
}

fn about(plugin: &Plugin) -> Vec<Inline> {
    let version = &plugin.version;
    let mut line = vec![
        text("Package "),
        code(&plugin.package),
        text(format!(" {version}.")),
    ];
    if plugin.optional {
        line.push(text(
            " It is optional: the program starts without it where it fails.",
        ));
    }
    line
}

fn facts(
    composition: &Composition,
    component: &Component,
    parts: Option<&Parts<'_>>,
) -> Vec<Vec<Inline>> {
    let mut facts = vec![what_it_is(component)];
    if !component.provides.is_empty() {
        let provided = component.provides.iter().map(|one| vec![code(one)]);
        let mut line = vec![text("Provides ")];
        line.extend(joined(provided.collect(), ", ", " and "));
        facts.push(line);
    }
    let aliases = composition.aliases.iter();
    let names = aliases.filter(|(_, target)| **target == component.id);
    let names: Vec<_> = names.map(|(name, _)| vec![code(name)]).collect();
    if !names.is_empty() {
        let mut line = vec![text("Is called ")];
        line.extend(joined(names, ", ", " and "));
        line.push(text(" as well"));
        facts.push(line);
    }
    if let Some(taken) = parts.and_then(|parts| parts.taken(&component.id)) {
        facts.push(where_it_stands(composition, component, taken));
    }
    facts
}

fn what_it_is(component: &Component) -> Vec<Inline> {
    let mut needs = component.needs.iter();
    if let Some(inner) = needs.find(|need| need.form == Form::Inner) {
        let service = code(&inner.service);
        return vec![text("There is one around each provider of "), service];
    }
    let what = match (component.kind, component.scope) {
        (Kind::Hooks, _) => "Sets the plugin up, and cleans up after it",
        (Kind::Pipe, _) => "A step of the pipeline",
        (_, Scope::Singleton) => "There is one",
        (_, Scope::Instance) => "There are as many as the configuration names",
        (_, Scope::Transient) => "There is one for each that needs it",
        (_, Scope::Decorator) => "There is one around each provider of what it wraps",
    };
    vec![text(what)]
}

/// Where its configuration stands, and how its variables begin.
fn where_it_stands(
    composition: &Composition,
    component: &Component,
    taken: Taken<'_>,
) -> Vec<Inline> {
    let (root, id) = (&composition.root, &component.id);
    let variables = |path: &[&str]| {
        let names: Vec<String> = path.iter().map(|name| spelling(name)).collect();
        code(format!("{}__{}__…", spelling(root), names.join("__")))
    };
    match taken.place {
        Place::Components if taken.params.is_none() => vec![
            text("What is chosen for it stands under "),
            code(format!("{root}.injects.{id}")),
        ],
        Place::Components => vec![
            text("Configured under "),
            code(format!("{root}.components.{id}")),
            text("; its variables are "),
            variables(&["components", id]),
        ],
        Place::Services => vec![
            text("Configured under "),
            code(format!("{root}.services.{}", crate::keys::NAMED)),
            text(", with "),
            code(format!("use: \"{id}\"")),
            text("; the variables of one that is called "),
            code("main"),
            text(" are "),
            variables(&["services", "main"]),
        ],
        Place::Pipeline => vec![
            text("Configured where a step is, with "),
            code(format!("use: \"{id}\"")),
        ],
    }
}

const NEEDS: [&str; 3] = ["needs", "as", "from"];

fn needs(page: &mut Document, composition: &Composition, component: &Component) {
    let rows = component.needs.iter().map(|need| Row {
        anchor: String::new(),
        cells: vec![
            vec![code(&need.service)],
            vec![code(&need.field)],
            from(composition, component, need)
                .into_iter()
                .chain(wrapped(composition, need))
                .collect(),
        ],
    });
    page.table(&NEEDS, rows.collect());
}

/// What is around whoever meets a requirement.
fn wrapped(composition: &Composition, need: &Need) -> Vec<Inline> {
    match &need.wrapped_by {
        Some(decorator) => vec![text(", in "), link(composition, decorator)],
        None => Vec::new(),
    }
}

/// Who meets a requirement.
fn from(composition: &Composition, component: &Component, need: &Need) -> Vec<Inline> {
    let links = |ids: &[String]| {
        let ids = ids.iter().map(|id| vec![link(composition, id)]);
        ids.collect::<Vec<_>>()
    };
    let default = need.default.as_slice();
    let chosen = component.scope == Scope::Instance;
    match need.form {
        Form::Own => vec![text("the runtime")],
        Form::Inner => vec![text("what it wraps")],
        Form::Entries => vec![text("the entries of that registry")],
        _ if need.providers.is_empty() => vec![text("nobody; it does without")],
        Form::Every => {
            let mut line = vec![text("all of ")];
            line.extend(joined(links(&need.providers), ", ", " and "));
            line
        }
        Form::One | Form::Optional => {
            let mut line = joined(links(default), ", ", " or ");
            let others: Vec<String> = need
                .providers
                .iter()
                .filter(|one| !default.contains(one))
                .cloned()
                .collect();
            if line.is_empty() || (chosen && !others.is_empty()) {
                if !line.is_empty() {
                    line.push(text(", or what the configuration chooses of "));
                }
                line.extend(joined(links(&others), ", ", " or "));
            }
            if need.form == Form::Optional {
                line.push(text(", if there is any"));
            }
            line
        }
    }
}

fn keys(
    page: &mut Document,
    composition: &Composition,
    component: &Component,
    parts: &Parts<'_>,
    taken: Taken<'_>,
) {
    let schemas = parts.schemas;
    let is_single = taken.place == Place::Components;
    let mut found = Keys::new(schemas, std::iter::empty());
    if let Some(params) = taken.params {
        let shape = schemas.read(params);
        if !is_map(&shape.forms) {
            let mut line = vec![text("Its configuration is: ")];
            line.extend(takes(schemas, &shape));
            page.say(line);
        }
        if shape.forms.iter().any(rows::is_open) {
            page.say(vec![text("Further keys than these are allowed.")]);
        }
        found.part(if is_single { "" } else { "params" }, params);
    }
    if let Some(injects) = taken.injects.filter(|_| !is_single) {
        found.part("injects", injects);
    }
    let owner = anchor(&[&component.id]);
    rows::tell(page, composition, schemas, &owner, &found.found);
    if let Some(yaml) = example(composition, component, parts, taken) {
        page.blocks.push(Block::Yaml(yaml));
    }
}

/// The least that a configuration with this component says.
fn example(
    composition: &Composition,
    component: &Component,
    parts: &Parts<'_>,
    taken: Taken<'_>,
) -> Option<String> {
    let least = |at| example::least(parts.schemas, at);
    let (root, id) = (&composition.root, &component.id);
    let is_empty = |node: &Node| *node == Node::Map(Vec::new());
    let node = match taken.place {
        Place::Components => {
            let node = least(taken.params?)?;
            if is_empty(&node) {
                return None;
            }
            node.under(id).under("components")
        }
        Place::Services | Place::Pipeline => {
            let mut entries = vec![("use".to_owned(), Node::Plain(format!("\"{id}\"")))];
            if let Some(injects) = taken.injects.filter(|_| taken.has_to_choose) {
                entries.push(("injects".to_owned(), least(injects)?));
            }
            let params = taken.params.map(least);
            if let Some(params) = params {
                let params = params?;
                if !is_empty(&params) && params != Node::Plain("null".to_owned()) {
                    entries.push(("params".to_owned(), params));
                }
            }
            let node = Node::Map(entries);
            match taken.place {
                Place::Pipeline => node.under("orchestrator"),
                _ => node.under("main").under("services"),
            }
        }
    };
    Some(node.under(root).print())
}
