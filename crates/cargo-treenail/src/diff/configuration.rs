//! What a configuration that was written for the old program meets in the new one: the JSON Schemas of both, compared key by key.

use std::collections::BTreeSet;

use serde_json::Value;

use super::comparison::{Comparison, about_component, about_plugin, listed};
use super::fact::{Class, Decided, Fact};

/// The schema of each configuration, as the program prints it.
pub(crate) struct Schemas {
    pub(crate) old: Value,
    pub(crate) new: Value,
}

pub(super) fn compare(comparison: &mut Comparison<'_>, schemas: &Schemas) {
    let (old, new) = (
        &comparison.pairs.old.host.root,
        &comparison.pairs.new.host.root,
    );
    let (old, new) = (
        &schemas.old["properties"][old],
        &schemas.new["properties"][new],
    );
    let mut keys = Keys {
        schemas,
        comparison,
        seen: BTreeSet::new(),
    };
    keys.has_to_be_configured();
    keys.compare(old, new, &Place::default());
}

/// Where in a configuration something stands.
#[derive(Clone, Default)]
struct Place {
    /// The component that it configures, by its id in the new composition.
    owner: Option<String>,
    /// The keys that lead there, from the component or from the root key.
    path: Vec<String>,
}

impl Place {
    fn below(&self, key: &str) -> Self {
        let mut below = self.clone();
        below.path.push(key.to_owned());
        below
    }

    fn is(&self, path: &[&str]) -> bool {
        self.owner.is_none() && self.path == path
    }

    fn subject(&self, what: &str) -> String {
        let owner = match &self.owner {
            Some(owner) => format!("`{owner}`"),
            None => "the configuration".to_owned(),
        };
        match self.path.is_empty() {
            true => format!("{what}configuration of {owner}"),
            false => format!("{what}key `{}` of {owner}", self.path.join(".")),
        }
    }
}

/// What bounds a value, and whether a greater bound is a narrower one.
const BOUNDS: [(&str, bool); 9] = [
    ("minimum", true),
    ("exclusiveMinimum", true),
    ("minLength", true),
    ("minItems", true),
    ("maximum", false),
    ("exclusiveMaximum", false),
    ("maxLength", false),
    ("maxItems", false),
    ("maxProperties", false),
];

struct Keys<'k, 'd> {
    schemas: &'k Schemas,
    comparison: &'k mut Comparison<'d>,
    /// Definitions that have been compared.
    seen: BTreeSet<(String, String)>,
}

