//! Asks about the host as if it stood alone.
//!
//! `cargo metadata` wants every package of the workspace on disk, development dependencies of all members included;
//! `cargo build` has downloaded only those that this build needs. On a fresh machine the question fails for packages that
//! have nothing to do with the composition. So the host's dependencies are written into a package of their own, beside a copy
//! of the Cargo.lock, and the question is asked about that.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use toml::de::{DeTable, DeValue};

use super::command::{Failure, cargo_metadata};
use super::metadata::{Dependency, MetaPackage, Metadata};
use super::request::Request;
use crate::files::{self, Scratch};
use crate::toml_text::{inline, quote};

/// Asks about a package of `workspace`; `None` where that is no better than asking about the workspace.
pub(super) fn ask(
    request: &Request<'_>,
    workspace: &Metadata,
    package: &MetaPackage,
    arguments: &[String],
) -> Option<Result<Metadata, Failure>> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("treenail-alone-{}-{number}", std::process::id());
    let scratch = Scratch(request.scratch.join(name));
    let root = &workspace.workspace_root;
    let manifest = scratch.0.join("Cargo.toml");
    let text = cargo_toml(package, root, request.development);
    files::write_if_changed(&manifest, text.as_bytes()).ok()?;
    files::write_if_changed(&scratch.0.join("lib.rs"), b"").ok()?;
    if let Ok(lock) = files::read(&root.join("Cargo.lock")) {
        files::write_if_changed(&scratch.0.join("Cargo.lock"), &lock).ok()?;
    }
    let answer = cargo_metadata(request, &manifest, arguments);
    let answer = answer.map(|mut answer| {
        answer.stand_for(workspace, package);
        answer
    });
    Some(answer.map_err(|mut failure| {
        let folder = scratch.0.to_string_lossy();
        failure.words = failure.words.replace(&format!("{folder}/"), "");
        failure
    }))
}

/// A Cargo.toml with the dependencies and features of a package, and what its workspace puts in place of others.
fn cargo_toml(package: &MetaPackage, root: &Path, development: bool) -> String {
    let mut text = format!(
        "[workspace]\n[package]\nname = {}\nversion = {}\nedition = \"2021\"\n[lib]\npath = \"lib.rs\"\n[features]\n",
        quote(&package.name),
        quote(&package.version.to_string())
    );
    for (feature, entries) in package.features.iter() {
        let entries: Vec<String> = entries.iter().map(|entry| quote(entry)).collect();
        let _ = writeln!(text, "{} = [{}]", quote(feature), entries.join(", "));
    }
    for declared in &package.dependencies {
        let section = match declared.kind.as_deref() {
            None => "dependencies",
            Some("dev") if development => "dev-dependencies",
            Some(_) => continue,
        };
        let target = declared.target.as_deref();
        let target = target.map_or(String::new(), |target| format!("target.{}.", quote(target)));
        let _ = writeln!(text, "[{target}{section}.{}]", quote(declared.key()));
        dependency(&mut text, declared);
    }
    let file = files::read(&root.join("Cargo.toml")).unwrap_or_default();
    let file = String::from_utf8(file).unwrap_or_default();
    let (tree, _) = DeTable::parse_recoverable(&file);
    for key in ["patch", "replace"] {
        if let Some(value) = tree.get_ref().get(key) {
            let _ = writeln!(text, "[{key}]");
            if let DeValue::Table(entries) = value.get_ref() {
                for (name, value) in entries.iter() {
                    let value = inline(value.get_ref(), "", root);
                    let _ = writeln!(text, "{} = {value}", quote(name.get_ref()));
                }
            }
        }
    }
    text
}

fn dependency(text: &mut String, declared: &Dependency) {
    let features: Vec<String> = declared.features.iter().map(|name| quote(name)).collect();
    let _ = writeln!(
        text,
        "package = {}\nversion = {}\noptional = {}\ndefault-features = {}\nfeatures = [{}]",
        quote(&declared.name),
        quote(&declared.req),
        declared.optional,
        declared.uses_default_features,
        features.join(", ")
    );
    if let Some(path) = &declared.path {
        let _ = writeln!(text, "path = {}", quote(&path.to_string_lossy()));
    }
    if let Some(registry) = &declared.registry {
        let _ = writeln!(text, "registry-index = {}", quote(registry));
    }
    let git = declared
        .source
        .as_deref()
        .and_then(|source| source.strip_prefix("git+"));
    if let Some(git) = git {
        let (url, reference) = git.split_once('?').unwrap_or((git, ""));
        let _ = writeln!(text, "git = {}", quote(url));
        if let Some((kind @ ("branch" | "tag" | "rev"), name)) = reference.split_once('=') {
            let _ = writeln!(text, "{kind} = {}", quote(name));
        }
    }
}
