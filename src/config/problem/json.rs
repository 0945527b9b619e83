//! Problems for machines: each as one flat JSON object.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::error::{ConfigError, Problem};
use super::kind::ProblemKind;

impl ProblemKind {
    /// The kind in a word that does not change: `unknown-key`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::NotAFile { .. } => "unreadable",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::NestedTooDeep { .. } => "nested-too-deep",
            Self::RepeatedTooOften { .. } => "repeated-too-often",
            Self::Yaml { .. } => "yaml",
            Self::MissingRoot { .. } => "missing-root",
            Self::UnknownKey { .. } => "unknown-key",
            Self::ReadAlike { .. } => "read-alike",
            Self::NameOfComponent { .. } => "name-of-component",
            Self::NoItem { .. } => "no-item",
            Self::MissingKey { .. } => "missing-key",
            Self::WrongType { .. } => "wrong-type",
            Self::NotOneOf { .. } => "not-one-of",
            Self::OutOfRange { .. } => "out-of-range",
            Self::Refused { .. } => "refused",
            Self::Duration { .. } => "duration",
            Self::UnknownComponent { .. } => "unknown-component",
            Self::WrongKind { .. } => "wrong-kind",
            Self::UnknownInject { .. } => "unknown-inject",
            Self::MissingInject { .. } => "missing-inject",
            Self::UnknownService { .. } => "unknown-service",
            Self::WrongService { .. } => "wrong-service",
            Self::NotExactlyOne { .. } => "not-exactly-one",
            Self::Cycle { .. } => "cycle",
            Self::DuplicateStep { .. } => "duplicate-step",
            Self::SeveralRenderers { .. } => "several-renderers",
            Self::Renderer { .. } => "renderer",
            Self::TemplateNotRendered => "template-not-rendered",
            Self::TemplateSyntax { .. } => "template-syntax",
            Self::Template { .. } => "template",
            Self::NotARequirement { .. } => "not-a-requirement",
            Self::ApiVersion { .. } => "api-version",
            Self::LeftOut { .. } => "left-out",
            Self::FeatureMissing { .. } => "feature-missing",
            Self::UnknownPlugin { .. } => "unknown-plugin",
            Self::PluginVersion { .. } => "plugin-version",
        }
    }
}

/// `code`, `message`, `help`, `path`, `file`, `line`, `column`, `excerpt`. What is not known is null, and a problem of
/// the whole file has an empty path.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = self.place();
        let known = |number: u32| (number > 0).then_some(number);
        let mut object = serializer.serialize_struct("Problem", 8)?;
        object.serialize_field("code", self.kind().code())?;
        object.serialize_field("message", &self.message())?;
        object.serialize_field("help", &self.help())?;
        object.serialize_field("path", self.path())?;
        object.serialize_field("file", &place.map(|place| &place.source))?;
        object.serialize_field("line", &place.and_then(|place| known(place.line)))?;
        object.serialize_field("column", &place.and_then(|place| known(place.column)))?;
        object.serialize_field("excerpt", &place.and_then(|place| place.excerpt.as_ref()))?;
        object.end()
    }
}

/// The list of the problems.
impl Serialize for ConfigError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.problems().serialize(serializer)
    }
}

impl ConfigError {
    /// The problems for a machine: a list with an object for each, in the order of the file.
    ///
    /// ```
    /// let error = treenail::Settings::yaml("app.yml", "- no map").expect_err("a list");
    /// assert_eq!(error.to_json()[0]["code"], "yaml");
    /// assert_eq!(error.to_json()[0]["file"], "app.yml");
    /// ```
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