impl<'k> Keys<'k, '_> {
    /// New components whose configuration no old file has.
    fn has_to_be_configured(&mut self) {
        let new = self.comparison.pairs.new;
        let added = new
            .components
            .iter()
            .filter(|one| self.comparison.pairs.is_new(&one.id));
        for component in added.filter(|one| one.scope != "instance") {
            let required = required(&self.schemas.new["$defs"][&component.id]);
            if !required.is_empty() {
                let causes = [
                    about_component(&component.id),
                    about_plugin(&component.plugin),
                ];
                let what = format!(
                    "`{}` has to be configured: {}",
                    component.id,
                    listed(required)
                );
                self.comparison.follows(causes, Class::Breaking, &what);
            }
        }
    }

    fn tell(&mut self, class: Class, place: &Place, what: &str, before: &str, after: &str) {
        let new = self.comparison.pairs.new;
        let owner = place.owner.as_ref().and_then(|owner| new.component(owner));
        let fact = Fact::new(class, place.subject(what), before, after);
        self.comparison
            .tell(fact.decided(owner.map(|one| Decided::at(&one.at))));
    }

    fn compare(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        // Which plugins there are is told of the composition.
        if place.is(&["plugins"]) {
            return;
        }
        let whole = (old, new);
        if let (Some(one), Some(other)) = (old["$ref"].as_str(), new["$ref"].as_str())
            && !self.seen.insert((one.to_owned(), other.to_owned()))
        {
            return;
        }
        let (old, new) = (plain(&self.schemas.old, old), plain(&self.schemas.new, new));
        self.default(default(whole.0, old), default(whole.1, new), place);
        if let (Some(before), Some(after)) = (values(old), values(new)) {
            self.choices(&before, &after, place, "values of ");
            return;
        }
        let (before, after) = (types(old), types(new));
        // Whether a component's whole configuration may be left out, its keys tell.
        let is_whole = place.path.is_empty();
        if !is_whole && !before.is_empty() && !after.is_empty() {
            self.choices(&before, &after, place, "type of ");
        }
        self.bounds(old, new, place);
        self.properties(old, new, place);
        self.others(old, new, place);
        if old["items"].is_object() && new["items"].is_object() {
            self.compare(&old["items"], &new["items"], &place.below("[]"));
        }
        self.alternatives(old, new, place);
        self.uses(old, new);
    }

    fn default(&mut self, before: &Value, after: &Value, place: &Place) {
        if before != after {
            let (before, after) = (shown(before), shown(after));
            self.tell(Class::Changed, place, "default of ", &before, &after);
        }
    }

    /// What a value may be: less is breaking, more is new.
    fn choices(
        &mut self,
        before: &BTreeSet<String>,
        after: &BTreeSet<String>,
        place: &Place,
        what: &str,
    ) {
        let accepts =
            |one: &String| after.contains(one) || one == "integer" && after.contains("number");
        let class = match before.iter().all(accepts) {
            true => Class::New,
            false => Class::Breaking,
        };
        if before != after {
            let [before, after] =
                [before, after].map(|all| all.iter().cloned().collect::<Vec<_>>().join(", "));
            self.tell(class, place, what, &before, &after);
        }
    }

    fn bounds(&mut self, old: &Value, new: &Value, place: &Place) {
        for (bound, is_lower) in BOUNDS {
            let (before, after) = (&old[bound], &new[bound]);
            let class = match (before.as_f64(), after.as_f64()) {
                (Some(before), Some(after)) if (after < before) == is_lower => Class::New,
                (_, None) => Class::New,
                _ => Class::Breaking,
            };
            if before != after {
                self.tell(
                    class,
                    place,
                    &format!("`{bound}` of "),
                    &shown(before),
                    &shown(after),
                );
            }
        }
        for form in ["pattern", "format", "multipleOf", "uniqueItems"] {
            let (before, after) = (&old[form], &new[form]);
            let class = if after.is_null() {
                Class::New
            } else {
                Class::Breaking
            };
            if before != after {
                self.tell(
                    class,
                    place,
                    &format!("`{form}` of "),
                    &shown(before),
                    &shown(after),
                );
            }
        }
    }

    fn properties(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        let (had_to, has_to) = (required(old), required(new));
        let keys = [old, new]
            .into_iter()
            .filter_map(|one| one["properties"].as_object());
        let keys: BTreeSet<&String> = keys.flat_map(|one| one.keys()).collect();
        let is_components = place.is(&["components"]) || place.is(&["injects"]);
        for key in keys {
            let owned = is_components.then(|| self.comparison.pairs.id(key).to_owned());
            let is = owned.as_ref().unwrap_or(key);
            let (before, after) = (&old["properties"][key], &new["properties"][is]);
            let below = match &owned {
                // A component of that name is told of the composition, where it comes or goes.
                Some(_) if !self.stays(key, is) => continue,
                Some(owner) => Place {
                    owner: Some(owner.clone()),
                    path: Vec::new(),
                },
                None => place.below(key),
            };
            let below = if place.is(&["injects"]) {
                below.below("injects")
            } else {
                below
            };
            let is_told = below.path.len() == 2
                && below.path[0] == "injects"
                && below.owner.as_ref().is_some_and(|owner| {
                    self.comparison
                        .tells(&format!("need `{}` of `{owner}`", below.path[1]))
                });
            if is_told {
                continue;
            }
            let words = |must: bool| if must { "required" } else { "optional" };
            let (had_to, has_to) = (
                had_to.contains(&key.as_str()),
                has_to.contains(&is.as_str()),
            );
            match (before.is_null(), after.is_null()) {
                (false, true) => {
                    let is_closed = !accepts_others(new);
                    let class = if is_closed {
                        Class::Breaking
                    } else {
                        Class::Changed
                    };
                    self.tell(class, &below, "", "there", "gone");
                }
                (true, false) => {
                    // A configuration as a whole may be left out where none of its keys has to be there.
                    let inner = required(plain(&self.schemas.new, after));
                    let must = has_to || owned.is_some() && !inner.is_empty();
                    let class = if must { Class::Breaking } else { Class::New };
                    self.tell(class, &below, "", "none", words(must));
                }
                _ => {
                    if had_to != has_to {
                        let class = if has_to { Class::Breaking } else { Class::New };
                        self.tell(class, &below, "", words(had_to), words(has_to));
                    }
                    self.compare(before, after, &below);
                }
            }
        }
    }

    /// Whether the component that a key names is on both sides.
    fn stays(&self, key: &str, is: &str) -> bool {
        let pairs = self.comparison.pairs;
        pairs.component(key).is_some() && !pairs.is_new(is)
    }

    /// Keys that are not listed.
    fn others(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        let (before, after) = (&old["additionalProperties"], &new["additionalProperties"]);
        let below = place.below("*");
        match (before.is_object(), after.is_object()) {
            (true, true) => self.compare(before, after, &below),
            _ if accepts_others(old) == accepts_others(new)
                || types(old).is_disjoint(&types(new)) => {}
            _ if accepts_others(old) => self.tell(Class::Breaking, &below, "", "there", "gone"),
            _ => self.tell(Class::New, &below, "", "none", "optional"),
        }
    }

    fn alternatives(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        let (before, after) = (alternatives(old), alternatives(new));
        let named = |all: &[&'k Value]| all.iter().map(|one| label(one)).collect::<Vec<_>>();
        let (names, others) = (named(&before), named(&after));
        let mut gone: Vec<usize> = (0..before.len())
            .filter(|one| !others.contains(&names[*one]))
            .collect();
        let mut come: Vec<usize> = (0..after.len())
            .filter(|one| !names.contains(&others[*one]))
            .collect();
        let mut pairs: Vec<(usize, usize)> = (0..before.len())
            .filter_map(|one| Some((one, others.iter().position(|other| *other == names[one])?)))
            .collect();
        if let ([one], [other]) = (gone.as_slice(), come.as_slice()) {
            pairs.push((*one, *other));
            (gone, come) = (Vec::new(), Vec::new());
        }
        for (one, other) in pairs {
            self.compare(before[one], after[other], place);
        }
        for one in gone {
            self.tell(Class::Breaking, place, "form of ", &names[one], "gone");
        }
        for one in come {
            self.tell(Class::New, place, "form of ", "none", &others[one]);
        }
    }

    /// What `params` and `injects` are, by the component that `use` names.
    fn uses(&mut self, old: &'k Value, new: &'k Value) {
        for (names, before) in rules(old) {
            let mut others = rules(new).into_iter();
            let owner = |name: &&str| self.comparison.pairs.old.component(name).is_some();
            let Some(id) = names.iter().copied().find(owner) else {
                continue;
            };
            let owner = self.comparison.pairs.id(id).to_owned();
            let after = others.find(|(names, _)| names.contains(&owner.as_str()));
            if let Some((_, after)) = after.filter(|_| self.stays(id, &owner)) {
                let place = Place {
                    owner: Some(owner),
                    path: Vec::new(),
                };
                let part = |side: &'k Value, key: &str| &side["properties"][key];
                self.compare(part(before, "params"), part(after, "params"), &place);
                self.properties(
                    part(before, "injects"),
                    part(after, "injects"),
                    &place.below("injects"),
                );
            }
        }
    }
}

