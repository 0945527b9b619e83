//! What can be wrong with a configuration, as data. The words stand in `words.rs`.

use treenail_core::nearest::nearest;

/// What stands in the place of the rest of a key.
const CUT: &str = "...";

/// What is wrong with a value of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The file cannot be read.
    Unreadable {
        /// The path tried.
        file: String,
        /// Why.
        cause: String,
    },
    /// What has the name of the file is none.
    NotAFile {
        /// The path tried.
        file: String,
        /// What it is.
        found: String,
    },
    /// The file is larger than is read.
    FileTooLarge {
        /// The file.
        file: String,
        /// So many bytes are read.
        most: u64,
    },
    /// Maps and lists are inside each other too often.
    NestedTooDeep {
        /// So often they may be.
        most: usize,
    },
    /// Aliases and merge keys bring in too much.
    RepeatedTooOften {
        /// So many bytes they may bring in, counted as if they were written out.
        most: u64,
    },
    /// The file is not YAML.
    Yaml {
        /// The parser's words, with the place.
        message: String,
    },
    /// The root key is missing.
    MissingRoot {
        /// The key that the application wants.
        root: String,
    },
    /// A key that nothing reads.
    UnknownKey {
        /// The key.
        key: String,
        /// A known key that is close to it.
        suggestion: Option<String>,
        /// Every known key.
        known: Vec<String>,
    },
    /// Names that a variable of the environment cannot tell apart.
    ReadAlike {
        /// The names.
        names: Vec<String>,
    },
    /// A service with the id of a component: whoever is told of both by name could not tell them apart.
    NameOfComponent {
        /// The name.
        name: String,
    },
    /// A variable that names an item of a list which is not there.
    NoItem {
        /// What stands in the place of the number.
        name: String,
        /// How many items there are.
        length: usize,
    },
    /// A key that must be there is not.
    MissingKey {
        /// The key.
        key: String,
        /// The component whose configuration lacks it, where the file says nothing of that component.
        component: Option<String>,
        /// A key that stands there and was probably meant for it, where other keys than the known ones may.
        near: Option<String>,
        /// What is to be written.
        expected: String,
    },
    /// A value of another type than declared.
    WrongType {
        /// What the declaration asks for.
        expected: String,
        /// What was found: a type, never the value.
        found: String,
        /// How it is written instead.
        help: Option<String>,
    },
    /// A text that is not one of the allowed ones.
    NotOneOf {
        /// The allowed ones.
        allowed: Vec<String>,
        /// One of them that is close.
        suggestion: Option<String>,
    },
    /// A number or a length outside its bounds.
    OutOfRange {
        /// The bounds in words.
        bounds: String,
    },
    /// The component's own reading of the value refused it.
    Refused {
        /// Why, without the values of variables.
        message: String,
    },
    /// A text that is no duration.
    Duration {
        /// The text.
        text: String,
    },
    /// A `use` that names no component of this binary.
    UnknownComponent {
        /// The name.
        name: String,
        /// A component that is close to it.
        suggestion: Option<String>,
    },
    /// A `use` of a component that cannot stand there.
    WrongKind {
        /// The component.
        component: String,
        /// What is wanted there.
        expected: &'static str,
        /// What the component is.
        found: &'static str,
    },
    /// An `injects` key that the component does not declare.
    UnknownInject {
        /// The key.
        name: String,
        /// The component.
        component: String,
        /// The names it declares.
        known: Vec<String>,
        /// One of them that is close.
        suggestion: Option<String>,
    },
    /// A required inject that the configuration has to choose.
    MissingInject {
        /// The name of the input.
        name: String,
        /// The service it asks for.
        service: String,
        /// The component that asks, where it stands in the section `injects`.
        component: Option<String>,
        /// The configured services that would fit, or some of them where there are many.
        candidates: Vec<String>,
        /// The components of which a configured service would fit.
        providers: Vec<String>,
    },
    /// An inject that names no configured service.
    UnknownService {
        /// The name.
        name: String,
        /// A service that is close to it.
        suggestion: Option<String>,
    },
    /// An inject of a service that does not provide what is asked for.
    WrongService {
        /// The name of the service.
        name: String,
        /// Its component.
        component: String,
        /// What is asked for.
        service: String,
    },
    /// A component needs exactly one configured service, and there are none or several.
    NotExactlyOne {
        /// Who needs it.
        needed_by: String,
        /// The component to be configured.
        component: String,
        /// The services there are.
        found: Vec<String>,
    },
    /// Services that need each other.
    Cycle {
        /// The names; the first is also the last.
        names: Vec<String>,
    },
    /// A second step with the same id in one list.
    DuplicateStep {
        /// The id.
        id: String,
        /// The path of the first.
        first: String,
    },
    /// More than one template renderer.
    SeveralRenderers {
        /// The names of the services.
        names: Vec<String>,
    },
    /// The template renderer cannot be made.
    Renderer {
        /// Its component.
        component: String,
        /// Why.
        message: String,
    },
    /// A text that looks like a template, where nothing renders templates: the program has them switched off.
    TemplateNotRendered,
    /// A template that does not parse.
    TemplateSyntax {
        /// The engine's words.
        message: String,
    },
    /// A template that fails when it is rendered at load.
    Template {
        /// Why.
        message: String,
    },
    /// A text that is no version requirement.
    NotARequirement {
        /// The text.
        text: String,
        /// The requirement in Cargo's form.
        suggestion: Option<String>,
    },
    /// The application's version is not the one asked for.
    ApiVersion {
        /// The requirement.
        requirement: String,
        /// The version of the application.
        version: String,
    },
    /// A component or a plugin that the composition knows, and leaves out of this binary.
    LeftOut {
        /// Its name, as it is written there.
        name: String,
        /// Where only something that is left out needed it: that one, what needed that one, and so on.
        needers: Vec<String>,
        /// Components that take the place of the last of them; none where it is switched off.
        winners: Vec<String>,
        /// The lines of manifests that say so.
        places: Vec<String>,
        /// The service that the host keeps it by.
        keep: Option<String>,
    },
    /// A component or a plugin that this binary would have if it had been built with a feature.
    FeatureMissing {
        /// Its name, as it is written there.
        name: String,
        /// The feature, as it is written after `--features`.
        feature: String,
        /// The package of the program.
        package: String,
    },
    /// A plugin that this binary does not have.
    UnknownPlugin {
        /// Its name.
        name: String,
        /// A plugin that is close to it.
        suggestion: Option<String>,
    },
    /// A plugin is there, in another version than asked for.
    PluginVersion {
        /// Its name.
        name: String,
        /// The requirement.
        requirement: String,
        /// The version in this binary.
        version: String,
    },
}

