//! What an overlay takes the place of. A component that is replaced is not built, nor is what only it needed: so neither has
//! to be configured, nor to find what it needs.
//!
//! Composes twice, in silence: without the overlays and with them. What nothing leads to any more is left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::bind::{self, Bound};
use crate::compose::Inputs;
use crate::diagnostic::Diagnostics;
use crate::layer;
use crate::model::{Form, LeftOut, Overlay};
use crate::resolve::{self, Resolved};
use crate::version;

/// What these overlays take away.
#[derive(Debug, Default)]
pub(crate) struct Replaced {
    /// Ids of the components that are there without the overlays, and are replaced by them.
    pub(crate) ids: BTreeSet<String>,
    /// Everything that has a name without them, and none with them.
    pub(crate) left_out: Vec<LeftOut>,
}

/// Compares the composition without the overlays with that with them.
pub(crate) fn replaced(inputs: &Inputs, overlays: &[&Overlay]) -> Replaced {
    if overlays.is_empty() {
        return Replaced::default();
    }
    let before = Graph::of(inputs, &[]);
    let after = Graph::of(inputs, overlays);
    let ids = after.replaced(&before);
    let gone = before.gone(&after, &ids);
    // What one of several overlays does alone is that one's doing.
    let alone: Vec<(&str, BTreeSet<&str>)> = match overlays {
        [only] => vec![(&only.name.value, gone.clone())],
        _ if gone.is_empty() => Vec::new(),
        several => several
            .iter()
            .map(|overlay| {
                let after = Graph::of(inputs, &[overlay]);
                let ids = after.replaced(&before);
                (overlay.name.value.as_str(), before.gone(&after, &ids))
            })
            .collect(),
    };
    let answers = after.answers(&ids);
    let left_out = gone.into_iter().map(|name| {
        let mut by: Vec<&str> = alone
            .iter()
            .filter(|(_, gone)| gone.contains(name))
            .map(|(overlay, _)| *overlay)
            .collect();
        if by.is_empty() {
            by = alone.iter().map(|(overlay, _)| *overlay).collect();
        }
        let id = before.names.get(name).map_or(name, String::as_str);
        let wins = before.nodes.get(id).into_iter().flat_map(|node| &node.wins);
        let instead: BTreeSet<&str> = wins
            .filter_map(|key| answers.get(key.as_str()).copied())
            .collect();
        LeftOut {
            name: name.to_owned(),
            overlays: by.into_iter().map(str::to_owned).collect(),
            instead: instead.into_iter().map(str::to_owned).collect(),
        }
    });
    Replaced {
        left_out: left_out.collect(),
        ids,
    }
}

/// Who needs whom, by component id.
struct Graph {
    nodes: BTreeMap<String, Node>,
    /// Further names of components and plugins, with what they stand for.
    names: BTreeMap<String, String>,
    /// Plugins that take part, by id and by package.
    plugins: BTreeSet<String>,
}

#[derive(Default)]
struct Node {
    needs: BTreeSet<String>,
    /// Keys of the services that it answers for.
    wins: BTreeSet<String>,
    /// The configuration decides how many there are.
    configured: bool,
    /// An overlay declares it.
    own: bool,
    /// An overlay gives its name to another component.
    hidden: bool,
}

