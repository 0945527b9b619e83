//! `api_version` and `plugins`: what a configuration asks of the program that reads it.

use semver::{Version, VersionReq};
use serde_json::Value as Json;

use super::names::Names;
use super::structure::{known_keys, wrong_type};
use crate::config::problem::{Path, ProblemKind, Problems};
use crate::config::read::{Kind, Node};

/// Checks `api_version` against the version of the host.
pub(super) fn api(node: &Node, path: &Path<'_>, version: &str, problems: &mut Problems<'_>) {
    if let Some(requirement) = requirement(node, path, problems)
        && !requirement.accepts(version)
    {
        let kind = ProblemKind::ApiVersion {
            requirement: requirement.text,
            version: version.to_owned(),
        };
        problems.add(path, node.origin, kind);
    }
}

/// Checks the list of plugins: `{name, version}` each.
pub(super) fn plugins(node: &Node, path: &Path<'_>, names: &Names, problems: &mut Problems<'_>) {
    let Kind::List(items) = &node.kind else {
        let expected = "a list of plugins, each a map with `name` and `version`";
        return wrong_type(node, path, expected, problems);
    };
    for (number, item) in items.iter().enumerate() {
        plugin(item, &path.item(number), names, problems);
    }
}

fn plugin(item: &Node, path: &Path<'_>, names: &Names, problems: &mut Problems<'_>) {
    if item.pairs().is_none() {
        let expected = "a map with the `name` and the `version` of a plugin";
        return wrong_type(item, path, expected, problems);
    }
    let item = &*known_keys(item, path, &["name", "version"], problems);
    let version_path = path.key("version");
    let node = item.given("version");
    let required = node.and_then(|node| requirement(node, &version_path, problems));
    let name_path = path.key("name");
    let Some(name_node) = item.get("name") else {
        let kind = ProblemKind::MissingKey {
            key: "name".to_owned(),
            component: None,
            near: None,
            expected: "the name of a plugin".to_owned(),
        };
        return problems.add(&name_path, item.origin, kind);
    };
    let Some(name) = name_node.text() else {
        return wrong_type(name_node, &name_path, "the name of a plugin", problems);
    };
    let Some(version) = names.plugin(name) else {
        return problems.add(&name_path, name_node.origin, names.unknown_plugin(name));
    };
    if let (Some(node), Some(requirement)) = (node, required)
        && !requirement.accepts(version)
    {
        let kind = ProblemKind::PluginVersion {
            name: name.to_owned(),
            requirement: requirement.text,
            version: version.to_owned(),
        };
        problems.add(&version_path, node.origin, kind);
    }
}

/// A version requirement of the configuration.
struct Requirement {
    text: String,
    parsed: VersionReq,
}

impl Requirement {
    /// Whether a released version fits. A pre-release of the program counts as what it leads to.
    fn accepts(&self, version: &str) -> bool {
        Version::parse(version).is_ok_and(|mut version| {
            version.pre = semver::Prerelease::EMPTY;
            self.parsed.matches(&version)
        })
    }
}

fn requirement(node: &Node, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Requirement> {
    let text = match &node.kind {
        Kind::Scalar(Json::String(text)) => text.clone(),
        Kind::Scalar(Json::Number(number)) => number.to_string(),
        _ => {
            let expected = "a version requirement such as \">=1.0.0\"";
            wrong_type(node, path, expected, problems);
            return None;
        }
    };
    match parse(&text) {
        Ok(parsed) => Some(Requirement { text, parsed }),
        Err(suggestion) => {
            let kind = ProblemKind::NotARequirement { text, suggestion };
            problems.add(path, node.origin, kind);
            None
        }
    }
}

/// Reads a requirement in Cargo's form; the error is the same requirement in that form, where there is one.
pub(crate) fn parse(text: &str) -> Result<VersionReq, Option<String>> {
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
