//! `cargo treenail why`

#[cfg(test)]
mod tests;
mod told;
mod way;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use treenail_core::nearest::nearest;

use crate::check::{report, status};
use crate::description::{Description, Setting};
use crate::package::Package;
use told::{component, entry, left_out, plugin, registry, service, settings, statement};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// A plugin, a component, a service, a registry, the key of an entry, another name of one of them, or a key of `[host]`
    #[arg(value_name = "WHAT")]
    what: String,
    /// A setting of it, such as `deadline.start`
    #[arg(value_name = "SETTING")]
    setting: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let composed = arguments.package.compose_one()?;
    report([&composed].into_iter())?;
    let Some(description) = composed.describe() else {
        return Ok(status(composed.has_errors()));
    };
    let description = Description::read(&description)?;
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
    let told = match setting {
        Some(key) => settings(description, |one| one.name == what && one.key == key),
        None => everything(description, what),
    };
    if !told.is_empty() {
        let told = told.iter().map(|line| match setting {
            Some(_) => line.strip_prefix("  ").unwrap_or(line),
            None => line,
        });
        return Ok(told.map(|line| format!("{line}\n")).collect());
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
    names
}

/// The name of a type without its path.
fn last(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

fn everything(description: &Description, what: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for one in description
        .plugins
        .iter()
        .filter(|one| one.id == what || one.package == what)
    {
        lines.extend(plugin(description, one));
    }
    if let Some(one) = description.component(what) {
        lines.extend(component(description, one));
    }
    let is_called =
        |name: &str| name == what || name.strip_prefix("dyn ") == Some(what) || last(name) == what;
    for one in description
        .services
        .iter()
        .filter(|one| is_called(&one.name))
    {
        let is_registry = description
            .registries
            .iter()
            .any(|other| other.key == one.key);
        if !is_registry {
            lines.extend(service(description, one));
        }
    }
    for one in &description.registries {
        if is_called(&one.name) {
            lines.extend(registry(description, one));
        }
        let entries = one.entries.iter().filter(|entry| entry.key == what);
        lines.extend(entries.flat_map(|known| entry(description, one, known)));
        let left_out = one.left_out.iter().filter(|entry| entry.key == what);
        lines.extend(left_out.map(|entry| {
            let at = entry.at.as_ref().map(|at| format!(", {at}"));
            let (why, at) = (&entry.why, at.unwrap_or_default());
            format!(
                "entry `{what}` of `{}`, of `{}`: {why}{at}",
                one.name, entry.plugin
            )
        }));
    }
    for one in description.left_out.iter().filter(|one| one.name == what) {
        lines.extend(left_out(description, one));
    }
    for one in &description.needs_feature {
        if one.names.iter().any(|name| name == what) {
            lines.push(format!(
                "`{what}` is not there: it needs feature `{}`",
                one.features.join("`, `")
            ));
        }
    }
    if let Some(target) = description.aliases.get(what) {
        let line = description.setting("alias", what, "target");
        let line = line.map_or_else(|| format!("`{target}`"), |line| statement(&line.counts));
        lines.push(format!("`{what}` is another name of {line}"));
        lines.extend(everything(description, target));
    }
    let is_of_host = |one: &Setting| one.kind == "host" && one.key == what;
    lines.extend(settings(description, is_of_host));
    lines
}
