//! `cargo treenail features`: what a configuration needs of a program.

mod named;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use treenail_core::features::{Feature, command_line, fewest};

use crate::check::status;
use crate::description::{Component, Description, Need};
use crate::output::note;
use crate::selection::{Selection, Which};
use named::Named;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// The configuration file of the application
    #[arg(long, short, value_name = "FILE")]
    config: PathBuf,
}

pub(crate) fn run(arguments: Arguments) -> io::Result<ExitCode> {
    let selection = Selection {
        which: arguments.which,
        config: Vec::new(),
    };
    let composer = selection.composer(&selection.one()?.folder)?;
    let composed = composer.shown_from(std::env::current_dir()?).compose();
    let Some(description) = Description::composed(&composed)? else {
        return Ok(status(true));
    };
    let needed = Needed::of(&description, &arguments.config)?;
    let file = arguments.config.display();
    let plugins: Vec<&str> = needed.plugins.iter().map(String::as_str).collect();
    match plugins.is_empty() {
        true => note(format_args!("{file} needs no plugin"))?,
        false => note(format_args!("{file} needs {}", plugins.join(", ")))?,
    }
    let line = command_line(needed.features.iter().map(String::as_str));
    writeln!(io::stdout(), "{line}")?;
    Ok(ExitCode::SUCCESS)
}

/// What a configuration needs.
pub(crate) struct Needed {
    /// Plugins, by their ids; those that are not there by their packages.
    pub(crate) plugins: BTreeSet<String>,
    /// The features that bring them, without those that others switch on.
    features: BTreeSet<String>,
}

impl Needed {
    /// What the configuration in this file needs of a program: what it names, and whose services that needs.
    ///
    /// # Errors
    /// It cannot be read, or names what nobody knows.
    pub(crate) fn of(description: &Description, file: &Path) -> io::Result<Self> {
        let named = Named::in_file(description, file)?;
        let own = description.components.iter();
        // The host's own components are there whatever is configured.
        let own = own.filter(|one| description.is_host(&one.plugin) && one.scope != "instance");
        let mut found: BTreeSet<&str> = own.map(|one| one.id.as_str()).collect();
        found.extend(named.components.iter().map(String::as_str));
        let mut pending: Vec<&str> = found.iter().copied().collect();
        while let Some(component) = pending.pop() {
            let needs = description.component(component).into_iter();
            for provider in needs.flat_map(|one| &one.needs).flat_map(handed_over) {
                let there = description.component(provider);
                if there.is_some_and(|one| one.scope != "instance") && found.insert(provider) {
                    pending.push(provider);
                }
            }
        }
        let components = found.iter().filter_map(|id| description.component(id));
        let plugin = |one: &Component| description.plugin(&one.plugin);
        let plugins = components.filter_map(plugin);
        let plugins = plugins.chain(named.plugins.iter().filter_map(|id| description.plugin(id)));
        let plugins: Vec<_> = plugins
            .filter(|one| !description.is_host(&one.id))
            .collect();
        let absent: Vec<&str> = (named.absent.iter())
            .filter_map(|one| one.package.as_deref())
            .collect();
        let packages: BTreeSet<&str> = (plugins.iter().map(|one| one.package.as_str()))
            .chain(absent.iter().copied())
            .collect();
        let all: Vec<(Vec<&str>, _)> = (description.features.iter())
            .map(|one| (one.packages.iter().map(String::as_str).collect(), one))
            .collect();
        let all: Vec<Feature<'_>> = (all.iter())
            .map(|(packages, one)| Feature {
                name: &one.name,
                packages,
                default: one.default,
            })
            .collect();
        let is_known = |feature: &&String| all.iter().any(|one| one.name == feature.as_str());
        // Such as one of a dependency, `name/feature`.
        let others = named.absent.iter().flat_map(|one| &one.features);
        let others = others.filter(|feature| !is_known(feature));
        let fewest = fewest(&all, |package| packages.contains(package));
        let features = fewest.into_iter().map(str::to_owned);
        Ok(Self {
            plugins: (plugins.iter().map(|one| one.id.as_str()))
                .chain(absent.iter().copied())
                .map(str::to_owned)
                .collect(),
            features: features.chain(others.cloned()).collect(),
        })
    }
}

/// Who is handed over without a word of the configuration. What may be absent is not needed.
fn handed_over(need: &Need) -> impl Iterator<Item = &str> {
    let is_for_all = matches!(need.form.as_str(), "all" | "map" | "registry");
    let all = match &need.default {
        None if is_for_all => need.providers.as_slice(),
        None => &[],
        Some(default) => std::slice::from_ref(default),
    };
    let is_needed = need.form != "optional";
    all.iter().map(String::as_str).filter(move |_| is_needed)
}
