//! `cargo treenail add`

mod dependency;
mod request;
mod told;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use treenail_build::{Composed, Composer, lock_of};

use crate::NOT_ASKED;
use crate::before::Before;
use crate::cargo::workspace;
use crate::check::{report, status};
use crate::description::Description;
use crate::output::note;
use crate::selection::Selection;
use dependency::Dependency;
use request::Request;
use told::tell;

#[derive(Args)]
#[command(mut_arg("offline", |arg| arg.help("Ask nothing of the network")))]
#[command(mut_arg("package", |arg| arg.help("The application of the workspace; by default the one of this folder")))]
#[command(mut_arg("workspace", |arg| arg.hide(true)), mut_arg("exclude", |arg| arg.hide(true)))]
#[command(mut_arg("locked", |arg| arg.help("Fail where Cargo.lock would have to be written")))]
pub(crate) struct Arguments {
    #[command(flatten)]
    request: Request,
    #[command(flatten)]
    selection: Selection,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let Arguments { request, selection } = arguments;
    let folder = selection.one()?.folder;
    if selection.composer(&folder)?.declared_overlays().is_none() {
        let folder = folder.display();
        return Err(io::Error::other(format!(
            "`{folder}` has no plugins.toml with `[host]`, and so composes no plugins: choose an application with `-p NAME`"
        )));
    }
    let old = Description::of_composed(&selection.composer(&folder)?.compose())?;
    let before = Before::of([
        folder.join("Cargo.toml"),
        workspace(&folder).join("Cargo.lock"),
        lock_of(&folder),
    ]);
    let added = before.unless_done(add(request, selection, &folder))?;
    let Some(plugin) = added else {
        before.restore()?;
        note(format_args!(
            "`{}` is a dependency already: nothing is changed",
            request.what()
        ))?;
        return Ok(ExitCode::SUCCESS);
    };
    let composed = before.unless_done(composed(selection, &folder, &plugin))?;
    if composed.is_unasked() {
        before.restore()?;
        report([&composed].into_iter())?;
        return Ok(ExitCode::from(NOT_ASKED));
    }
    report([&composed].into_iter())?;
    tell(
        &plugin,
        &folder,
        old.as_ref(),
        Description::of_composed(&composed)?.as_ref(),
    )?;
    Ok(status(composed.has_errors()))
}

/// Lets Cargo add the dependency, with the feature that makes it a plugin; `None` where all of that is so already.
fn add(request: &Request, selection: &Selection, folder: &Path) -> io::Result<Option<Dependency>> {
    let passed_on = selection.passed_on()?;
    let known = dependency::stated(folder, &passed_on)?;
    request.add(folder, &passed_on, None)?;
    let mut stated = request.meant(&known, dependency::stated(folder, &passed_on)?)?;
    let mut is_new = !known.contains(&stated);
    dependency::fetch(folder, &passed_on)?;
    let mut plugin = dependency::found(folder, &passed_on, &stated)?;
    if let Some(feature) = plugin.lacks() {
        request.add(folder, &passed_on, Some(&feature))?;
        stated = request.meant(&known, dependency::stated(folder, &passed_on)?)?;
        is_new = true;
        dependency::fetch(folder, &passed_on)?;
        plugin = dependency::found(folder, &passed_on, &stated)?;
    }
    Ok(is_new.then_some(plugin))
}

/// The composition with a new plugin, and with the lock, if there is one, written anew.
fn composed(selection: &Selection, folder: &Path, plugin: &Dependency) -> io::Result<Composed> {
    let here = std::env::current_dir()?;
    if lock_of(folder).is_file() {
        let lock = selection
            .writing_composer(folder)?
            .shown_from(&here)
            .lock(false);
        if lock.text.is_none() {
            return Ok(lock.composed);
        }
        lock.write()?;
    }
    let composer = with_feature(selection.composer(folder)?, plugin);
    Ok(composer.shown_from(here).compose())
}

/// The composition with the feature of the host that brings a plugin, where there is one.
fn with_feature(composer: Composer, plugin: &Dependency) -> Composer {
    let Some(feature) = &plugin.switched_on_by else {
        return composer;
    };
    let declared = composer.declared_features();
    let default = declared.get("default").into_iter();
    let on: BTreeSet<String> = default.chain([feature]).cloned().collect();
    composer.only_features(&on)
}
