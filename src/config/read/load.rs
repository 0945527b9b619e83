//! Laying the layers of [`Settings`] over each other: figment says which layer wins, key by key, and the value comes from
//! the tree of that layer, with its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use figment::value::{Dict, Empty, Map, Tag, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::defaults;
use super::node::{DEPTH, Kind, Node, Pair};
use super::settings::Settings;
use super::variable::{Override, RootKey, Segment, Unread, Vocabulary};
use crate::config::problem::{Layer, Origin, ProblemKind};

/// The merged configuration.
pub(crate) struct Loaded {
    pub(crate) node: Node,
    pub(crate) layers: Vec<Layer>,
    /// How many of the layers, the first of them, are no variables and no settings.
    pub(crate) written: usize,
    /// Variables and settings that say nothing, because a name of theirs means nothing, and what is nested too deep.
    pub(crate) unread: Vec<UnreadValue>,
    pub(crate) environment: Arc<BTreeMap<String, String>>,
}

/// A value that was not read.
pub(crate) struct UnreadValue {
    /// As far as it could be read.
    pub(crate) path: String,
    pub(crate) origin: Origin,
    pub(crate) kind: Box<ProblemKind>,
}

impl Settings {
    /// Lays all layers over each other. `roots` are the accepted names of the root key, the first of them the usual one; the
    /// names of variables mean what `vocabulary` knows.
    pub(crate) fn load(&self, roots: &[&str], vocabulary: &dyn Vocabulary) -> Loaded {
        let mut layers: Vec<Layer> = self.files.iter().map(|file| file.layer.clone()).collect();
        let mut trees: Vec<Node> = self.files.iter().map(|file| file.node.clone()).collect();
        let base = self.base.as_ref();
        let mut unread = Vec::new();
        if let Some((base, too_deep)) = base.map(|base| defaults::read(base, &mut layers)) {
            trees.push(base);
            unread.extend(too_deep.map(|origin| UnreadValue {
                path: String::new(),
                origin,
                kind: Box::new(ProblemKind::NestedTooDeep { most: DEPTH }),
            }));
        }
        let root = RootKey {
            names: roots,
            used: used_root(&trees, roots),
        };
        trees.iter_mut().for_each(|tree| rename_root(tree, &root));
        let mut node = merged(trees);
        let written = layers.len();
        let environment = self.given_or_of_process();
        for one in self.overrides(&root, &environment) {
            let origin = one.origin(layers.len());
            layers.push(Layer {
                name: one.source.clone(),
                text: None,
            });
            match one.path(&node, &root, vocabulary) {
                Ok(path) => node = one.over(node, &path, origin),
                Err(Unread { path, kind }) => unread.push(UnreadValue {
                    path: shown(root.used, &path),
                    origin,
                    kind,
                }),
            }
        }
        Loaded {
            node,
            layers,
            written,
            unread,
            environment: Arc::new(self.over_dotenv(environment)),
        }
    }

    /// The variables of the process, or those that stand for them. Those that are not Unicode cannot be written in a
    /// configuration, so they are left out.
    fn given_or_of_process(&self) -> BTreeMap<String, String> {
        let of_process = || {
            std::env::vars_os()
                .filter_map(|(key, value)| {
                    Some((key.into_string().ok()?, value.into_string().ok()?))
                })
                .collect()
        };
        self.environment.clone().unwrap_or_else(of_process)
    }

    /// Everything that variables and `set` say, the weakest first.
    fn overrides(
        &self,
        root: &RootKey<'_>,
        environment: &BTreeMap<String, String>,
    ) -> Vec<Override> {
        let mut found = Vec::new();
        if self.layered {
            if let Some(dotenv) = &self.dotenv {
                let variables = dotenv.variables.iter().filter_map(|(key, variable)| {
                    let source = format!("{} (`{key}`)", dotenv.name);
                    Override::from_variable(source, variable.line, key, &variable.value, root)
                });
                found.extend(in_order(variables));
            }
            found.extend(in_order(environment.iter().filter_map(|(key, value)| {
                let source = format!("environment variable `{key}`");
                Override::from_variable(source, 0, key, value, root)
            })));
        }
        let set = self.set.iter();
        found.extend(set.map(|(path, value)| Override::from_setting(path, value.clone())));
        found
    }

    /// What `get_env` sees: the environment over `.env`.
    fn over_dotenv(&self, environment: BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut variables = BTreeMap::new();
        if let Some(dotenv) = &self.dotenv {
            let written = dotenv.variables.iter();
            variables.extend(written.map(|(key, one)| (key.clone(), one.value.clone())));
        }
        variables.extend(environment);
        variables
    }
}

/// The variables of one layer, whose order in that layer says nothing.
fn in_order(variables: impl Iterator<Item = Override>) -> Vec<Override> {
    let mut variables: Vec<Override> = variables.collect();
    variables.sort_by_key(Override::order);
    variables
}