/// The rules for each component that `use` may name, by its names.
fn rules(schema: &Value) -> Vec<(Vec<&str>, &Value)> {
    let all = schema["allOf"].as_array().into_iter().flatten();
    let rules = all.filter_map(|rule| {
        let names = rule["if"]["properties"]["use"]["enum"].as_array()?;
        Some((
            names.iter().filter_map(Value::as_str).collect(),
            &rule["then"],
        ))
    });
    rules.collect()
}

/// What a reference leads to; of a value that may be written as a text as well, the value.
fn plain<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let mut schema = schema;
    for _ in 0..16 {
        let reference = schema["$ref"]
            .as_str()
            .and_then(|one| one.strip_prefix('#'));
        let text_form = |one: &Value| one["type"] == "string" && one.get("pattern").is_some();
        match (reference, schema["anyOf"].as_array().map(Vec::as_slice)) {
            (Some(pointer), _) => schema = document.pointer(pointer).unwrap_or(&Value::Null),
            (None, Some([value, text])) if text_form(text) => schema = value,
            _ => break,
        }
    }
    schema
}

/// The default that is stated beside a reference, or where that leads to.
fn default<'v>(schema: &'v Value, plain: &'v Value) -> &'v Value {
    schema.get("default").unwrap_or(&plain["default"])
}

/// So many characters of a value are shown.
const LONGEST: usize = 60;

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        value => {
            let text = value.to_string();
            match text.char_indices().nth(LONGEST) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text,
            }
        }
    }
}

/// The values, where it lists them.
fn values(schema: &Value) -> Option<BTreeSet<String>> {
    if let Some(values) = schema["enum"].as_array() {
        return Some(values.iter().map(Value::to_string).collect());
    }
    if let Some(value) = schema.get("const") {
        return Some(BTreeSet::from([value.to_string()]));
    }
    let all = alternatives(schema);
    let listed: Option<Vec<_>> = all.iter().map(|one| values(one)).collect();
    let listed = listed.filter(|all| !all.is_empty())?;
    Some(listed.into_iter().flatten().collect())
}

fn alternatives(schema: &Value) -> Vec<&Value> {
    let all = [&schema["anyOf"], &schema["oneOf"]].into_iter();
    all.filter_map(Value::as_array).flatten().collect()
}

/// What tells an alternative from the others.
fn label(schema: &Value) -> String {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut tags =
        properties.filter_map(|(key, value)| Some(format!("{key}: {}", value.get("const")?)));
    if let Some(tag) = tags.next() {
        return tag;
    }
    match schema["$ref"].as_str() {
        Some(reference) => reference.rsplit('/').next().unwrap_or(reference).to_owned(),
        None => types(schema).into_iter().collect::<Vec<_>>().join(", "),
    }
}

fn types(schema: &Value) -> BTreeSet<String> {
    let all = match &schema["type"] {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    all.iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn required(schema: &Value) -> Vec<&str> {
    let all = schema["required"].as_array().into_iter().flatten();
    all.filter_map(Value::as_str).collect()
}

/// Whether keys that are not listed are taken.
fn accepts_others(schema: &Value) -> bool {
    let closed = |key: &str| schema[key] == false;
    !closed("additionalProperties") && !closed("unevaluatedProperties")
}
