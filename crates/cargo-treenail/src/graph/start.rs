//! How long a start took, from the report of an application.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::description::Description;
use crate::selection::listed;

/// A start: what the runtime's `Report` is as JSON.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Start {
    host: String,
    pub(super) configured: Duration,
    pub(super) whole: Duration,
    #[serde(rename = "timings")]
    pub(super) steps: Vec<Step>,
    #[serde(skip)]
    file: PathBuf,
}

/// What one component, or one instance of it, took in one phase.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Step {
    /// The id, or the name of the instance in the configuration.
    #[serde(rename = "component")]
    pub(super) name: String,
    /// The id.
    pub(super) id: String,
    pub(super) phase: String,
    pub(super) begun: Duration,
    pub(super) took: Duration,
    /// The whole start had to wait for it.
    pub(super) critical: bool,
}

impl Start {
    /// Reads a report, alone or as the member `report` of an event; what follows it in the file is not read.
    pub(super) fn read(file: &Path) -> io::Result<Self> {
        let shown = file.display();
        let text = fs::read_to_string(file).map_err(|error| {
            io::Error::other(format!("cannot read the report `{shown}`: {error}"))
        })?;
        let mut documents = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        let read = documents.next().map(|first| {
            let mut first = first?;
            let report = first.get_mut("report").map(Value::take);
            serde_json::from_value::<Self>(report.unwrap_or(first))
        });
        let why = match read {
            Some(Ok(start)) => {
                return Ok(Self {
                    file: file.to_owned(),
                    ..start
                });
            }
            Some(Err(error)) => error.to_string(),
            None => "there is nothing in it".to_owned(),
        };
        Err(io::Error::other(format!(
            "`{shown}` is no report of a start: {why}; write what `App::report` returns as JSON, or an event with it as its `report`"
        )))
    }

    /// This report, if it is one of this composition; of what there is beside mistakes that cannot be told.
    pub(super) fn of(self, description: &Description) -> io::Result<Self> {
        let shown = self.file.display();
        let (its, host) = (&self.host, &description.host.package);
        let has_errors = description
            .mistakes
            .iter()
            .any(|one| one.severity == "error");
        if its != host && !has_errors {
            return Err(io::Error::other(format!(
                "`{shown}` is a report of `{its}`, and this is the composition of `{host}`: choose its package with `-p NAME`, or give a \
                 report of `{host}`"
            )));
        }
        let ids: BTreeSet<&String> = self.steps.iter().map(|step| &step.id).collect();
        let unknown = ids
            .into_iter()
            .filter(|id| description.component(id).is_none());
        let unknown: Vec<&String> = unknown.collect();
        match listed(unknown.into_iter()).filter(|_| !has_errors) {
            Some(unknown) => Err(io::Error::other(format!(
                "`{shown}` is a report of another composition: this one has no {unknown}; make the report anew, or compose with the \
                 features and overlays that it was made with"
            ))),
            None => Ok(self),
        }
    }

    /// The steps that the whole start had to wait for, by the time they began.
    pub(super) fn critical_steps(&self) -> Vec<&Step> {
        let mut steps: Vec<&Step> = self.steps.iter().filter(|step| step.critical).collect();
        steps.sort_by_key(|step| step.begun);
        steps
    }

    /// The components of these steps.
    pub(super) fn critical_path(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let ids = self
            .critical_steps()
            .into_iter()
            .map(|step| step.id.as_str());
        ids.filter(|id| seen.insert(*id)).collect()
    }
}

impl Step {
    /// What was done, and how long it took.
    pub(super) fn told(&self) -> String {
        let (id, phase, took) = (&self.id, &self.phase, short(self.took));
        let name = match self.name == *id {
            true => String::new(),
            false => format!(" as `{}`", self.name),
        };
        format!(
            "{phase} of `{id}`{name} took {took}, begun at {}",
            short(self.begun)
        )
    }
}

/// A length of time, in the digits that are enough to compare by.
pub(super) fn short(time: Duration) -> String {
    let (value, unit) = match time.as_nanos() {
        0..1_000_000 => (time.as_secs_f64() * 1e6, "µs"),
        1_000_000..1_000_000_000 => (time.as_secs_f64() * 1e3, "ms"),
        _ => (time.as_secs_f64(), "s"),
    };
    let places = match value {
        value if value < 9.995 => 2,
        value if value < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.places$} {unit}")
}
