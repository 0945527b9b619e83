//! What a configuration that was written for the old program meets in the new one: the JSON Schemas of both, compared key by key.

use std::collections::BTreeSet;

use serde_json::Value;

use super::comparison::{
    Comparison, LOGGING, about_component, about_plugin, about_service, listed,
};
use super::fact::{Class, Decided, Fact};
use super::schema::{
    accepts_others, alternatives, default, plain, required, rules, shown, types, values,
};

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
    fn of(owner: &str) -> Self {
        let owner = Some(owner.to_owned());
        let path = Vec::new();
        Self { owner, path }
    }

    fn below(&self, key: &str) -> Self {
        let mut below = self.clone();
        below.path.push(key.to_owned());
        below
    }

    fn is(&self, key: &str) -> bool {
        self.owner.is_none() && self.path == [key]
    }

    fn subject(&self, what: &str) -> String {
        let owner = self.owner.as_ref().map(|owner| format!("`{owner}`"));
        let owner = owner.unwrap_or_else(|| "the configuration".to_owned());
        match self.path.is_empty() {
            true => format!("{what}configuration of {owner}"),
            false => format!("{what}key `{}` of {owner}", self.path.join(".")),
        }
    }
}

/// What a value may not be below, then what it may not be above, then what else it has to be.
const BOUNDS: [&[&str]; 3] = [
    &[
        "minimum",
        "exclusiveMinimum",
        "minLength",
        "minItems",
        "minProperties",
    ],
    &[
        "maximum",
        "exclusiveMaximum",
        "maxLength",
        "maxItems",
        "maxProperties",
    ],
    &["pattern", "format", "multipleOf", "uniqueItems"],
];

struct Keys<'k, 'd> {
    schemas: &'k Schemas,
    comparison: &'k mut Comparison<'d>,
    /// Definitions that have been compared.
    seen: BTreeSet<[String; 2]>,
}

