//! Cases as folders.

#![expect(clippy::disallowed_methods, reason = "cases lie in folders")]

use std::fs;
use std::path::{Path, PathBuf};

use semver::Version;
use toml::de::{DeTable, DeValue};

use super::case::{Case, Dependency, Package};
use super::outcome::settle;
use crate::files;

impl Case {
    /// A case from a folder:
    ///
    /// - `plugins.toml`: the host's manifest.
    /// - `plugins/<package>/plugins.toml`: the manifest of a package; `plugins/<package> <version>/…` where there are two.
    /// - `universe.toml`: what Cargo would have resolved.
    ///
    /// ```toml
    /// host = "helpdesk 0.1.0"
    /// overlay = "test"                        # the overlay that is asked for, or several: `["a", "b"]`; may be left out
    /// target = "x86_64-pc-windows-msvc"       # the target that is composed for; may be left out
    /// cfg = ["unix", 'target_os="linux"']     # what is known of the target; may be left out
    /// [packages]                              # every package with its dependencies
    /// "helpdesk 0.1.0" = ["helpdesk-api", "mail = otai-mail", "clock 2.0.0"]   # a version only where there are several
    /// "otai-mail 0.3.0" = ["helpdesk-api"]
    /// [features]                              # packages with features that are on; may be left out
    /// treenail = ["config", "pipes"]
    /// [declared]                              # packages with further features, which are off; may be left out
    /// helpdesk = ["premium"]
    /// ```
    ///
    /// # Panics
    /// If a file is missing or not of this form.
    #[must_use]
    #[track_caller]
    pub fn read(folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        read_case(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    }
}

/// Composes every case in a folder of folders, see [`Case::read`], and compares all messages with the case's `error.txt`,
/// or its `warning.txt` where it composes. A case without messages has neither. With `BLESS=1` in the environment, the
/// files are written instead.
///
/// ```no_run
/// #[test]
/// fn compositions() {
///     treenail_build::testing::check_cases("tests/compositions");
/// }
/// ```
///
/// # Panics
/// If there are other messages, or a case cannot be read.
#[track_caller]
pub fn check_cases(folder: impl AsRef<Path>) {
    let mut failures = Vec::new();
    for case in case_folders(folder.as_ref()) {
        let outcome = Case::read(&case).compose();
        let text = Some(outcome.text()).filter(|text| !text.is_empty());
        let (error, warning) = if outcome.composed().has_errors() {
            (text, None)
        } else {
            (None, text)
        };
        failures.extend(settle(&case.join("error.txt"), error.as_deref()));
        failures.extend(settle(&case.join("warning.txt"), warning.as_deref()));
    }
    assert!(
        failures.is_empty(),
        "not as expected (BLESS=1 writes what is found):\n\n{}",
        failures.join("\n")
    );
}

/// The folders in a folder, sorted.
#[track_caller]
pub(crate) fn case_folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let mut cases: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

fn read_case(folder: &Path) -> Result<Case, String> {
    let text = text(&folder.join("universe.toml"))?;
    let tree = DeTable::parse(&text).map_err(|error| format!("universe.toml: {error}"))?;
    let tree = tree.get_ref();
    let string = |key: &str| {
        tree.get(key)
            .map(|value| string(value.get_ref()))
            .transpose()
    };
    let host = string("host")?.ok_or("universe.toml: `host` is missing")?;
    let (features, declared) = (table(tree, "features")?, table(tree, "declared")?);
    let mut packages = Vec::new();
    for (named, dependencies) in table(tree, "packages")?.into_iter().flatten() {
        let (name, version) = (named.get_ref().split_once(' ')).ok_or_else(|| {
            format!(
                "universe.toml: `{}` is not a name and a version",
                named.get_ref()
            )
        })?;
        let mut package = package(name, version)?;
        for spec in strings(dependencies.get_ref())? {
            package.dependencies.push(Dependency::parse(&spec)?);
        }
        if let Some(features) = features.and_then(|features| features.get(name)) {
            package.features.extend(strings(features.get_ref())?);
        }
        if let Some(features) = declared.and_then(|declared| declared.get(name)) {
            package.declares.extend(strings(features.get_ref())?);
        }
        let is_host = host == *named.get_ref() || host == name;
        let manifest = if is_host {
            Some(folder.join("plugins.toml"))
        } else {
            let folders = [format!("{name} {version}"), name.to_owned()];
            let mut files = folders
                .iter()
                .map(|one| folder.join("plugins").join(one).join("plugins.toml"));
            files.find(|file| file.is_file())
        };
        if let Some(file) = manifest {
            package = package.manifest(files::read(&file).map_err(|error| error.to_string())?);
        }
        packages.push((package, is_host));
    }
    let at = packages.iter().position(|(_, is_host)| *is_host);
    let at = at.ok_or("universe.toml: `host` is not among the packages")?;
    Ok(Case {
        overlays: one_or_more(tree.get("overlay").map(toml::Spanned::get_ref))?,
        target: string("target")?,
        cfg: tree
            .get("cfg")
            .map(|lines| strings(lines.get_ref()))
            .transpose()?,
        ..Case::new(packages.remove(at).0)
    }
    .and(packages.into_iter().map(|(package, _)| package)))
}

impl Case {
    pub(super) fn and(mut self, packages: impl IntoIterator<Item = Package>) -> Self {
        self.others.extend(packages);
        self
    }
}

pub(super) fn text(file: &Path) -> Result<String, String> {
    let bytes = files::read(file).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8", file.display()))
}

pub(super) fn package(name: &str, version: &str) -> Result<Package, String> {
    let version = Version::parse(version).map_err(|error| format!("`{version}`: {error}"))?;
    Ok(Package {
        version,
        ..Package::new(name, "0.0.0")
    })
}

pub(super) fn string(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        other => Err(format!("expected a string, not {other:?}")),
    }
}

pub(super) fn strings(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    match value {
        DeValue::Array(values) => values.iter().map(|value| string(value.get_ref())).collect(),
        other => Err(format!("expected an array of strings, not {other:?}")),
    }
}

fn one_or_more(value: Option<&DeValue<'_>>) -> Result<Vec<String>, String> {
    match value {
        None => Ok(Vec::new()),
        Some(value @ DeValue::Array(_)) => strings(value),
        Some(value) => Ok(vec![string(value)?]),
    }
}

pub(super) fn table<'t, 'v>(
    tree: &'t DeTable<'v>,
    key: &str,
) -> Result<Option<&'t DeTable<'v>>, String> {
    match tree.get(key).map(toml::Spanned::get_ref) {
        None => Ok(None),
        Some(DeValue::Table(table)) => Ok(Some(table)),
        Some(other) => Err(format!("`{key}` has to be a table, not {other:?}")),
    }
}
