//! Every key of a part of a configuration, with its path: each definition told once, and referred to from then on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::schema::{Further, MapForm, Name, Schemas, Shape, ValueForm};

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

/// The line in which something is told.
#[derive(Clone, Copy)]
struct Line {
    number: usize,
    /// It is the line of that itself, and not of what holds it.
    is_own: bool,
}

impl Line {
    /// The line, for what is held: that has none of its own.
    fn shared(self) -> Self {
        Self {
            is_own: false,
            ..self
        }
    }
}

/// Finds keys.
pub(crate) struct Keys<'s> {
    schemas: Schemas<'s>,
    elsewhere: BTreeSet<&'s str>,
    told: BTreeMap<Name<'s>, Told>,
    pub(crate) found: Vec<Key<'s>>,
}

impl<'s> Keys<'s> {
    /// Nothing yet; `elsewhere` are definitions that are told in other parts: the configurations of components, by their ids.
    pub(crate) fn new(schemas: Schemas<'s>, elsewhere: impl Iterator<Item = &'s str>) -> Self {
        Self {
            schemas,
            elsewhere: elsewhere.collect(),
            told: BTreeMap::new(),
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
        self.keys_of(map, path, None);
    }

    fn keys_of(&mut self, map: &MapForm<'s>, path: &str, line: Option<Line>) {
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
            self.key(&joined(path, key), map, required, None, &shape);
        }
        for further in map.further.iter().filter(|one| one.is_declared()) {
            self.named(map, further, path, line);
        }
    }

    /// What the keys hold that the file itself names.
    fn named(&mut self, map: &MapForm<'s>, further: &Further<'s>, path: &str, line: Option<Line>) {
        let path = joined(path, NAMED);
        let shape = self.schemas.read(further.at);
        let has_others = !map.properties.is_empty() || further.pattern.is_some();
        match line.filter(|line| line.is_own && !has_others && !says_more(&shape)) {
            Some(line) => self.inside(&shape, &path, Some(line.shared())),
            None => self.key(&path, map, false, further.pattern, &shape),
        }
    }

    fn key(
        &mut self,
        path: &str,
        map: &MapForm<'s>,
        required: bool,
        pattern: Option<&'s str>,
        shape: &Shape<'s>,
    ) {
        let line = self.found.len();
        self.found.push(Key {
            path: path.to_owned(),
            when: map.when.clone(),
            required,
            pattern,
            shape: shape.clone(),
            told: Vec::new(),
        });
        let line = Line {
            number: line,
            is_own: true,
        };
        self.inside(shape, path, Some(line));
    }

    /// Tells what is inside of a value, which has this line.
    fn inside(&mut self, shape: &Shape<'s>, path: &str, line: Option<Line>) {
        // All forms of a definition are told at one place, also where one of them holds the definition.
        let forms = shape.forms.iter();
        let new: Vec<&ValueForm<'s>> = forms.filter(|form| self.is_new(form, path, line)).collect();
        for form in new {
            match form {
                ValueForm::Map(map) => self.keys_of(map, path, line),
                ValueForm::List(list) => self.items(list.at, path, line),
                _ => {}
            }
        }
    }

    /// Whether a definition is to be told here. Where it is told already, the line of what holds it says so.
    fn is_new(&mut self, form: &ValueForm<'s>, path: &str, line: Option<Line>) -> bool {
        let name = match form {
            ValueForm::Map(map) => map.name,
            ValueForm::List(list) => list.name,
            _ => None,
        };
        let Some(name) = name.filter(|_| self.holds_keys(form)) else {
            return true;
        };
        let component = self.elsewhere.get(name.0);
        let told = component.map(|id| Told::Component((*id).to_owned()));
        let Some(told) = told.or(self.told.get(&name).cloned()) else {
            self.told.insert(name, Told::At(path.to_owned()));
            return true;
        };
        if let Some(line) = line
            && !self.found[line.number].told.contains(&told)
        {
            self.found[line.number].told.push(told);
        }
        false
    }

    /// Whether there is anything to tell of what is inside of a value.
    fn holds_keys(&self, form: &ValueForm<'s>) -> bool {
        let may_hold = |at: &'s Value| {
            let forms = self.schemas.read(at).forms;
            let mut forms = forms.iter();
            forms.any(|form| matches!(form, ValueForm::Map(_) | ValueForm::List(_)))
        };
        match form {
            ValueForm::Map(map) => {
                let mut further = map.further.iter().filter(|one| one.is_declared());
                !map.properties.is_empty() || further.any(|one| may_hold(one.at))
            }
            ValueForm::List(list) => {
                let places = list.at["prefixItems"].as_array().into_iter().flatten();
                let mut inside = places.chain(list.at.get("items"));
                inside.any(may_hold)
            }
            _ => false,
        }
    }

    fn items(&mut self, list: &'s Value, path: &str, line: Option<Line>) {
        let places = list["prefixItems"].as_array().into_iter().flatten();
        let places = places.enumerate();
        let places = places.map(|(place, at)| (format!("{path}[{place}]"), at, true));
        let items = list.get("items").filter(|items| items.is_object());
        let items = items.map(|items| (format!("{path}[]"), items, false));
        for (path, at, is_place) in places.chain(items) {
            let shape = self.schemas.read(at);
            match line.filter(|line| line.is_own && !is_place && !says_more(&shape)) {
                Some(line) => self.inside(&shape, &path, Some(line.shared())),
                None => self.key(&path, &MapForm::default(), false, None, &shape),
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
