//! `cargo treenail why`

#[cfg(test)]
mod tests;
mod told;
mod way;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use treenail_core::nearest::nearest;

use crate::check::status;
use crate::description::Description;
use crate::package::Package;

pub(crate) use told::Told;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// A plugin, a component, a service, a registry, the key of an entry, another name of one of them, a key of `[host]`, or a lint
    #[arg(value_name = "WHAT")]
    what: String,
    /// A setting of it, such as `deadline.start`, or the field of something that it needs
    #[arg(value_name = "SETTING")]
    setting: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let Some(description) = Description::of(&arguments.package)? else {
        return Ok(status(true));
    };
    let (what, setting) = (&arguments.what, arguments.setting.as_deref());
    let told = why(&description, what, setting).map_err(io::Error::other)?;
    io::stdout().write_all(told.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// All that is known of what has this name; an error that says what may have been meant.
fn why(description: &Description, what: &str, setting: Option<&str>) -> Result<String, String> {
    // A shell makes two words of a trait's name.
    if let ("dyn", Some(path)) = (what, setting) {
        return why(description, &format!("dyn {path}"), None);
    }
    let mut told = Told::of(description);
    match setting {
        Some(key) => {
            told.settings(|one| one.name == what && one.key == key);
            let component = description.component(what).into_iter();
            let mut needs = component.flat_map(|one| &one.needs);
            let need = needs.find(|need| need.field == key);
            if let Some(service) = need.and_then(|need| description.service(&need.service)) {
                told.service(service);
            }
        }
        None => everything(&mut told, what),
    }
    if let Some(first) = told.lines.first() {
        // A setting alone is no part of something else.
        let indent = if first.starts_with("  ") { "  " } else { "" };
        let lines = told.lines.iter();
        let lines = lines.map(|line| line.strip_prefix(indent).unwrap_or(line));
        return Ok(lines.map(|line| format!("{line}\n")).collect());
    }
    let known = names(description);
    if let Some(key) = setting.filter(|_| known.contains(&what)) {
        let keys = description.settings.iter().filter(|one| one.name == what);
        let keys: Vec<String> = keys.map(|one| format!("`{}`", one.key)).collect();
        let said = match keys.is_empty() {
            true => String::new(),
            false => format!(", but {}", keys.join(", ")),
        };
        return Err(format!("nobody says `{key}` of `{what}`{said}"));
    }
    let meant = nearest(what, known.iter().copied());
    let meant = meant.map(|meant| format!(": did you mean `{meant}`?"));
    Err(format!(
        "nothing in this composition is called `{what}`{}",
        meant.unwrap_or_default()
    ))
}

/// Every name that may be asked for.
fn names(description: &Description) -> Vec<&str> {
    let mut names: Vec<&str> = description
        .plugins
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    names.extend(description.components.iter().map(|one| one.id.as_str()));
    names.extend(description.services.iter().map(|one| one.name.as_str()));
    names.extend(description.services.iter().map(|one| last(&one.name)));
    names.extend(description.left_out.iter().map(|one| one.name.as_str()));
    let absent = description.needs_feature.iter();
    names.extend(absent.flat_map(|one| &one.names).map(String::as_str));
    names.extend(description.aliases.keys().map(String::as_str));
    for registry in &description.registries {
        names.push(&registry.name);
        names.extend(registry.entries.iter().map(|one| one.key.as_str()));
        names.extend(registry.left_out.iter().map(|one| one.key.as_str()));
    }
    let host = description.settings.iter().filter(|one| one.kind == "host");
    names.extend(host.map(|one| one.key.as_str()));
    let lints = description.settings.iter().filter(|one| one.kind == "lint");
    names.extend(lints.map(|one| one.name.as_str()));
    names
}

/// The name of a type without its path.
fn last(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// Tells all that is known by this name.
fn everything(told: &mut Told<'_>, what: &str) {
    let all = told.description;
    for one in &all.plugins {
        if one.id == what || one.package == what {
            told.plugin(one);
        }
    }
    if let Some(one) = all.component(what) {
        told.component(one);
    }
    let is_called =
        |name: &str| name == what || name.strip_prefix("dyn ") == Some(what) || last(name) == what;
    for one in all.services.iter().filter(|one| is_called(&one.name)) {
        if !all.registries.iter().any(|other| other.key == one.key) {
            told.service(one);
        }
    }
    for one in &all.registries {
        if is_called(&one.name) {
            told.registry(one);
        }
        for entry in one.entries.iter().filter(|entry| entry.key == what) {
            told.entry(one, entry);
        }
        for entry in one.left_out.iter().filter(|entry| entry.key == what) {
            told.left_out_entry(one, entry);
        }
    }
    if let Some(one) = all.left_out(what) {
        told.left_out(one, "");
    }
    if let Some(features) = all.features_for(what) {
        told.needs_feature(what, features);
    }
    if let Some(target) = all.aliases.get(what) {
        told.alias(what, target);
        everything(told, target);
    }
    told.settings(|one| one.kind == "host" && one.key == what);
    told.settings(|one| one.kind == "lint" && one.name == what);
}
