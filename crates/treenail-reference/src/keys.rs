//! Every key of a part of a configuration, with its path: each definition told once, and referred to from then on.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schema::{Further, MapForm, Schemas, Shape, ValueForm};

/// How a path has what the file itself names.
pub(crate) const NAMED: &str = "<name>";

/// A key.
pub(crate) struct Key<'s> {
    /// Its way through the part: `.` between keys, `[]` for each item of a list, `<name>` for what the file itself names.
    pub(crate) path: String,
    /// What tells the form of the map that has it from others.
    pub(crate) when: Option<String>,
    pub(crate) required: bool,
    /// What keys that the file itself names look like.
    pub(crate) pattern: Option<&'s str>,
    pub(crate) shape: Shape<'s>,
    /// Where the keys of what it holds are told.
    pub(crate) told: Vec<Told>,
}

/// Where the keys of a definition are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// At this path of the part.
    At(String),
    /// It is the configuration of this component.
    Component(String),
}

/// Finds keys.
pub(crate) struct Keys<'s> {
    schemas: Schemas<'s>,
    told: BTreeMap<&'s str, Told>,
    pub(crate) found: Vec<Key<'s>>,
}

impl<'s> Keys<'s> {
    /// Nothing yet; `elsewhere` are definitions that are told in other parts: the configurations of components, by their ids.
    pub(crate) fn new(
        schemas: Schemas<'s>,
        elsewhere: impl Iterator<Item = &'s str>,
    ) -> Self {
        let told = elsewhere.map(|id| (id, Told::Component(id.to_owned())));
        Self {
            schemas,
            told: told.collect(),
            found: Vec::new(),
        }
    }

    /// Tells what is in a part. The part itself has no line.
    pub(crate) fn part(&mut self, path: &str, at: &'s Value) {
        let shape = self.schemas.read(at);
        self.inside(&shape, path, None);
    }

    /// Tells the keys of a map.
    pub(crate) fn map(&mut self, map: &MapForm<'s>, path: &str) {
        let tag = map.tag().map(|(tag, _)| tag);
        let first = tag.and_then(|tag| map.properties.get_key_value(tag));
        let rest = map.properties.iter();
        let rest = rest.filter(|(key, _)| Some(**key) != tag);
        // What has to be there comes before what may.
        let (required, others): (Vec<_>, Vec<_>) =
            rest.partition(|(key, _)| map.required.contains(key));
        for (key, at) in first.into_iter().chain(required).chain(others) {
            let mut shape = self.schemas.read(at);
            if Some(*key) == tag && map.when.is_some() {
                shape.description = shape.description.or(map.about);
            }
            let required = map.required.contains(key);
            self.key(joined(path, key), map, required, None, shape);
        }
        for further in map.further.iter().filter(|one| one.is_declared()) {
            self.named(map, further, path);
        }
    }

    /// What the keys hold that the file itself names.
    fn named(&mut self, map: &MapForm<'s>, further: &Further<'s>, path: &str) {
        let path = joined(path, NAMED);
        let shape = self.schemas.read(further.at);
        if says_more(&shape) || further.pattern.is_some() || self.found.is_empty() {
            self.key(path, map, false, further.pattern, shape);
        } else {
            self.inside(&shape, &path, Some(self.found.len() - 1));
        }
    }

    fn key(
        &mut self,
        path: String,
        map: &MapForm<'s>,
        required: bool,
        pattern: Option<&'s str>,
        shape: Shape<'s>,
    ) {
        let line = self.found.len();
        self.found.push(Key {
            path: path.clone(),
            when: map.when.clone(),
            required,
            pattern,
            shape: shape.clone(),
            told: Vec::new(),
        });
        self.inside(&shape, &path, Some(line));
    }

    /// Tells what is inside of a value, which has this line.
    fn inside(&mut self, shape: &Shape<'s>, path: &str, line: Option<usize>) {
        for form in &shape.forms {
            match form {
                ValueForm::Map(map) => self.once(map, path, line),
                ValueForm::List(list) => self.items(list, path, line),
                _ => {}
            }
        }
    }

    fn once(&mut self, map: &MapForm<'s>, path: &str, line: Option<usize>) {
        let is_told = map.name.and_then(|name| self.told.get(name));
        match (is_told, line) {
            (Some(told), Some(line)) => {
                let told = told.clone();
                self.found[line].told.push(told);
            }
            (Some(_), None) => {}
            (None, _) => {
                if let Some(name) = map.name {
                    self.told.insert(name, Told::At(path.to_owned()));
                }
                self.map(map, path);
            }
        }
    }

    fn items(&mut self, list: &'s Value, path: &str, line: Option<usize>) {
        let places = list["prefixItems"].as_array().into_iter().flatten();
        let places = places.enumerate();
        let places = places.map(|(place, at)| (format!("{path}[{place}]"), at, true));
        let items = list.get("items").filter(|items| items.is_object());
        let items = items.map(|items| (format!("{path}[]"), items, false));
        for (path, at, is_place) in places.chain(items) {
            let shape = self.schemas.read(at);
            if says_more(&shape) || is_place {
                self.key(path, &MapForm::default(), false, None, shape);
            } else {
                self.inside(&shape, &path, line);
            }
        }
    }
}

/// Whether there is more to say of a value than what it holds.
fn says_more(shape: &Shape<'_>) -> bool {
    let telling = |form: &ValueForm<'_>| match form {
        ValueForm::Constants(all) => all.iter().any(|one| one.about.is_some()),
        ValueForm::Map(map) => map.when.is_some(),
        _ => false,
    };
    let is_map = matches!(shape.forms.as_slice(), [ValueForm::Map(_)]);
    shape.secret || shape.forms.iter().any(telling) || (shape.description.is_some() && !is_map)
}

fn joined(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}
