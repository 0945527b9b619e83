//! Plain values: texts, numbers, words, versions, types.
//!
//! A function that returns `None` has reported why, or keeps silent because the TOML parser did.

use semver::{Prerelease, Version, VersionReq};
use toml::de::DeValue;
use treenail_core::nearest::nearest;

use super::reader::Reader;
use super::value::Entry;
use crate::diagnostic::mistake::{
    EmptyRange, NameFault, NameOf, NotAName, NotATypePath, NotAVersion, UnknownValue, WrongType,
};
use crate::model::type_path::PathFault;
use crate::model::{Root, TypeExpr, type_path};
use crate::source::{Located, Origin, quoted};

impl Reader<'_> {
    /// The value as a string.
    pub(super) fn string(&mut self, entry: &Entry<'_>) -> Option<Located<String>> {
        match entry.value {
            DeValue::String(text) if !entry.broken => Some(Located {
                value: text.to_string(),
                origin: entry.at,
            }),
            _ => self.wrong_type(entry, "a string"),
        }
    }

    /// A text for people.
    pub(super) fn text(&mut self, entry: &Entry<'_>) -> Option<String> {
        self.string(entry).map(|text| text.value)
    }

    /// The value as `true` or `false`.
    pub(super) fn boolean(&mut self, entry: &Entry<'_>) -> Option<Located<bool>> {
        match entry.value {
            DeValue::Boolean(value) if !entry.broken => Some(Located {
                value: *value,
                origin: entry.at,
            }),
            _ => self.wrong_type(entry, "`true` or `false`"),
        }
    }

    /// The value as a number.
    pub(super) fn integer(&mut self, entry: &Entry<'_>) -> Option<i64> {
        match entry.value {
            DeValue::Integer(number) if !entry.broken => {
                Some(i64::from_str_radix(number.as_str(), number.radix()).unwrap_or(i64::MAX))
            }
            _ => self.wrong_type(entry, "a number"),
        }
    }

    /// The value as a number that is not negative, nor larger than any count.
    pub(super) fn count(&mut self, entry: &Entry<'_>) -> Option<u32> {
        let number = self.integer(entry)?;
        match u32::try_from(number) {
            Ok(count) => Some(count),
            Err(_) => self.unfit(entry, "a number from 0 to 4294967295", &number.to_string()),
        }
    }

    /// Reports a value of the right kind that cannot stand here.
    pub(super) fn unfit<T>(&mut self, entry: &Entry<'_>, expected: &str, found: &str) -> Option<T> {
        let problem = WrongType {
            key: entry.key.to_owned(),
            expected: expected.to_owned(),
            found: format!("`{found}`"),
        };
        self.problems.report(problem, entry.at);
        None
    }

    /// One of several words. A slip of the hand is reported, and taken for what was meant.
    pub(super) fn choice<T: Copy>(
        &mut self,
        entry: &Entry<'_>,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let word = self.string(entry)?.value;
        let named = |word: &str| {
            let mut choices = choices.iter();
            choices
                .find(|(name, _)| *name == word)
                .map(|(_, value)| *value)
        };
        if let Some(value) = named(&word) {
            return Some(value);
        }
        let suggestion = nearest(&word, choices.iter().map(|(name, _)| *name));
        let meant = suggestion.as_deref().and_then(named);
        let problem = UnknownValue {
            key: entry.key.to_owned(),
            suggestion,
            value: word,
            expected: choices.iter().map(|(name, _)| (*name).to_owned()).collect(),
        };
        self.problems.report(problem, entry.at);
        meant
    }

    /// A version: `1.4.0`.
    pub(super) fn version(&mut self, entry: &Entry<'_>) -> Option<Located<Version>> {
        self.parsed(entry, Version::parse, false)
    }

    /// A version requirement: `>=1.2, <2`.
    pub(super) fn requirement(&mut self, entry: &Entry<'_>) -> Option<Located<VersionReq>> {
        let versions = self.parsed(entry, VersionReq::parse, true)?;
        if matches_nothing(&versions.value) {
            let text = versions.value.to_string();
            self.problems.report(EmptyRange { text }, versions.origin);
            return None;
        }
        Some(versions)
    }

    fn parsed<T>(
        &mut self,
        entry: &Entry<'_>,
        parse: fn(&str) -> Result<T, semver::Error>,
        requirement: bool,
    ) -> Option<Located<T>> {
        let Located {
            value: text,
            origin,
        } = self.string(entry)?;
        match parse(&text) {
            Ok(value) => Some(Located { value, origin }),
            Err(error) => {
                let problem = NotAVersion {
                    text,
                    requirement,
                    words: error.to_string(),
                };
                self.problems.report(problem, origin);
                None
            }
        }
    }

    /// A type, in the value.
    pub(super) fn ty(&mut self, entry: &Entry<'_>) -> Option<Located<TypeExpr>> {
        let text = self.string(entry)?;
        self.type_in(&text.value, text.origin)
    }

    /// A type, written at this place.
    pub(super) fn type_in(&mut self, text: &str, at: Origin) -> Option<Located<TypeExpr>> {
        self.path_in(text, at, false)
    }

    /// A path to a type, or to a value, written at this place.
    pub(super) fn path_in(
        &mut self,
        text: &str,
        at: Origin,
        is_value: bool,
    ) -> Option<Located<TypeExpr>> {
        let refusal = match type_path::parse(text) {
            Ok(value) => return Some(Located { value, origin: at }),
            Err(refusal) => refusal,
        };
        let meant = type_path::mended(text);
        let problem = NotATypePath {
            text: text.to_owned(),
            fault: refusal.fault,
            meant: meant.as_ref().map(TypeExpr::to_string),
            is_value,
        };
        let part = self.within(at, text, refusal.range);
        self.problems.report(problem, part);
        meant.map(|value| Located { value, origin: at })
    }

    /// A service, in the value.
    pub(super) fn service(&mut self, entry: &Entry<'_>) -> Option<Located<TypeExpr>> {
        let text = self.string(entry)?;
        self.service_in(&text.value, text.origin)
    }

    /// A service, written at this place: a trait object, or a type that may be a component's.
    pub(super) fn service_in(&mut self, text: &str, at: Origin) -> Option<Located<TypeExpr>> {
        if let Some((wrapper, value)) = type_path::wrapped(text) {
            let problem = NotATypePath {
                text: text.to_owned(),
                fault: PathFault::Wrapped(wrapper),
                meant: Some(value.to_string()),
                is_value: false,
            };
            self.problems.report(problem, at);
            // The others say how it is asked for, which stands elsewhere.
            let is_plain = matches!(wrapper, "Arc" | "Box" | "Rc");
            return is_plain.then_some(Located { value, origin: at });
        }
        let ty = self.type_in(text, at)?;
        if !ty.value.is_dyn && matches!(ty.value.root(), Root::Std(_) | Root::Lone(_)) {
            return self.not_a_path(text, PathFault::NotAService, at);
        }
        Some(ty)
    }

    /// Reports a type that cannot stand where it does.
    pub(super) fn not_a_path<T>(&mut self, text: &str, fault: PathFault, at: Origin) -> Option<T> {
        self.not_this_path(text, fault, at, false)
    }

    /// Reports a type, or a value, that cannot stand where it does.
    pub(super) fn not_this_path<T>(
        &mut self,
        text: &str,
        fault: PathFault,
        at: Origin,
        is_value: bool,
    ) -> Option<T> {
        let problem = NotATypePath {
            text: text.to_owned(),
            fault,
            meant: None,
            is_value,
        };
        self.problems.report(problem, at);
        None
    }

    /// Part of a string, where the file spells the string letter by letter; else the whole string.
    pub(super) fn within(&self, at: Origin, value: &str, part: std::ops::Range<usize>) -> Origin {
        let (start, end) = (at.start as usize, at.end as usize);
        let written = self.text.get(start..end).and_then(quoted);
        if value.is_empty() || written.is_none_or(|(inner, _)| inner != value) {
            return at;
        }
        Origin::new(self.source, start + 1 + part.start..start + 1 + part.end)
    }

    /// Reports a name that is none.
    pub(super) fn not_a_name<T>(
        &mut self,
        text: &str,
        of: NameOf,
        fault: NameFault,
        at: Origin,
    ) -> Option<T> {
        self.problems.report(
            NotAName {
                text: text.to_owned(),
                of,
                fault,
            },
            at,
        );
        None
    }
}