/// A path below the root key, as messages show it.
fn shown(root: &str, path: &[Segment]) -> String {
    let mut text = root.to_owned();
    for segment in path {
        match segment {
            Segment::Key(key) => text.extend([".", key.as_str()]),
            Segment::Item(number) => text.push_str(&format!("[{number}]")),
        }
    }
    text
}

/// The name that the root key goes by: the one that the weakest layer uses, so that all layers mean the same key.
fn used_root<'r>(trees: &[Node], roots: &[&'r str]) -> &'r str {
    let used = |tree: &Node| roots.iter().find(|root| tree.get(root).is_some());
    trees.iter().find_map(used).map_or(roots[0], |root| *root)
}

/// Lets a file that calls the root key by another name mean the same key. Two names in one file are a mistake, which is
/// reported where the keys are looked at.
fn rename_root(tree: &mut Node, root: &RootKey<'_>) {
    let Kind::Map(pairs) = &mut tree.kind else {
        return;
    };
    let pairs = Arc::make_mut(pairs);
    let is_root = |pair: &&mut Pair| root.names.contains(&pair.key.as_str());
    let mut named: Vec<&mut Pair> = pairs.iter_mut().filter(is_root).collect();
    if let [pair] = named.as_mut_slice() {
        root.used.clone_into(&mut pair.key);
    }
}

/// These trees laid over each other, the weakest first.
fn merged(mut trees: Vec<Node>) -> Node {
    if trees.len() < 2 {
        return trees
            .pop()
            .unwrap_or_else(|| Node::empty(Origin::default()));
    }
    let mut stack = Stack::default();
    trees.into_iter().for_each(|tree| stack.lay(tree));
    stack.merged()
}

/// Trees that are laid over each other.
#[derive(Default)]
struct Stack {
    trees: Vec<Node>,
    /// The keys of all trees: the values stay in the trees.
    figment: Figment,
}

impl Stack {
    fn lay(&mut self, tree: Node) {
        let keys = TreeKeys {
            number: self.trees.len(),
            keys: keys(&tree),
        };
        self.figment = std::mem::take(&mut self.figment).merge(keys);
        self.trees.push(tree);
    }

    fn merged(&self) -> Node {
        let keys = self.figment.find_value("").ok();
        let trees: Vec<Option<&Node>> = self.trees.iter().map(Some).collect();
        let pairs = keys.and_then(|keys| Some(self.pairs(keys.as_dict()?, &trees)));
        let first = self.trees.first();
        let origin = first.map_or_else(Origin::default, |tree| tree.origin);
        Node::new(origin, Kind::Map(Arc::new(pairs.unwrap_or_default())))
    }

    /// The pairs of a merged map, each from the tree that won it; `maps` are the maps of all trees that are merged here.
    fn pairs(&self, keys: &Dict, maps: &[Option<&Node>]) -> Vec<Pair> {
        let maps: Vec<BTreeMap<&str, &Pair>> = maps.iter().map(|map| by_key(*map)).collect();
        let merged = |(key, value): (&String, &Value)| {
            let winner = maps.get(self.winner(value.tag())?)?.get(key.as_str())?;
            let value = match value {
                Value::Dict(_, keys) => {
                    let below: Vec<Option<&Node>> = maps
                        .iter()
                        .map(|map| Some(&map.get(key.as_str())?.value))
                        .collect();
                    let pairs = Arc::new(self.pairs(keys, &below));
                    Node::new(winner.value.origin, Kind::Map(pairs))
                }
                _ => winner.value.clone(),
            };
            Some(Pair {
                key: key.clone(),
                key_origin: winner.key_origin,
                value,
            })
        };
        let mut pairs: Vec<Pair> = keys.iter().filter_map(merged).collect();
        pairs.sort_by_key(|pair| pair.key_origin);
        pairs
    }

    /// The number of the tree that a value of the figment came from.
    fn winner(&self, tag: Tag) -> Option<usize> {
        self.figment.get_metadata(tag)?.name.parse().ok()
    }
}

fn by_key(map: Option<&Node>) -> BTreeMap<&str, &Pair> {
    let pairs = map.and_then(Node::pairs).unwrap_or_default().iter();
    pairs.map(|pair| (pair.key.as_str(), pair)).collect()
}

/// The keys of one tree as figment wants them. Maps are merged and all else is replaced, so nothing else is told.
struct TreeKeys {
    number: usize,
    keys: Dict,
}

impl Provider for TreeKeys {
    /// Named by its number, by which its tree is found again.
    fn metadata(&self) -> Metadata {
        Metadata::named(self.number.to_string())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Ok(Profile::Default.collect(self.keys.clone()))
    }
}

fn keys(map: &Node) -> Dict {
    let value = |node: &Node| match node.kind {
        Kind::Map(_) => Value::Dict(Tag::Default, keys(node)),
        Kind::Scalar(_) | Kind::List(_) => Value::Empty(Tag::Default, Empty::None),
    };
    let pairs = map.pairs().unwrap_or_default().iter();
    pairs
        .map(|pair| (pair.key.clone(), value(&pair.value)))
        .collect()
}
