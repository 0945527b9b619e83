//! `[distribution]`: what an edition is made of, in the words of Cargo.

use std::path::Path;

use toml::de::DeValue;

use super::keys;
use super::reader::Reader;
use super::value::{Entry, Table};
use crate::diagnostic::mistake::{MissingKey, NameFault, NameOf};
use crate::model::{CargoDependency, DistributionSection};
use crate::source::Located;
use crate::toml_text::{inline, key};

/// Names that the package of an edition has for dependencies of its own.
const OWN: [&str; 3] = ["treenail", "treenail-build", "tokio"];

impl Reader<'_> {
    /// `[distribution]`; `None` where no package can be made of it.
    pub(super) fn distribution(&mut self, entry: &Entry<'_>) -> Option<DistributionSection> {
        let expected = "a table, `[distribution]`";
        let before = self.problems.len();
        let mut table = self.table(entry, &keys::DISTRIBUTION, "[distribution]", expected)?;
        let name = self.required(&mut table, "name", |reader, entry| {
            reader.name(entry, NameOf::Package)
        });
        let host = self.required(&mut table, "host", Self::host_library);
        let mut plugins = self.dependencies(&mut table, "plugins");
        let taken = |one: &CargoDependency| {
            let is_host = host
                .as_ref()
                .is_some_and(|host| host.key.value == one.key.value);
            is_host || OWN.contains(&one.key.value.as_str())
        };
        plugins.retain(|one| {
            let is_taken = taken(one);
            if is_taken {
                let (name, at) = (&one.key.value, one.key.origin);
                let fault = NameFault::Reserved;
                self.not_a_name::<()>(name, NameOf::Dependency, fault, at);
            }
            !is_taken
        });
        let package = self.cargo_lines(&mut table, "package");
        if let Some(second) = package.iter().find(|one| one.key == "name") {
            self.excluding(vec![
                (entry.key_at, "[distribution] name"),
                (second.key_at, "name"),
            ]);
        }
        let package = package.iter().map(|one| (key(one.key), text(one)));
        let package = package.collect();
        let patch = self.cargo_lines(&mut table, "patch");
        let patch = patch.iter().filter_map(|source| {
            let lines = self.cargo_table(source)?;
            let lines = lines.iter().map(|line| self.dependency(line));
            Some((key(source.key), lines.collect::<Option<_>>()?))
        });
        let patch = patch.collect();
        let unknown = self.finish(&table);
        let is_whole = !table.broken && !unknown && self.problems.len() == before;
        // A key that is missing is reported when all has been read.
        Some(DistributionSection {
            origin: entry.at,
            name: name?,
            host: host?,
            plugins,
            package,
            patch,
        })
        .filter(|_| is_whole)
    }

    /// `host`: a dependency that names its package.
    fn host_library(&mut self, entry: &Entry<'_>) -> Option<CargoDependency> {
        let DeValue::Table(table) = entry.value else {
            return self.wrong_type(
                entry,
                "a table with `package`, like `{ package = \"my-host\", path = \"../host\" }`",
            );
        };
        let Some((_, package)) = table.get_key_value("package") else {
            let problem = MissingKey {
                keys: vec![("package".to_owned(), "package = \"my-host\"".to_owned())],
                table: "`host`".to_owned(),
            };
            self.problems.report(problem, entry.at);
            return None;
        };
        let package = match package.get_ref() {
            DeValue::String(name) => name.to_string(),
            _ => return self.wrong_type(entry, "a table with the name of its `package`"),
        };
        let mut rest = table.clone();
        rest.remove("package");
        let key = self.named(
            Located {
                value: package.clone(),
                origin: entry.at,
            },
            NameOf::Package,
        )?;
        Some(CargoDependency {
            key,
            package,
            path: path(entry.value),
            text: inline(&DeValue::Table(rest), "", Path::new("")),
        })
    }

    /// A table of dependencies, in the order of the file.
    fn dependencies(&mut self, table: &mut Table<'_>, called: &str) -> Vec<CargoDependency> {
        let lines = self.cargo_lines(table, called);
        let lines = lines.iter().filter_map(|line| self.dependency(line));
        lines.collect()
    }

    fn dependency(&mut self, entry: &Entry<'_>) -> Option<CargoDependency> {
        let key = self.named(entry.name(), NameOf::Package)?;
        let package = match entry.value {
            DeValue::String(_) | DeValue::Table(_) if entry.broken => return None,
            DeValue::String(_) => None,
            DeValue::Table(table) => table.get("package"),
            _ => {
                let expected = "a version, or a table like `{ path = \"../plugin\" }`";
                return self.wrong_type(entry, expected);
            }
        };
        let package = package.and_then(|package| package.get_ref().as_str());
        Some(CargoDependency {
            package: package.unwrap_or(entry.key).to_owned(),
            path: path(entry.value),
            text: text(entry),
            key,
        })
    }

    /// The lines of a table that Cargo reads.
    fn cargo_lines<'t>(&mut self, table: &mut Table<'t>, called: &str) -> Vec<Entry<'t>> {
        let lines = self.value(table, called, Self::cargo_table);
        lines.unwrap_or_default()
    }

    fn cargo_table<'t>(&mut self, entry: &Entry<'t>) -> Option<Vec<Entry<'t>>> {
        let expected = "a table, as in Cargo.toml";
        let table = self.table(entry, &keys::LINES, entry.key, expected)?;
        Some(table.entries)
    }
}

/// The value as Cargo.toml has it.
fn text(entry: &Entry<'_>) -> String {
    inline(entry.value, "", Path::new(""))
}

/// The folder of a dependency that is found by its path.
fn path(value: &DeValue<'_>) -> Option<String> {
    let path = value.get("path")?.get_ref().as_str()?;
    Some(path.to_owned())
}
