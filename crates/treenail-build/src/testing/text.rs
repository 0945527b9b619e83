//! A case as one text.

use super::case::{Case, Dependency, Package};

/// What the line above a package's manifest starts with.
const PACKAGE: &str = "# package ";

/// What the line of an overlay starts with; there may be several.
const OVERLAY: &str = "# overlay ";

impl Case {
    /// A case from one text. Above the manifest of each package is a line with its name and version, and, where there is
    /// more to say, what it depends on, its features that are on, those that it has besides, or that it has no library. The first package is the host.
    ///
    /// ```
    /// use treenail_build::testing::Case;
    ///
    /// let case = Case::parse(
    ///     r#"
    /// ## overlay test
    /// ## package helpdesk 0.1.0: depends on api, mail = otai-mail
    /// treenail = 1
    /// [host]
    /// [overlay.test.plugins]
    /// mail = { enabled = false }
    ///
    /// ## package otai-mail 0.3.1: depends on api; features smtp
    /// treenail = 1
    /// [plugin]
    /// id = "mail"
    ///
    /// ## package api 1.4.0
    /// "#,
    /// );
    /// case.compose().assert_codes([]);
    /// ```
    ///
    /// # Panics
    /// If the text is not of this form.
    #[must_use]
    #[track_caller]
    pub fn parse(text: &str) -> Self {
        parse(text).unwrap_or_else(|error| panic!("not a case: {error}"))
    }
}

pub(super) fn parse(text: &str) -> Result<Case, String> {
    let mut overlays = Vec::new();
    let mut packages: Vec<(Package, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(header) = line.strip_prefix(PACKAGE) {
            packages.push((package(header.trim())?, String::new()));
        } else if let Some((_, manifest)) = packages.last_mut() {
            manifest.push_str(line);
        } else if let Some(name) = line.strip_prefix(OVERLAY) {
            overlays.push(name.trim().to_owned());
        } else if !line.trim().is_empty() {
            return Err(format!(
                "`{}` stands before the first `{PACKAGE}NAME VERSION`",
                line.trim()
            ));
        }
    }
    let mut packages = packages.into_iter().map(|(package, manifest)| {
        if manifest.trim().is_empty() {
            package
        } else {
            package.manifest(manifest.trim_end().to_owned() + "\n")
        }
    });
    let host = packages
        .next()
        .ok_or_else(|| format!("there is no line `{PACKAGE}NAME VERSION`"))?;
    Ok(Case {
        others: packages.collect(),
        overlays,
        ..Case::new(host)
    })
}

/// `NAME VERSION: depends on A, B; features F, G; declares H; without library`
fn package(header: &str) -> Result<Package, String> {
    let (named, clauses) = header.split_once(": ").unwrap_or((header, ""));
    let (name, version) = named
        .split_once(' ')
        .ok_or_else(|| format!("`{named}` is not a name and a version"))?;
    semver::Version::parse(version).map_err(|error| format!("`{version}`: {error}"))?;
    let mut package = Package::new(name, version);
    for clause in clauses
        .split(';')
        .map(str::trim)
        .filter(|clause| !clause.is_empty())
    {
        if let Some(list) = clause.strip_prefix("depends on ") {
            for spec in list.split(',') {
                package.dependencies.push(Dependency::parse(spec)?);
            }
        } else if let Some(list) = clause.strip_prefix("features ") {
            package = package.features(list.split(',').map(str::trim));
        } else if let Some(list) = clause.strip_prefix("declares ") {
            package = package.declares(list.split(',').map(str::trim));
        } else if clause == "without library" {
            package = package.without_library();
        } else {
            return Err(format!(
                "`{clause}` is none of `depends on …`, `features …`, `declares …` and `without library`"
            ));
        }
    }
    Ok(package)
}
