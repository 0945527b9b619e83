//! The words. One table from every mistake to what is said about it, and so longer than other files; the sentences of
//! a stage that need some thought stand in functions below the table, in its order.
//!
//! A title is a phrase in lower case, with names in backticks and no full stop: what is wrong, not what the program did.
//! A help is one thing to do.

mod binding;
mod discovery;
mod layering;
mod manifest;
mod unused;
mod version;

use crate::diagnostic::{Named, Problem};
use crate::source::Origin;

/// What is said about one mistake.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// What is wrong.
    pub(super) title: String,
    /// What is said at the place itself.
    pub(super) label: String,
    /// What is said at further places.
    pub(super) also: Vec<(Origin, String)>,
    /// Lines below the places.
    pub(super) notes: Vec<String>,
    /// What to do about it.
    pub(super) help: Option<String>,
    /// The name that was probably meant, where the help asks for it.
    pub(super) meant: Option<String>,
}

impl Words {
    fn new(title: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    fn also(mut self, at: impl Into<Option<Origin>>, label: impl Into<String>) -> Self {
        self.also.extend(at.into().map(|at| (at, label.into())));
        self
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// "did you mean", where there is an idea; else something else to do.
    fn help_or(self, suggestion: Option<&String>, otherwise: impl Into<String>) -> Self {
        match suggestion {
            Some(name) => Self {
                meant: Some(name.clone()),
                ..self.help(format!("did you mean `{name}`?"))
            },
            None => self.help(otherwise),
        }
    }
}

/// What is said about a mistake.
pub(super) fn words(problem: &Problem) -> Words {
    use Problem as P;
    match problem {
        P::InvalidToml { words } => manifest::invalid_toml(words),
        P::UnknownKey {
            key,
            table,
            expected,
            cure,
        } => manifest::unknown_key(key, table, expected, cure),
        P::PluginsMeant => manifest::plugins_meant(),
        P::WrongType {
            key,
            expected,
            found,
        } => manifest::wrong_type(key, expected, found),
        P::MissingKey {
            key,
            table,
            example,
        } => manifest::missing_key(key, table, example),
        P::UnknownValue {
            key,
            value,
            expected,
            suggestion,
        } => manifest::unknown_value(key, value, expected, suggestion.as_ref()),
        P::NotAVersion {
            text,
            requirement,
            words,
        } => manifest::not_a_version(text, *requirement, words),
        P::NotAName { text, of, fault } => manifest::not_a_name(text, *of, *fault),
        P::NotATypePath { text, fault } => manifest::not_a_type_path(text, fault),
        P::Excluding {
            first,
            second,
            first_at,
        } => manifest::excluding(first, second, *first_at),
        P::DuplicateComponent { id, first } => manifest::duplicate_component(id, *first),
        P::UnknownFormat { found } => manifest::unknown_format(*found),
        P::Unreadable {
            package,
            path,
            words,
        } => manifest::unreadable(package, path, words),
        P::TypeDeclaredTwice {
            ty,
            first,
            second,
            first_at,
        } => manifest::type_declared_twice(ty, first, second, *first_at),
        P::Repeated { entry, key, first } => manifest::repeated(entry, key, *first),
        P::DoesNotApply {
            key,
            component,
            misfit,
        } => manifest::does_not_apply(key, component, *misfit),

        P::CargoFailed { fault, words } => discovery::cargo_failed(*fault, words),
        P::MetadataMalformed { package, fault } => discovery::metadata_malformed(package, fault),
        P::IndirectPlugin {
            id,
            package,
            version,
            via,
            service,
        } => discovery::indirect_plugin(id, package, version, via, service.as_deref()),
        P::PluginIdTwice { id, first, second } => discovery::plugin_id_twice(id, first, second),
        P::UnknownPlugin {
            id,
            undeclared: Some(undeclared),
            ..
        } => discovery::undeclared_plugin_named(id, undeclared),
        P::UnknownPlugin {
            id,
            suggestion,
            known,
            undeclared: None,
        } => discovery::unknown_plugin(id, suggestion.as_ref(), known),
        P::NotADependency {
            extern_name,
            package,
            suggestion,
            elsewhere,
        } => discovery::not_a_dependency(
            extern_name,
            package,
            suggestion.as_ref(),
            elsewhere.as_deref(),
        ),
        P::NoLibrary { id, package } => discovery::no_library(id, package),
        P::NothingToCompose { has_plugin } => discovery::nothing_to_compose(*has_plugin),
        P::UnknownOverlay {
            name,
            known,
            suggestion,
        } => discovery::unknown_overlay(name, known, suggestion.as_ref()),
        P::UndeclaredPlugin(undeclared) => discovery::undeclared_plugin(undeclared),
        P::FeatureMissing { id, absent, stated } => {
            discovery::feature_missing(id, absent, stated.as_deref())
        }

        P::PluginVersion {
            id,
            package,
            version,
            wanted,
        } => version::plugin(id, package, version, wanted),
        P::RequiredPluginVersion {
            id,
            version,
            required,
            package,
            found,
            wanted,
        } => version::required_plugin(&[id, version, required, found, wanted], package),
        P::ContractVersion {
            id,
            version,
            package,
            found,
            supported,
            cure,
        } => version::contract(&[id, version, package, found, supported], cure.as_ref()),
        P::HostVersion {
            id,
            version,
            host,
            found,
            supported,
            api_at,
        } => version::host(&[id, version, host, found, supported], *api_at),
        P::ContractTwice {
            package,
            users,
            ways,
            cures,
        } => version::contract_twice(package, users, ways, cures),
        P::Conflict {
            id,
            other,
            version,
            versions,
        } => version::conflict(id, other, version, versions),
        P::RequiredPluginMissing {
            id,
            required,
            wanted,
            absence,
        } => version::required_missing(id, required, wanted, absence),
        P::ApiNotADependency {
            id,
            package,
            suggestion,
        } => version::api_not_a_dependency(id, package, suggestion.as_ref()),

        P::NoProvider {
            service,
            component,
            field,
            stated,
            near,
        } => binding::no_provider(&[service, component, field, stated], near),
        P::SeveralProviders {
            service,
            component,
            field,
            providers,
        } => binding::several_providers(service, component, field, providers),
        P::WrongScope {
            service,
            component,
            field,
            scope,
            providers,
        } => binding::wrong_scope(service, component, field, scope, providers),
        P::UnknownComponent {
            id,
            used,
            suggestion,
            absence,
        } => binding::unknown_component(id, *used, suggestion.as_ref(), absence.as_ref()),
        P::DoesNotProvide {
            id,
            service,
            provides,
            declared,
        } => binding::does_not_provide(id, service, provides, *declared),
        P::Alias { from, to, fault } => binding::alias(from, to, fault),
        P::OptionalProvider {
            service,
            component,
            field,
            stated,
            provider,
            plugin,
            marked,
        } => binding::optional_provider(
            service,
            &[component, field, stated, provider, plugin],
            *marked,
        ),
        P::FeatureOff {
            id,
            feature,
            runtime,
        } => binding::feature_off(id, feature, runtime),
        P::NothingForHost { service, near } => binding::nothing_for_host(service, near),
        P::NothingToDecorate { id, service, near } => {
            binding::nothing_to_decorate(id, service, near)
        }
        P::UnusedBind { service, provider } => unused::bind(service, provider),
        P::Cycle { steps } => binding::cycle(steps),
        P::Contradiction { steps } => binding::contradiction(steps),

        P::NotACondition { fault } => layering::not_a_condition(fault),
        P::Contradicted { about, definitions } => layering::contradicted(about, definitions),
        P::UnknownFeature {
            feature,
            package,
            suggestion,
            known,
        } => layering::unknown_feature(feature, package, suggestion.as_ref(), known),
        P::AssertionFailed { message, found } => layering::assertion_failed(message, found),
        P::ReplacesNothing { name, suggestion } => {
            layering::replaces_nothing(name, suggestion.as_ref())
        }

        P::LeftOut {
            id,
            version,
            marked,
            inner,
        } => version::left_out(id, version, *marked, words(inner)),
        P::UnusedPlugin { id, package, idle } => unused::plugin(id, package, idle),
        P::UnusedComponent { id, own, winners } => unused::component(id, *own, winners),
        P::UnusedAlias { from, to, plugin } => unused::alias(from, to, plugin),
        P::UnusedOverlay { name, idle } => unused::overlay(name, *idle),
        P::UnknownLint {
            name,
            is_error,
            suggestion,
        } => unused::unknown_lint(name, *is_error, suggestion.as_ref()),
        P::UnusedLint { name } => unused::lint(name),
        P::UnusedOrder {
            id,
            component,
            suggestion,
        } => unused::order(id, component, suggestion.as_ref()),
        P::UnusedTable { table } => unused::table(table),
        P::IdleLine { line } => unused::line(line),
        P::UnusedHostAll { service } => unused::host_all(service),
    }
}

/// "`a`, `b` or `c`"
fn any_of(names: &[String]) -> String {
    list(names.iter().map(String::as_str), "or")
}

/// "`a`, `b` and `c`"
fn all_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    list(names, "and")
}

/// More names than anybody reads.
const MOST_NAMES: usize = 20;

fn list<'a>(names: impl IntoIterator<Item = &'a str>, word: &str) -> String {
    let mut all = names.into_iter();
    let shown = all.by_ref().take(MOST_NAMES);
    let mut names: Vec<String> = shown.map(|name| format!("`{name}`")).collect();
    let more = all.count();
    if more > 0 {
        return format!("{} {word} {more} more", names.join(", "));
    }
    let Some(last) = names.pop() else {
        return "nothing".to_owned();
    };
    if names.is_empty() {
        last
    } else {
        format!("{} {word} {last}", names.join(", "))
    }
}

/// Labels the places of these.
fn label_all(mut words: Words, named: &[Named], label: impl Fn(&Named) -> String) -> Words {
    for one in named {
        words = words.also(one.at, label(one));
    }
    words
}