impl ProblemKind {
    /// A key that stands where only these do. Of `token:hunter2`, where a blank is missing, and of `token=hunter2` the value
    /// is not repeated; `bare`: it has no value.
    pub(crate) fn unknown_key<'k>(
        key: &str,
        bare: bool,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let near = |name: &str| nearest(name, known.iter().copied());
        let cut = |signs: &[char]| {
            key.match_indices(signs).find_map(|(at, sign)| {
                let name = key[..at].trim_end();
                let exact = known.contains(&name).then(|| name.to_owned());
                let near = exact.or_else(|| near(name));
                (near.is_some() || bare || sign == "=").then(|| (format!("{name}{CUT}"), near))
            })
        };
        let whole = || near(key).map(|near| (key.to_owned(), Some(near)));
        let found = cut(&[':', '=']).or_else(whole).or_else(|| cut(&[' ']));
        let (key, suggestion) = found.unwrap_or_else(|| (key.to_owned(), None));
        Self::UnknownKey {
            key,
            suggestion,
            known: known.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The name of an unknown key, as it is shown.
    pub(super) fn key(&self) -> &str {
        match self {
            Self::UnknownKey { key, .. } => key,
            _ => "",
        }
    }

    /// Whether the line of the problem holds more of a key than may be shown.
    pub(super) fn is_cut(&self) -> bool {
        self.key().ends_with(CUT)
    }

    /// An unknown key in the midst of a secret, of which it may be a part.
    pub(crate) fn without_key(mut self) -> Self {
        if let Self::UnknownKey { key, .. } = &mut self {
            CUT.clone_into(key);
        }
        self
    }

    /// What it quotes of a value.
    pub(super) fn quoted(&mut self) -> Option<&mut String> {
        match self {
            Self::Duration { text: quoted }
            | Self::UnknownComponent { name: quoted, .. }
            | Self::UnknownService { name: quoted, .. }
            | Self::NotARequirement { text: quoted, .. }
            | Self::ApiVersion {
                requirement: quoted,
                ..
            }
            | Self::PluginVersion {
                requirement: quoted,
                ..
            }
            | Self::Refused { message: quoted }
            | Self::Renderer {
                message: quoted, ..
            }
            | Self::TemplateSyntax { message: quoted }
            | Self::Template { message: quoted } => Some(quoted),
            _ => None,
        }
    }

    /// The name that was probably meant by one that stands here. It takes the place of the right one: what is inside is
    /// checked, and the right one is not missed.
    pub(crate) fn meant(&self) -> Option<&str> {
        match self {
            Self::UnknownKey { suggestion, .. }
            | Self::UnknownComponent { suggestion, .. }
            | Self::UnknownInject { suggestion, .. } => suggestion.as_deref(),
            _ => None,
        }
    }

    /// A value of a kind that is not expected where it stands.
    pub(crate) fn wrong_type(expected: impl Into<String>, found: &str) -> Self {
        Self::WrongType {
            expected: expected.into(),
            found: found.to_owned(),
            help: None,
        }
    }
}
