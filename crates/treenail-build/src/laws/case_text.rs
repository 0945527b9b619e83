//! Cases as one text. Above the manifest of each package is a line with its name and version, and, where there is more to say,
//! what it depends on, its features that are on, those that it has besides, or that it has no library. The first package is
//! the host.
//!
//! ```text
//! # overlay test
//! # package helpdesk 0.1.0: depends on api, mail = acme-mail
//! treenail = 1
//! [host]
//! # package acme-mail 0.3.1: depends on api; features smtp; declares imap
//! treenail = 1
//! [plugin]
//! id = "mail"
//! # package api 1.4.0
//! ```

use crate::testing::{Case, Package};

impl Case {
    /// A case from one text.
    pub(crate) fn parse(text: &str) -> Self {
        let mut overlays = Vec::new();
        let mut packages: Vec<(Package, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            if let Some(header) = line.strip_prefix("# package ") {
                packages.push((package(header.trim()), String::new()));
            } else if let Some((_, manifest)) = packages.last_mut() {
                manifest.push_str(line);
            } else if let Some(name) = line.strip_prefix("# overlay ") {
                overlays.push(name.trim());
            } else {
                assert!(
                    line.trim().is_empty(),
                    "`{line}` stands before the first package"
                );
            }
        }
        let mut packages =
            packages
                .into_iter()
                .map(|(package, manifest)| match manifest.trim_end() {
                    "" => package,
                    manifest => package.manifest(format!("{manifest}\n")),
                });
        let case = Self::new(packages.next().expect("a package"));
        let case = packages.fold(case, Self::also);
        overlays.into_iter().fold(case, Self::overlay)
    }
}

/// `NAME VERSION: depends on A, B; features F, G; declares H; without library`
fn package(header: &str) -> Package {
    let (named, clauses) = header.split_once(": ").unwrap_or((header, ""));
    let (name, version) = named.split_once(' ').expect("a name and a version");
    let clauses = clauses.split(';').map(str::trim);
    let clauses = clauses.filter(|clause| !clause.is_empty());
    clauses.fold(Package::new(name, version), |package, clause| {
        let list = |start| Some(clause.strip_prefix(start)?.split(',').map(str::trim));
        if let Some(packages) = list("depends on ") {
            package.depends_on(packages)
        } else if let Some(features) = list("features ") {
            package.features(features)
        } else if let Some(features) = list("declares ") {
            package.declares(features)
        } else {
            assert_eq!(clause, "without library", "in `{header}`");
            package.without_library()
        }
    })
}