/// Whether no version is one of those meant. The smallest that is, if there is one, is where one of the bounds begins.
fn matches_nothing(versions: &VersionReq) -> bool {
    let bounds = versions.comparators.iter().flat_map(|one| {
        let (minor, patch) = (one.minor.unwrap_or(0), one.patch.unwrap_or(0));
        let from = Version::new(one.major, minor, patch);
        let after = [
            Version::new(one.major, minor, patch.saturating_add(1)),
            Version::new(one.major, minor.saturating_add(1), 0),
            Version::new(one.major.saturating_add(1), 0, 0),
        ];
        let pre = Version {
            pre: one.pre.clone(),
            ..from.clone()
        };
        let next = Prerelease::new(&format!("{}.0", one.pre)).unwrap_or_default();
        let next = Version {
            pre: next,
            ..from.clone()
        };
        after.into_iter().chain([from, pre, next])
    });
    let mut tried = bounds.chain([Version::new(0, 0, 0)]);
    !versions.comparators.is_empty() && !tried.any(|version| versions.matches(&version))
}

#[cfg(test)]
mod tests {
    use semver::VersionReq;

    use super::matches_nothing;

    #[test]
    fn a_range_has_a_version_where_its_bounds_leave_one() {
        for (text, is_empty) in [
            ("*", false),
            ("<1", false),
            (">1.2", false),
            (">=1.2, <2", false),
            ("=1.2.3-beta.1", false),
            (">1.0.0-alpha, <1.0.0-beta", false),
            ("^0.4, ^0.4.2", false),
            (">=2, <1", true),
            ("<0.0.0", true),
            ("^1, ^2", true),
            (">1.2.3, <1.2.4", true),
            ("=1.2.3, ~1.3", true),
        ] {
            let versions = VersionReq::parse(text).expect("a requirement");
            assert_eq!(matches_nothing(&versions), is_empty, "{text}");
        }
    }
}