impl Graph {
    fn of(inputs: &Inputs, overlays: &[&Overlay]) -> Self {
        let mut unheard = Diagnostics::default();
        let mut layered = layer::layer(inputs, overlays.to_vec(), &mut unheard);
        version::check(inputs, &mut layered, &mut unheard);
        let none = BTreeSet::new();
        let mut resolved = resolve::resolve(inputs, &layered, &none, &mut unheard);
        version::contracts(inputs, &layered, &mut resolved, &mut unheard);
        let bound = bind::bind(inputs, &layered, &resolved, &mut unheard);
        let mut nodes: BTreeMap<String, Node> = BTreeMap::new();
        for (number, candidate) in resolved.candidates.iter().enumerate() {
            let needs = needs(&resolved, &bound, number);
            let node = Node {
                needs: needs
                    .into_iter()
                    .filter(|one| *one != number)
                    .map(|one| resolved.candidates[one].id.clone())
                    .collect(),
                wins: BTreeSet::new(),
                configured: candidate.is_configured(),
                own: overlays.iter().any(|overlay| {
                    let mut own = overlay.layer.components.iter();
                    own.any(|one| std::ptr::eq(one, candidate.decl))
                }),
                hidden: bound.aliases.hides(&candidate.id),
            };
            nodes.insert(candidate.id.clone(), node);
        }
        for (service, provision) in bound.provisions.iter().enumerate() {
            let Some(winner) = provision.winner.known() else {
                continue;
            };
            // That it is itself is not what it is there for.
            let winner = &resolved.candidates[winner];
            if winner.own == Some(service) {
                continue;
            }
            if let Some(node) = nodes.get_mut(&winner.id) {
                node.wins.insert(resolved.services[service].key.clone());
            }
        }
        let packages = &inputs.discovery.universe.packages;
        let parts = layered.parts.iter().filter(|part| part.is_in());
        Self {
            nodes,
            names: bound.aliases.targets,
            plugins: parts
                .flat_map(|part| [part.id, &packages[part.package].name])
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Ids of the components that were there before and are here, but that nothing leads to any more.
    fn replaced(&self, before: &Self) -> BTreeSet<String> {
        let kept = self.reach(self.ends(before));
        let there = self.nodes.keys();
        let there = there.filter(|id| before.nodes.contains_key(*id));
        let there = there.filter(|id| !kept.contains(id.as_str()));
        there.cloned().collect()
    }

    /// Every name that is there before and not after, but for these components.
    fn gone<'g>(&'g self, after: &Self, replaced: &BTreeSet<String>) -> BTreeSet<&'g str> {
        let is_there = |name: &str| {
            let end = after.names.get(name).map_or(name, String::as_str);
            after.nodes.contains_key(end) && !replaced.contains(end) || after.plugins.contains(end)
        };
        let all = self.nodes.keys().chain(&self.plugins);
        let all = all.chain(self.names.keys()).map(String::as_str);
        all.filter(|name| !name.ends_with('*') && !is_there(name))
            .collect()
    }

    /// The components that answer, by the keys of what for.
    fn answers(&self, replaced: &BTreeSet<String>) -> BTreeMap<&str, &str> {
        let nodes = self.nodes.iter().filter(|(id, _)| !replaced.contains(*id));
        nodes
            .flat_map(|(id, node)| node.wins.iter().map(move |key| (key.as_str(), id.as_str())))
            .collect()
    }

    /// Where the ways begin that keep components in: what is new, what the configuration decides about, and what nobody needed
    /// before either, unless another component answers now for what it was there for.
    fn ends<'g>(&'g self, before: &'g Self) -> Vec<&'g str> {
        let free = before.free();
        let answers = self.answers(&BTreeSet::new());
        let is_end = |(id, node): &(&String, &Node)| {
            let Some(earlier) = before.nodes.get(*id) else {
                return true;
            };
            let outdone = node.wins.is_empty()
                && earlier
                    .wins
                    .iter()
                    .any(|key| answers.contains_key(key.as_str()));
            node.own || node.configured || free.contains(id.as_str()) && !outdone
        };
        let ends = self.nodes.iter().filter(|(_, node)| !node.hidden);
        ends.filter(is_end).map(|(id, _)| id.as_str()).collect()
    }

    /// Components that nobody needs, and rings of components that need each other and nobody else does.
    fn free(&self) -> BTreeSet<&str> {
        let needed: BTreeSet<&str> = self
            .nodes
            .values()
            .flat_map(|node| node.needs.iter().map(String::as_str))
            .collect();
        let all = self.nodes.keys().map(String::as_str);
        let mut free: BTreeSet<&str> = all.clone().filter(|id| !needed.contains(id)).collect();
        let reached = self.reach(free.iter().copied().collect());
        free.extend(all.filter(|id| !reached.contains(id)));
        free
    }

    fn reach<'g>(&'g self, mut open: Vec<&'g str>) -> BTreeSet<&'g str> {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        while let Some(id) = open.pop() {
            if let Some(node) = self.nodes.get(id).filter(|node| !node.hidden)
                && reached.insert(id)
            {
                open.extend(node.needs.iter().map(String::as_str));
            }
        }
        reached
    }
}

/// What a component needs, lazily or not. Where there is no answer, everything that might be one.
fn needs(resolved: &Resolved<'_>, bound: &Bound, component: usize) -> BTreeSet<usize> {
    let mut needs = BTreeSet::new();
    let candidate = &resolved.candidates[component];
    let asked = candidate.needs.iter().copied().chain([candidate.decorates]);
    for (answer, service) in bound.answers[component].iter().zip(asked) {
        match answer {
            Some(answer) => match answer.form {
                Form::All | Form::Map => needs.extend(&answer.providers),
                _ => needs.extend(answer.default),
            },
            None => {
                let open = service.map(|service| &bound.provisions[service].providers);
                needs.extend(open.into_iter().flatten());
            }
        }
    }
    needs
}
