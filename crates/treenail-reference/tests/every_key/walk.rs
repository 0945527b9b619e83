//! Every key that a schema has, and every key that a page has, each found without what makes the page.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A key: whose part it is in, and its way through that.
pub(crate) type Path = (String, String);

/// The keys of a schema of a configuration: of the sections of the program, of a step, and of each component. A definition is not
/// entered from inside of itself.
pub(crate) fn keys_of_schema(schema: &Value, root: &str) -> BTreeSet<Path> {
    let mut walk = Walk {
        schema,
        found: BTreeSet::new(),
    };
    walk.value(&schema["properties"][root], "", "", &mut Vec::new());
    for name in ["service", "step"] {
        let definition = &schema["$defs"][name];
        if name == "step" {
            walk.value(definition, "step", "", &mut vec!["step".to_owned()]);
        }
        for rule in list(&definition["allOf"]) {
            let names: Vec<&Value> = list(&rule["if"]["properties"]["use"]["enum"]).collect();
            let offered = |name: &&&Value| {
                list(&definition["properties"]["use"]["anyOf"]).any(|one| one["const"] == ***name)
            };
            let owner = names.iter().find(offered).or(names.first());
            let owner = owner.and_then(|name| name.as_str()).expect("a name");
            for part in ["params", "injects"] {
                walk.value(
                    &rule["then"]["properties"][part],
                    owner,
                    part,
                    &mut Vec::new(),
                );
            }
        }
    }
    walk.found
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

struct Walk<'s> {
    schema: &'s Value,
    found: BTreeSet<Path>,
}

impl<'s> Walk<'s> {
    fn value(&mut self, at: &'s Value, owner: &str, path: &str, inside: &mut Vec<String>) {
        if let Some(name) = at["$ref"].as_str() {
            let name = name.trim_start_matches("#/$defs/").replace("~1", "/");
            let is_component = owner.is_empty() && path.starts_with("components.");
            let owner = if is_component {
                path.trim_start_matches("components.")
            } else {
                owner
            };
            let path = if is_component { "" } else { path };
            if name != "step" && !inside.contains(&name) {
                inside.push(name.clone());
                self.value(&self.schema["$defs"][&name], owner, path, inside);
                inside.pop();
            }
        }
        for (key, at) in at["properties"].as_object().into_iter().flatten() {
            let path = match path {
                "" => key.clone(),
                path => format!("{path}.{key}"),
            };
            self.found.insert((owner.to_owned(), path.clone()));
            self.value(at, owner, &path, inside);
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            for at in list(&at[key]) {
                self.value(at, owner, path, inside);
            }
        }
        let named = |at: &'s Value| {
            at.as_object()
                .is_some_and(|at| !at.is_empty())
                .then_some(at)
        };
        let further = ["additionalProperties", "unevaluatedProperties"].map(|key| &at[key]);
        let patterns = at["patternProperties"].as_object().into_iter().flatten();
        for at in further
            .into_iter()
            .chain(patterns.map(|(_, at)| at))
            .filter_map(named)
        {
            let path = format!("{path}.<name>");
            self.value(at, owner, path.trim_start_matches('.'), inside);
        }
        if let Some(items) = named(&at["items"]) {
            self.value(items, owner, &format!("{path}[]"), inside);
        }
        for (place, at) in list(&at["prefixItems"]).enumerate() {
            self.value(at, owner, &format!("{path}[{place}]"), inside);
        }
    }
}

/// The keys of a page of Markdown, each with where the keys of what it holds are told.
pub(crate) fn keys_of_page(page: &str) -> BTreeMap<Path, Vec<String>> {
    let (mut found, mut owner, mut is_of_keys) = (BTreeMap::new(), String::new(), false);
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("### ").or(line.strip_prefix("## ")) {
            owner = match heading {
                "The configuration" => String::new(),
                "A step" => "step".to_owned(),
                other => other.trim_matches('`').to_owned(),
            };
        } else if line.starts_with("| key |") {
            is_of_keys = true;
        } else if !line.starts_with('|') {
            is_of_keys = false;
        } else if is_of_keys && !line.starts_with("|---") {
            let line = line.replace("\\|", "¦");
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let key = cells[1].split('`').nth(1).expect("a code");
            let told: Vec<String> = cells[2]
                .split("see [`")
                .skip(1)
                .filter_map(|rest| Some(rest.split("`]").next()?.to_owned()))
                .collect();
            let entry: &mut Vec<String> = found.entry((owner.clone(), key.to_owned())).or_default();
            entry.extend(told);
        }
    }
    found
}

/// So many times one row says that what it holds is told in another one.
const LONGEST: usize = 8;

/// Whether a page has a key, in a row of its own or where another row says that it is told.
fn has(page: &BTreeMap<Path, Vec<String>>, owner: &str, path: &str, times: usize) -> bool {
    let of = |path: &str| page.get(&(owner.to_owned(), path.to_owned()));
    if of(path).is_some() || times == LONGEST {
        return of(path).is_some();
    }
    let ends = path.char_indices().filter(|(_, sign)| ".[".contains(*sign));
    let ends: Vec<usize> = ends.map(|(at, _)| at).collect();
    ends.into_iter().rev().any(|end| {
        let (held, rest) = path.split_at(end);
        let mut told = of(held).into_iter().flatten();
        told.any(|told| {
            let told = told.trim_start_matches("the whole");
            let rests = ["", "[]", ".<name>"];
            let mut rests = rests.iter().filter_map(|sign| rest.strip_prefix(sign));
            rests.any(|rest| {
                let elsewhere = format!("{told}{rest}");
                has(page, owner, elsewhere.trim_start_matches('.'), times + 1)
            })
        })
    })
}

/// Asserts that a page has every key of a schema, and no other one.
#[track_caller]
pub(crate) fn assert_every_key(page: &str, schema: &Value, root: &str) {
    let there = keys_of_page(page);
    let expected = keys_of_schema(schema, root);
    let missing: Vec<&Path> = expected
        .iter()
        .filter(|(owner, path)| !has(&there, owner, path, 0))
        .collect();
    assert!(missing.is_empty(), "not on the page: {missing:#?}\n{page}");
    let is_item = |path: &str| path.ends_with(']') || path.ends_with("<name>");
    let invented: Vec<&Path> = there
        .keys()
        .filter(|key| !is_item(&key.1) && !expected.contains(*key))
        .collect();
    assert!(
        invented.is_empty(),
        "not in the schema: {invented:#?}\n{page}"
    );
}
