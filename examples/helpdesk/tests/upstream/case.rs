//! The form of a case.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use helpdesk_api::Ticket;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One case: what is there, what is run, what is expected.
pub(crate) struct Case {
    /// The name of its folder.
    pub(crate) name: String,
    /// The configuration that it runs.
    pub(crate) config: PathBuf,
    /// Everything else.
    pub(crate) script: Script,
}

/// `case.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "about")]
    _about: String,
    pub(crate) cycles: u64,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) dotenv: Option<String>,
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) classifier_rules: Vec<Rule>,
    config_from: Option<PathBuf>,
    pub(crate) expect: Expect,
}

/// What the stub classifier answers, and when.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) model: Option<String>,
    pub(crate) contains: Option<String>,
    pub(crate) label: String,
    pub(crate) confidence: f64,
}

/// How the case ends.
#[derive(Deserialize)]
#[serde(tag = "load", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Expect {
    /// The configuration is refused, with at least these errors.
    Error { errors: Vec<LoadError> },
    /// It is accepted and run.
    Ok {
        cycles: Vec<Cycle>,
        calls: Vec<Value>,
        changed_tickets: BTreeMap<String, Value>,
    },
}

/// An error that the check of a configuration has to report.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoadError {
    pub(crate) path: String,
    pub(crate) contains: Vec<String>,
}

/// What happens in one cycle.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cycle {
    pub(crate) steps: Vec<(String, String)>,
    pub(crate) error: Option<CycleError>,
    #[serde(default)]
    pub(crate) messages: BTreeMap<String, Vec<String>>,
}

/// The first error of a cycle.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CycleError {
    pub(crate) step: Option<String>,
    pub(crate) contains: Vec<String>,
}

/// The cases of a folder, by name.
pub(crate) fn all(folder: &Path, root: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.join("case.json").is_file())
        .collect();
    folders.sort();
    folders.iter().map(|folder| read(folder, root)).collect()
}

fn read(folder: &Path, root: &Path) -> Case {
    let file = folder.join("case.json");
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
    let script: Script =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let config = match &script.config_from {
        Some(path) => root.join(path),
        None => folder.join("config.yml"),
    };
    Case {
        name: folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        config,
        script,
    }
}
