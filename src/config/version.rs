//! `api_version` and `plugins`: what a configuration asks of the program that reads it.

use semver::{Version, VersionReq};
use treenail_core::nearest::nearest;

use super::names::Names;
use super::node::{Kind, Node, Problems};
use super::path::Path;
use super::problem::ProblemKind;

/// Checks `api_version` against the version of the host.
pub(super) fn api(node: &Node, path: &Path<'_>, version: &str, problems: &mut Problems<'_>) {
    if let Some((text, requirement)) = requirement(node, path, problems)
        && !matches(&requirement, version)
    {
        problems.add(
            path,
            node.origin,
            ProblemKind::ApiVersion {
                requirement: text,
                version: version.to_owned(),
            },
        );
    }
}

/// Checks the list of plugins: `{name, version}` each.
pub(super) fn plugins(node: &Node, path: &Path<'_>, names: &Names, problems: &mut Problems<'_>) {
    let items = match &node.kind {
        Kind::List(items) => items,
        _ if node.is_null() => return,
        _ => {
            return wrong(
                node,
                path,
                "a list of plugins, each a map with `name` and `version`",
                problems,
            );
        }
    };
    for (number, item) in items.iter().enumerate() {
        plugin(item, &path.item(number), names, problems);
    }
}

fn plugin(item: &Node, path: &Path<'_>, names: &Names, problems: &mut Problems<'_>) {
    let Some(entries) = item.entries() else {
        return wrong(
            item,
            path,
            "a map with the `name` and the `version` of a plugin",
            problems,
        );
    };
    for entry in entries
        .iter()
        .filter(|entry| !["name", "version"].contains(&entry.key.as_str()))
    {
        let suggestion = nearest(&entry.key, ["name", "version"]);
        let known = vec!["name".to_owned(), "version".to_owned()];
        problems.add(
            &path.key(&entry.key),
            entry.key_origin,
            ProblemKind::UnknownKey {
                key: entry.key.clone(),
                suggestion,
                known,
            },
        );
    }
    let Some(name_node) = item.get("name") else {
        problems.add(
            &path.key("name"),
            item.origin,
            ProblemKind::MissingKey {
                key: "name".to_owned(),
                expected: "the name of a plugin".to_owned(),
            },
        );
        return;
    };
    let Some(name) = name_node.text() else {
        return wrong(
            name_node,
            &path.key("name"),
            "the name of a plugin",
            problems,
        );
    };
    let Some(version) = names.plugin(name) else {
        let kind = names.unknown_plugin(name);
        problems.add(&path.key("name"), name_node.origin, kind);
        return;
    };
    if let Some(node) = item.get("version").filter(|node| !node.is_null())
        && let Some((requirement, parsed)) = requirement(node, &path.key("version"), problems)
        && !matches(&parsed, version)
    {
        let kind = ProblemKind::PluginVersion {
            name: name.to_owned(),
            requirement,
            version: version.to_owned(),
        };
        problems.add(&path.key("version"), node.origin, kind);
    }
}

fn wrong(node: &Node, path: &Path<'_>, expected: &str, problems: &mut Problems<'_>) {
    let kind = ProblemKind::WrongType {
        expected: expected.to_owned(),
        found: node.found().to_owned(),
        help: None,
    };
    problems.add(path, node.origin, kind);
}

/// A requirement on a released version. A pre-release of the program counts as what it leads to.
fn matches(requirement: &VersionReq, version: &str) -> bool {
    match Version::parse(version) {
        Ok(mut version) => {
            version.pre = semver::Prerelease::EMPTY;
            requirement.matches(&version)
        }
        Err(_) => false,
    }
}

fn requirement(
    node: &Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<(String, VersionReq)> {
    let text = match &node.kind {
        Kind::Scalar(serde_json::Value::String(text)) => text.clone(),
        Kind::Scalar(serde_json::Value::Number(number)) => number.to_string(),
        _ => {
            wrong(
                node,
                path,
                "a version requirement such as \">=1.0.0\"",
                problems,
            );
            return None;
        }
    };
    match parse(&text) {
        Ok(requirement) => Some((text, requirement)),
        Err(suggestion) => {
            problems.add(
                path,
                node.origin,
                ProblemKind::NotARequirement { text, suggestion },
            );
            None
        }
    }
}

/// Reads a requirement in Cargo's form; the error is the same requirement in that form, where there is one.
pub(super) fn parse(text: &str) -> Result<VersionReq, Option<String>> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(VersionReq::STAR);
    }
    VersionReq::parse(trimmed).map_err(|_| {
        let parts: Option<Vec<String>> = trimmed
            .split(',')
            .map(|part| in_cargos_form(part.trim()))
            .collect();
        parts
            .map(|parts| parts.join(", "))
            .filter(|form| VersionReq::parse(form).is_ok())
    })
}

/// One clause of a Python requirement in Cargo's form.
fn in_cargos_form(part: &str) -> Option<String> {
    if let Some(version) = part.strip_prefix("~=") {
        let version = version.trim();
        let exact = version.matches('.').count() >= 2;
        return Some(format!("{}{version}", if exact { '~' } else { '^' }));
    }
    let version = part
        .strip_prefix("===")
        .or_else(|| part.strip_prefix("=="))
        .map(str::trim);
    match version {
        Some(version) if version.ends_with(".*") => Some(version.to_owned()),
        Some(version) => Some(format!("={version}")),
        None if part.starts_with("!=") => None,
        None => Some(part.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn cargos_requirements_are_accepted() {
        for text in [
            ">=1.2.0",
            ">=1.2.0,<2.0.0",
            "^1.2",
            "1",
            "1.2",
            "~1.2",
            ">= 1.2",
            "",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn pythons_requirements_are_refused_with_cargos_form() {
        let rows = [
            ("~=1.2.0", Some("~1.2.0")),
            ("~=1.2", Some("^1.2")),
            ("==1.*", Some("1.*")),
            ("==1.2.0", Some("=1.2.0")),
            ("===1.2", Some("=1.2")),
            ("!=1.2.0", None),
            ("newest", None),
            (">=y", None),
            ("=>1.2", None),
        ];
        for (text, form) in rows {
            assert_eq!(parse(text).expect_err(text).as_deref(), form, "{text}");
        }
    }
}