impl<'k, 'd: 'k> Keys<'k, 'd> {
    /// New components whose configuration no old file has.
    fn has_to_be_configured(&mut self) {
        let pairs = self.comparison.pairs;
        let added = pairs
            .new
            .components
            .iter()
            .filter(|one| pairs.is_new(&one.id));
        for component in added.filter(|one| one.scope != "instance") {
            let id = &component.id;
            let required = required(&self.schemas.new["$defs"][id]);
            if !required.is_empty() {
                let provides = component.provides.iter();
                let services = provides.filter_map(|key| pairs.new.service(key));
                let causes = [about_component(id), about_plugin(&component.plugin)];
                let causes = causes.into_iter().chain(services.map(about_service));
                let what = format!("`{id}` has to be configured: {}", listed(required));
                self.comparison.follows(causes, Class::Breaking, &what);
            }
        }
    }

    fn tell(&mut self, class: Class, place: &Place, what: &str, before: &str, after: &str) {
        let new = self.comparison.pairs.new;
        let owner = place.owner.as_ref().and_then(|owner| new.component(owner));
        let fact = Fact::new(class, place.subject(what), before, after);
        let at = owner.map(|one| Decided::at(&one.at));
        self.comparison.tell(fact.decided(at));
    }

    fn compare(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        let both = [old, new].map(|one| one["$ref"].as_str().unwrap_or_default().to_owned());
        let is_known = !both[0].is_empty() && !both[1].is_empty() && !self.seen.insert(both);
        if is_known {
            return;
        }
        let (was, is) = (plain(&self.schemas.old, old), plain(&self.schemas.new, new));
        let (before, after) = (default(old, was), default(new, is));
        if before != after {
            self.tell(
                Class::Changed,
                place,
                "default of ",
                &shown(before),
                &shown(after),
            );
        }
        match (values(was), values(is)) {
            (None, None) => self.forms(was, is, place),
            (Some(before), Some(after)) => self.choices(&before, &after, place, "values of "),
            (before, after) => {
                let any = || BTreeSet::from(["any".to_owned()]);
                let class = Class::New.unless(after.is_some());
                let [before, after] = [before, after].map(|one| joined(&one.unwrap_or_else(any)));
                self.tell(class, place, "values of ", &before, &after);
            }
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
        let class = Class::New.unless(!before.iter().all(accepts));
        if before != after {
            self.tell(class, place, what, &joined(before), &joined(after));
        }
    }

    /// The form that a value has, or each of those that it may have.
    fn forms(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        let before = alternatives(&self.schemas.old, old);
        let after = alternatives(&self.schemas.new, new);
        if before.len().max(after.len()) == 1 {
            return self.form(old, new, place);
        }
        let (mut gone, mut come) = (before.clone(), after.clone());
        gone.retain(|label, _| !after.contains_key(label));
        come.retain(|label, _| !before.contains_key(label));
        for (label, one) in &before {
            if let Some(other) = after.get(label) {
                self.compare(one, other, place);
            }
        }
        if let ([one], [other]) = (
            &*Vec::from_iter(gone.values()),
            &*Vec::from_iter(come.values()),
        ) {
            return self.compare(one, other, place);
        }
        for label in gone.keys() {
            self.tell(Class::Breaking, place, "form of ", label, "gone");
        }
        for label in come.keys() {
            self.tell(Class::New, place, "form of ", "none", label);
        }
    }

    fn form(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        // Who may be named is told of the composition.
        if !rules(old).is_empty() || !rules(new).is_empty() {
            return self.uses(old, new);
        }
        let (before, after) = (types(old), types(new));
        // Whether a component's whole configuration may be left out, its keys tell.
        if !place.path.is_empty() && !before.is_empty() && !after.is_empty() {
            self.choices(&before, &after, place, "type of ");
        }
        for (bounds, is_lower) in BOUNDS.iter().zip([Some(true), Some(false), None]) {
            for bound in *bounds {
                let (before, after) = (&old[bound], &new[bound]);
                let greater = before
                    .as_f64()
                    .zip(after.as_f64())
                    .map(|(before, after)| after > before);
                let is_wider = greater.is_some() && greater != is_lower && is_lower.is_some();
                let class = Class::New.unless(!after.is_null() && !is_wider);
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
        }
        self.properties(old, new, place);
        self.others(old, new, place);
        if old["items"].is_object() && new["items"].is_object() {
            self.compare(&old["items"], &new["items"], &place.below("[]"));
        }
    }

    fn properties(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        if place.is("components") || place.is("injects") {
            return self.by_component(old, new, place);
        }
        let sides = [old, new].into_iter();
        let keys = sides.filter_map(|one| one["properties"].as_object());
        let keys: BTreeSet<&String> = keys.flat_map(|one| one.keys()).collect();
        for key in keys {
            let sides = [old, new].map(|one| {
                (
                    &one["properties"][key],
                    required(one).contains(&key.as_str()),
                )
            });
            self.property(sides, !accepts_others(new), &place.below(key));
        }
    }

    /// Keys that are components. What is said of one that comes or goes is told of the composition.
    fn by_component(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        let pairs = self.comparison.pairs;
        for was in &pairs.old.components {
            let Some(is) = pairs.component(&was.id) else {
                continue;
            };
            let sides = [(old, &was.id), (new, &is.id)];
            let sides = sides.map(|(one, id)| (&one["properties"][id], false));
            let below = match place.is("injects") {
                true => Place::of(&is.id).below("injects"),
                false => Place::of(&is.id),
            };
            self.property(sides, true, &below);
        }
    }

    /// Whether what may differ there is told of the composition.
    fn is_told(&self, place: &Place, sides: [&Value; 2]) -> bool {
        let path: Vec<&str> = place.path.iter().map(String::as_str).collect();
        match (&place.owner, &path[..]) {
            (None, ["plugins"]) => true,
            (None, ["injects"]) => sides.contains(&&Value::Null),
            (None, ["infrastructure"]) => self.comparison.tells(LOGGING),
            (Some(owner), ["injects", field]) => self
                .comparison
                .tells(&format!("need `{field}` of `{owner}`")),
            (Some(owner), []) => ["scope", "kind"].iter().any(|what| {
                let subject = format!("{what} of `{owner}`");
                sides.contains(&&Value::Null) && self.comparison.tells(&subject)
            }),
            _ => false,
        }
    }

    /// A key that one side may lack, and whether it has to be there.
    fn property(&mut self, sides: [(&'k Value, bool); 2], is_closed: bool, place: &Place) {
        let [(old, had_to), (new, has_to)] = sides;
        if old.is_null() && new.is_null() || self.is_told(place, [old, new]) {
            return;
        }
        // A configuration as a whole may be left out where none of its keys has to be there.
        let has_keys = |document, one| !required(plain(document, one)).is_empty();
        let is_whole = place.path.is_empty();
        let had_to = had_to || is_whole && has_keys(&self.schemas.old, old);
        let has_to = has_to || is_whole && has_keys(&self.schemas.new, new);
        let words = |must: bool| if must { "required" } else { "optional" };
        let both = !old.is_null() && !new.is_null();
        if !both || had_to != has_to && !is_whole {
            let class = match new.is_null() {
                true => Class::Changed.unless(is_closed),
                false => Class::New.unless(has_to),
            };
            let before = if old.is_null() { "none" } else { words(had_to) };
            let after = if new.is_null() { "gone" } else { words(has_to) };
            self.tell(class, place, "", before, after);
        }
        if both {
            self.compare(old, new, place);
        }
    }

    /// Keys that are not listed.
    fn others(&mut self, old: &'k Value, new: &'k Value, place: &Place) {
        let (before, after) = (&old["additionalProperties"], &new["additionalProperties"]);
        let (below, did, does) = (place.below("*"), accepts_others(old), accepts_others(new));
        if before.is_object() && after.is_object() {
            self.compare(before, after, &below);
        } else if did != does && !types(old).is_disjoint(&types(new)) {
            let word = |accepts: bool| if accepts { "optional" } else { "none" };
            self.tell(Class::New.unless(did), &below, "", word(did), word(does));
        }
    }

    /// What `params` and `injects` are, by the component that `use` names.
    fn uses(&mut self, old: &'k Value, new: &'k Value) {
        let pairs = self.comparison.pairs;
        for (names, before) in rules(old) {
            let Some(owner) = names.iter().find_map(|name| pairs.component(name)) else {
                continue;
            };
            let mut others = rules(new).into_iter();
            let after = others.find(|(names, _)| names.contains(&owner.id.as_str()));
            if let Some((_, after)) = after {
                let place = Place::of(&owner.id);
                let [before, after] = [before, after].map(|one| &one["properties"]);
                self.compare(&before["params"], &after["params"], &place);
                self.properties(
                    &before["injects"],
                    &after["injects"],
                    &place.below("injects"),
                );
            }
        }
    }
}

fn joined(all: &BTreeSet<String>) -> String {
    all.iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
