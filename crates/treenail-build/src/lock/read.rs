//! Reads the text of a lock. What its writer did not write is refused as a whole, so what is read needs no checks of its own.

use std::collections::BTreeSet;

use semver::Version;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::print::DIGEST;
use super::{
    At, FORMAT, Lock, LockedAbsent, LockedCall, LockedManifest, LockedPackage, LockedSource, Point,
};
use crate::diagnostic::mistake::LockFault;
use crate::digest::digest;
use crate::discover::texts;
use crate::model::HostFeature;

/// Reads a lock.
///
/// # Errors
/// It is not what was written: another format, a conflict, cut off, or changed.
pub(crate) fn read(text: &str) -> Result<Lock, LockFault> {
    // A checkout may have other ends of lines.
    let text = text.replace("\r\n", "\n");
    if let Some(start) = conflict(&text) {
        return Err(LockFault::Conflict { start });
    }
    let (tree, errors) = DeTable::parse_recoverable(&text);
    let root = LockTable(tree.get_ref());
    match root.number("version") {
        Some(format) if format > FORMAT => return Err(LockFault::Newer { format }),
        _ if !errors.is_empty() => return Err(LockFault::Damaged),
        _ => {}
    }
    let start = format!("\n{DIGEST} = \"");
    let body = text
        .split_once(&start)
        .and_then(|(_, rest)| rest.split_once("\"\n"));
    match body {
        Some((written, body)) if written == digest(body.as_bytes()) => {}
        _ => return Err(LockFault::Damaged),
    }
    root.lock().ok_or(LockFault::Damaged)
}

/// First byte of what a merge leaves where it does not know.
fn conflict(text: &str) -> Option<usize> {
    let mark = "\n<<<<<<< ";
    text.find(mark).map(|before| before + 1)
}

/// A table, and what stands under its keys.
#[derive(Clone, Copy)]
struct LockTable<'t>(&'t DeTable<'t>);

impl<'t> LockTable<'t> {
    fn lock(self) -> Option<Lock> {
        let points: Vec<Point> = self.each("point", Self::point)?;
        let everywhere: At = (0..points.len()).collect();
        Some(Lock {
            host: self.text("host")?,
            hermetic: self.flag("hermetic"),
            dependencies: self.texts("dependencies"),
            features: self.each("feature", Self::feature)?,
            packages: self.each("package", |one| one.package(&everywhere))?,
            absent: self.each("absent", |one| one.absent(&everywhere))?,
            points,
        })
    }

    fn feature(self) -> Option<HostFeature> {
        Some(HostFeature {
            name: self.text("feature")?,
            packages: self.texts("packages"),
            default: self.flag("default"),
        })
    }

    fn point(self) -> Option<Point> {
        Some(Point {
            features: self.texts("features"),
            target: self.text("target")?,
            composition: self.text("composition")?,
        })
    }

    fn package(self, everywhere: &At) -> Option<LockedPackage> {
        let at = self.at("at", everywhere);
        let source = match self.text("source")?.as_str() {
            "registry" => LockedSource::Registry,
            "path" => LockedSource::Folder {
                path: self.text("path").unwrap_or_default(),
                member: self.flag("member"),
                cargo_toml: self.text("cargo-toml"),
            },
            git => LockedSource::Git(git.to_owned()),
        };
        let manifest = self.text("manifest").map(|path| {
            Some(LockedManifest {
                path,
                digest: self.text("manifest-digest")?,
                text: self.text("manifest-text"),
            })
        });
        let features = self
            .named("features")
            .map(|(name, value)| (name, numbers(value, &at)));
        let calls = self.named("calls").map(|(name, value)| match value {
            DeValue::Table(call) => Some((name, LockTable(call).call(&at))),
            _ => None,
        });
        Some(LockedPackage {
            name: self.text("name")?,
            version: Version::parse(&self.text("version")?).ok()?,
            beside: self.texts("beside"),
            source,
            library: self.text("library"),
            features: features.collect(),
            declared: self.texts("has"),
            via: self.text("via"),
            manifest: match manifest {
                Some(manifest) => Some(manifest?),
                None => None,
            },
            calls: calls.collect::<Option<_>>()?,
            at,
        })
    }

    fn call(self, everywhere: &At) -> LockedCall {
        let brings = self
            .named("brings")
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
        LockedCall {
            package: self.text("package"),
            at: self.at("at", everywhere),
            key: self.text("key"),
            versions: self.text("versions"),
            brings: brings.collect(),
            feature: self.text("feature"),
            elsewhere: self.at("elsewhere", &At::new()),
        }
    }

    fn absent(self, everywhere: &At) -> Option<LockedAbsent> {
        let pair = |pair: &DeValue<'_>| {
            let mut texts = texts(Some(pair)).map(str::to_owned);
            Some((texts.next()?, texts.next()?))
        };
        let entries = list(self.value("entries")).map(|one| pair(one.get_ref()));
        Some(LockedAbsent {
            package: self.text("package")?,
            names: self.texts("names"),
            feature: self.text("feature")?,
            platform: self.text("platform"),
            entries: entries.collect::<Option<_>>()?,
            at: self.at("at", everywhere),
        })
    }

    fn value(self, key: &str) -> Option<&'t DeValue<'t>> {
        self.0.get(key).map(Spanned::get_ref)
    }

    fn text(self, key: &str) -> Option<String> {
        self.value(key)?.as_str().map(str::to_owned)
    }

    fn texts(self, key: &str) -> BTreeSet<String> {
        texts(self.value(key)).map(str::to_owned).collect()
    }

    fn number(self, key: &str) -> Option<i64> {
        number(self.value(key)?)
    }

    fn flag(self, key: &str) -> bool {
        matches!(self.value(key), Some(DeValue::Boolean(true)))
    }

    /// Points; all of these where nothing is said.
    fn at(self, key: &str, everywhere: &At) -> At {
        match self.value(key) {
            Some(value) => numbers(value, everywhere),
            None => everywhere.clone(),
        }
    }

    /// What stands in a table whose keys are names.
    fn named(self, key: &str) -> impl Iterator<Item = (String, &'t DeValue<'t>)> {
        let table = match self.value(key) {
            Some(DeValue::Table(table)) => Some(table),
            _ => None,
        };
        let lines = table.into_iter().flatten();
        lines.map(|(name, value)| (name.get_ref().to_string(), value.get_ref()))
    }

    /// The tables of a list, each read by a function.
    fn each<T>(self, key: &str, read: impl Fn(Self) -> Option<T>) -> Option<Vec<T>> {
        let tables = list(self.value(key)).map(|value| match value.get_ref() {
            DeValue::Table(table) => read(LockTable(table)),
            _ => None,
        });
        tables.collect()
    }
}

fn list<'t>(value: Option<&'t DeValue<'t>>) -> impl Iterator<Item = &'t Spanned<DeValue<'t>>> {
    let values = match value {
        Some(DeValue::Array(values)) => &values[..],
        _ => &[],
    };
    values.iter()
}

fn number(value: &DeValue<'_>) -> Option<i64> {
    match value {
        DeValue::Integer(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

/// Points, or all of these.
fn numbers(value: &DeValue<'_>, everywhere: &At) -> At {
    match value {
        DeValue::Boolean(true) => everywhere.clone(),
        value => {
            let numbers = list(Some(value)).filter_map(|one| number(one.get_ref()));
            numbers
                .filter_map(|one| usize::try_from(one).ok())
                .collect()
        }
    }
}
