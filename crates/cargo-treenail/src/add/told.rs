//! Says what a new plugin brings, what it needs, and what is different with it.

use std::io;
use std::path::Path;

use super::dependency::Dependency;
use crate::description::{Component, Description, Need, Service};
use crate::diff::differences;
use crate::output::note;
use crate::selection::{listed, shown};

/// Says it; without a composition, only what was done.
pub(super) fn tell(
    plugin: &Dependency,
    folder: &Path,
    old: Option<&Description>,
    new: Option<&Description>,
) -> io::Result<()> {
    let Dependency {
        package,
        version,
        called,
        switched_on_by,
        feature,
        ..
    } = plugin;
    let is_here = std::env::current_dir()? == folder;
    let from = match is_here {
        true => String::new(),
        false => format!(" --manifest-path {}", shown(&folder.join("Cargo.toml"))?),
    };
    let mut lines = vec![format!("plugin `{package}` {version} is a dependency now")];
    lines.extend(
        feature
            .iter()
            .map(|feature| format!("  with its feature `{feature}`, which makes it a plugin")),
    );
    lines.extend(switched_on_by.iter().map(|feature| {
        format!("  switched on by feature `{feature}`: `cargo build --features {feature}`")
    }));
    match new {
        Some(new) => {
            if let Some(old) = old {
                lines.extend(differences(old, new).lines().map(str::to_owned));
            }
            lines.extend(brought(new, package));
            if !new.plugins.iter().any(|one| one.package == *package) {
                lines.push("  it takes no part in the composition as that is now".to_owned());
            }
        }
        None => lines.push(format!(
            "  `cargo remove {called}{from}` takes it out again"
        )),
    }
    note(format_args!("{}", lines.join("\n")))
}

/// What the components of a package provide and need, and who answers; and which of them are configured.
fn brought(all: &Description, package: &str) -> Vec<String> {
    let plugins = all.plugins.iter().filter(|one| one.package == package);
    let ids: Vec<&str> = plugins.map(|one| one.id.as_str()).collect();
    let own = all
        .components
        .iter()
        .filter(|one| ids.contains(&one.plugin.as_str()));
    let sections: [(&str, Lines); 3] = [
        ("provides", provides),
        ("needs", needs),
        ("configured", configured),
    ];
    let mut told = Vec::new();
    for (heading, section) in sections {
        let lines: Vec<String> = own.clone().flat_map(|one| section(all, one)).collect();
        if !lines.is_empty() {
            told.push(format!("{heading}:"));
            told.extend(lines.into_iter().map(|line| format!("  {line}")));
        }
    }
    told
}

type Lines = fn(&Description, &Component) -> Vec<String>;

/// Its own type everybody can ask for.
fn provides(all: &Description, component: &Component) -> Vec<String> {
    let services = component.provides.iter().filter_map(|key| all.service(key));
    let services = services.filter(|one| one.name.starts_with("dyn "));
    let lines = services.map(|one| {
        let answer = match component.scope.as_str() {
            "instance" => "where the configuration names it".to_owned(),
            _ => format!("{} answers", one.answer()),
        };
        format!("`{}` by `{}`: {answer}", one.name, component.id)
    });
    lines.collect()
}

/// What is not of the component alone.
fn needs(all: &Description, component: &Component) -> Vec<String> {
    let own = ["inner", "handle", "app_handle"];
    let needs = component.needs.iter();
    let needs = needs.filter(|need| !own.contains(&need.form.as_str()));
    let lines = needs.map(|need| {
        let (name, field) = (all.name(&need.service), &need.field);
        format!(
            "`{name}` as `{field}` of `{}`: {}",
            component.id,
            answer(all, need)
        )
    });
    lines.collect()
}

/// Who answers a requirement.
fn answer(all: &Description, need: &Need) -> String {
    if need.form == "registry" {
        let registry = all.registries.iter().find(|one| one.key == need.service);
        let entries = registry.map_or(0, |one| one.entries.len());
        return format!("{entries} entries");
    }
    let service = all.service(&need.service);
    match (&need.default, need.is_for_one()) {
        _ if need.named => "the configuration says which".to_owned(),
        (Some(one), _) => format!("`{one}` answers"),
        (None, true) => {
            let answer = service.map_or_else(|| "nobody".to_owned(), Service::answer);
            format!("{answer} answers")
        }
        (None, false) => match listed(need.providers.iter()) {
            Some(all) => format!("{all} answer"),
            None => "nobody answers".to_owned(),
        },
    }
}

fn configured(all: &Description, component: &Component) -> Vec<String> {
    let (id, root) = (&component.id, &all.host.root);
    let line = match component.scope.as_str() {
        "instance" => format!("`{id}` by its instances, under `{root}.services`"),
        _ => format!("`{id}`, under `{root}.components`"),
    };
    component.configured.then_some(line).into_iter().collect()
}
