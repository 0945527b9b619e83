//! Laying the layers of [`Settings`] over each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use figment::Figment;
use figment::value::{Dict, Value};

use super::layer::{Numbered, Override, Reader, variable};
use super::node::{Layer, Node};
use super::place::{Below, Spot};
use super::settings::Settings;

/// The merged configuration.
pub(crate) struct Loaded {
    pub(crate) node: Node,
    pub(crate) layers: Vec<Layer>,
    pub(crate) environment: Arc<BTreeMap<String, String>>,
}

impl Settings {
    /// Lays all layers over each other. `roots` are the accepted names of the root key, the first of them the usual one.
    pub(crate) fn load(&self, roots: &[&str]) -> Loaded {
        let mut layers = Vec::new();
        let mut spots = Vec::new();
        let mut figment = self.base.clone().unwrap_or_default();
        let root = self.root(&figment, roots);
        for file in &self.files {
            let Value::Dict(_, mut data) = file.value.clone() else {
                continue;
            };
            let spot = under_one_root(&mut data, &file.spot, roots, root);
            figment = figment.merge(Numbered {
                number: layers.len(),
                data,
            });
            layers.push(Layer {
                name: file.name.clone(),
                text: Some(file.text.clone()),
            });
            spots.push(spot);
        }
        let first_variable = layers.len();
        for (name, line, over) in self.overrides(roots, root) {
            let below = figment.find_value("").ok();
            let (value, mut spot, _) = over.over(below.as_ref());
            mark(&mut spot, line);
            if let Value::Dict(_, data) = value {
                figment = figment.merge(Numbered {
                    number: layers.len(),
                    data,
                });
                layers.push(Layer { name, text: None });
                spots.push(Arc::new(spot));
            }
        }
        let variables = first_variable..layers.len();
        let value = figment
            .find_value("")
            .unwrap_or_else(|_| Value::from(Dict::new()));
        let node = Reader {
            figment: &figment,
            layers: &mut layers,
            spots: &spots,
            variables,
            tags: BTreeMap::new(),
        }
        .read(value);
        Loaded {
            node,
            layers,
            environment: Arc::new(self.variables()),
        }
    }

    /// The name that the root key goes by: the one that the weakest layer uses, so that all layers mean the same key.
    fn root<'r>(&self, figment: &Figment, roots: &[&'r str]) -> &'r str {
        let defaults = self.base.is_some().then(|| figment.find_value("").ok());
        let defaults = defaults.flatten();
        let layers = defaults
            .iter()
            .chain(self.files.iter().map(|file| &file.value));
        layers
            .filter_map(Value::as_dict)
            .find_map(|dict| roots.iter().find(|root| dict.contains_key(**root)))
            .map_or(roots[0], |root| *root)
    }

    /// Everything that variables and `set` say, the weakest first.
    fn overrides(&self, roots: &[&str], root: &str) -> Vec<(String, u32, Override)> {
        let mut found = Vec::new();
        if let Some(dotenv) = self.dotenv.as_ref().filter(|_| self.layered) {
            let known = dotenv.variables.iter();
            found.extend(known.filter_map(|(key, (value, line))| {
                Some((
                    format!("{} (`{key}`)", dotenv.name),
                    *line,
                    variable(key, value, roots, root)?,
                ))
            }));
        }
        if self.layered {
            let process;
            let variables = match &self.environment {
                Some(variables) => variables,
                None => {
                    process = of_process();
                    &process
                }
            };
            found.extend(variables.iter().filter_map(|(key, value)| {
                Some((
                    format!("environment variable `{key}`"),
                    0,
                    variable(key, value, roots, root)?,
                ))
            }));
        }
        for (path, value) in &self.set {
            let segments = std::iter::once(root.to_owned())
                .chain(path.split('.').map(str::to_owned))
                .collect();
            found.push((
                format!("setting `{path}`"),
                0,
                Override {
                    segments,
                    value: value.clone(),
                },
            ));
        }
        found
    }

    /// What `get_env` sees: the environment over `.env`.
    fn variables(&self) -> BTreeMap<String, String> {
        let mut variables: BTreeMap<String, String> = match &self.dotenv {
            Some(dotenv) => dotenv
                .variables
                .iter()
                .map(|(key, (value, _))| (key.clone(), value.clone()))
                .collect(),
            None => BTreeMap::new(),
        };
        match &self.environment {
            Some(given) => variables.extend(
                given
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone())),
            ),
            None => variables.extend(of_process()),
        }
        variables
    }
}

/// Lets a file that calls the root key by another name mean the same key. Two names in one file are a mistake, which is
/// reported where the keys are looked at.
fn under_one_root(data: &mut Dict, spot: &Arc<Spot>, roots: &[&str], root: &str) -> Arc<Spot> {
    let named: Vec<&&str> = roots
        .iter()
        .filter(|root| data.contains_key(**root))
        .collect();
    let [name] = named.as_slice() else {
        return spot.clone();
    };
    if **name == root {
        return spot.clone();
    }
    let value = data.remove(**name);
    data.extend(value.map(|value| (root.to_owned(), value)));
    let mut spot = Spot::clone(spot);
    if let Below::Keys(keys) = &mut spot.below
        && let Some(place) = keys.remove(**name)
    {
        keys.insert(root.to_owned(), place);
    }
    Arc::new(spot)
}

/// Variables that are not Unicode cannot be written in a configuration, so they are left out.
fn of_process() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Gives a variable's value the line of its assignment.
fn mark(spot: &mut Spot, line: u32) {
    if spot.whole {
        spot.line = line;
        spot.column = u32::from(line > 0);
    }
    match &mut spot.below {
        Below::Keys(keys) => {
            for (key_line, key_column, below) in keys.values_mut() {
                (*key_line, *key_column) = (line, u32::from(line > 0));
                mark(below, line);
            }
        }
        Below::Items(items) => items.iter_mut().for_each(|item| mark(item, line)),
        Below::Nothing | Below::Anchored(_) => {}
    }
}
