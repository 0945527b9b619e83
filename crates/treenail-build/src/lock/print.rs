//! The text of a lock: TOML, a stanza a package, sorted, one fact a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{At, FORMAT, Lock, LockedCall, LockedPackage, LockedSource};
use crate::digest::digest;

/// What stands above all else.
const HEAD: &str = "\
# Written by `cargo treenail lock`, from which builds compose where Cargo is not asked. What is changed by hand is refused.
";

/// The key of the digest of all that follows its line.
pub(super) const DIGEST: &str = "digest";

/// The text of a lock.
pub(crate) fn print(lock: &Lock) -> String {
    let mut body = String::new();
    line(&mut body, "host", &text(&lock.host));
    flag(&mut body, "hermetic", lock.hermetic);
    line(&mut body, "dependencies", &list(&lock.dependencies));
    for feature in &lock.features {
        body.push_str("\n[[feature]]\n");
        line(&mut body, "feature", &text(&feature.name));
        line(&mut body, "packages", &list(&feature.packages));
        flag(&mut body, "default", feature.default);
    }
    for (number, point) in lock.points.iter().enumerate() {
        let _ = write!(body, "\n# {number}\n[[point]]\n");
        line(&mut body, "features", &list(&point.features));
        line(&mut body, "target", &text(&point.target));
        line(&mut body, "composition", &text(&point.composition));
    }
    let everywhere: At = (0..lock.points.len()).collect();
    for package in &lock.packages {
        body.push_str("\n[[package]]\n");
        package.print(&everywhere, &mut body);
    }
    for absent in &lock.absent {
        body.push_str("\n[[absent]]\n");
        line(&mut body, "package", &text(&absent.package));
        line(&mut body, "names", &list(&absent.names));
        line(&mut body, "feature", &text(&absent.feature));
        if let Some(platform) = &absent.platform {
            line(&mut body, "platform", &text(platform));
        }
        if !absent.entries.is_empty() {
            let pair =
                |(registry, key): &(String, String)| format!("[{}, {}]", text(registry), text(key));
            let pairs: Vec<String> = absent.entries.iter().map(pair).collect();
            line(&mut body, "entries", &format!("[{}]", pairs.join(", ")));
        }
        at(&mut body, "at", &absent.at, &everywhere);
    }
    let digest = digest(body.as_bytes());
    format!("{HEAD}version = {FORMAT}\n{DIGEST} = \"{digest}\"\n{body}")
}

impl LockedPackage {
    fn print(&self, everywhere: &At, body: &mut String) {
        line(body, "name", &text(&self.name));
        line(body, "version", &text(&self.version.to_string()));
        if !self.beside.is_empty() {
            line(body, "beside", &list(&self.beside));
        }
        match &self.source {
            LockedSource::Registry => line(body, "source", "\"registry\""),
            LockedSource::Git(source) => line(body, "source", &text(source)),
            LockedSource::Folder {
                path,
                member,
                cargo_toml,
            } => {
                line(body, "source", "\"path\"");
                // The root of the workspace has no path.
                if !path.is_empty() {
                    line(body, "path", &text(path));
                }
                flag(body, "member", *member);
                if let Some(cargo_toml) = cargo_toml {
                    line(body, "cargo-toml", &text(cargo_toml));
                }
            }
        }
        if let Some(library) = &self.library {
            line(body, "library", &text(library));
        }
        at(body, "at", &self.at, everywhere);
        if let Some(via) = &self.via {
            line(body, "via", &text(via));
        }
        if !self.declared.is_empty() {
            line(body, "has", &list(&self.declared));
        }
        if let Some(manifest) = &self.manifest {
            line(body, "manifest", &text(&manifest.path));
            line(body, "manifest-digest", &text(&manifest.digest));
            if let Some(written) = &manifest.text {
                line(body, "manifest-text", &lines(written));
            }
        }
        if !self.features.is_empty() {
            body.push_str("[package.features]\n");
            for (feature, here) in &self.features {
                line(body, &key(feature), &numbers(here, &self.at));
            }
        }
        if !self.calls.is_empty() {
            body.push_str("[package.calls]\n");
            for (name, call) in &self.calls {
                line(body, &key(name), &call.print(&self.at));
            }
        }
    }
}

impl LockedCall {
    fn print(&self, everywhere: &At) -> String {
        let mut facts = Vec::new();
        let mut fact = |key: &str, value: &Option<String>| {
            let value = value.as_ref();
            facts.extend(value.map(|value| format!("{key} = {}", text(value))));
        };
        fact("package", &self.package);
        fact("key", &self.key);
        fact("versions", &self.versions);
        fact("feature", &self.feature);
        if !self.brings.is_empty() {
            facts.push(format!("brings = {}", table(&self.brings)));
        }
        if self.at != *everywhere {
            facts.push(format!("at = {}", numbers(&self.at, everywhere)));
        }
        if !self.elsewhere.is_empty() {
            facts.push(format!(
                "elsewhere = {:?}",
                self.elsewhere.iter().collect::<Vec<_>>()
            ));
        }
        format!("{{ {} }}", facts.join(", "))
    }
}

fn line(body: &mut String, key: &str, value: &str) {
    let _ = writeln!(body, "{key} = {value}");
}

/// What is false is not written.
fn flag(body: &mut String, key: &str, value: bool) {
    if value {
        line(body, key, "true");
    }
}

/// Points; nothing where something is so at all of them.
fn at(body: &mut String, key: &str, at: &At, everywhere: &At) {
    if at != everywhere {
        line(body, key, &numbers(at, everywhere));
    }
}

/// Points, or `true` where they are all that there are.
fn numbers(at: &At, everywhere: &At) -> String {
    match at == everywhere {
        true => "true".to_owned(),
        false => format!("{:?}", at.iter().collect::<Vec<_>>()),
    }
}

fn list(texts: &BTreeSet<String>) -> String {
    let texts: Vec<String> = texts.iter().map(|one| text(one)).collect();
    format!("[{}]", texts.join(", "))
}

fn table(pairs: &BTreeMap<String, String>) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{} = {}", key(name), text(value)));
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !name.is_empty() && name.chars().all(is_bare) {
        true => name.to_owned(),
        false => text(name),
    }
}

fn text(value: &str) -> String {
    format!("\"{}\"", escaped(value, false))
}

/// A text on lines of its own.
fn lines(value: &str) -> String {
    format!("\"\"\"\n{}\"\"\"", escaped(value, true))
}

fn escaped(value: &str, on_lines: bool) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' | '\t' if on_lines => escaped.push(c),
            '"' if on_lines && !escaped.ends_with('"') => escaped.push(c),
            '"' | '\\' => escaped.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}
