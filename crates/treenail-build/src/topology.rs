//! Order and cycles in a graph, deterministic: ties go to the smaller index.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::index::{IndexMap, IndexSet, IndexVec, Ix};
use crate::sort::sort_by;

/// For every index, the indices that it points to.
pub(crate) type Edges<I> = IndexVec<I, IndexSet<I>>;

/// All indices, each after those that it points to. Those that lie on a cycle, or need one that does, come last.
pub(crate) fn after_what_they_need<I: Ix>(needs: &Edges<I>) -> Vec<I> {
    let mut open: IndexVec<I, usize> = needs.iter().map(IndexSet::len).collect();
    let mut needed_by: IndexVec<I, Vec<I>> = IndexVec::filled(Vec::new(), needs);
    for (index, needed) in needs.indexed() {
        for one in needed.iter() {
            needed_by[one].push(index);
        }
    }
    let mut ready: BinaryHeap<Reverse<I>> = (needs.indices())
        .filter(|index| open[*index] == 0)
        .map(Reverse)
        .collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(Reverse(next)) = ready.pop() {
        order.push(next);
        for dependent in &needed_by[next] {
            open[*dependent] -= 1;
            if open[*dependent] == 0 {
                ready.push(Reverse(*dependent));
            }
        }
    }
    order.extend(needs.indices().filter(|index| open[*index] > 0));
    order
}

/// Every set of indices that reach each other, and themselves.
pub(crate) fn knots<I: Ix>(edges: &Edges<I>) -> Vec<IndexSet<I>> {
    let mut graph: DiGraph<(), (), usize> = DiGraph::with_capacity(edges.len(), 0);
    for _ in edges {
        graph.add_node(());
    }
    for (from, targets) in edges.indexed() {
        for to in targets.iter() {
            let (from, to) = (NodeIndex::new(from.place()), NodeIndex::new(to.place()));
            graph.add_edge(from, to, ());
        }
    }
    // Not by Tarjan's algorithm: petgraph's calls itself as often as the graph is deep.
    let knots = kosaraju_scc(&graph).into_iter().map(|nodes| {
        let indices = nodes.into_iter().map(|node| I::new(node.index()));
        indices.collect::<IndexSet<I>>()
    });
    let is_knot = |knot: &IndexSet<I>| match knot.iter().next() {
        Some(only) if knot.len() == 1 => edges[only].contains(only),
        _ => true,
    };
    let mut knots: Vec<IndexSet<I>> = knots.filter(is_knot).collect();
    sort_by(&mut knots, |one, other| {
        one.iter().next().cmp(&other.iter().next())
    });
    knots
}

/// One cycle for each set of indices that reach each other: the shortest way round through the smallest of them.
pub(crate) fn cycles<I: Ix>(edges: &Edges<I>) -> Vec<Vec<I>> {
    let knots = knots(edges);
    let mut came_from = IndexMap::new();
    let mut cycles: Vec<Vec<I>> = (knots.iter())
        .filter_map(|knot| way_round(edges, knot, &mut came_from))
        .collect();
    sort_by(&mut cycles, Ord::cmp);
    cycles
}

/// The shortest way from the smallest of some indices back to itself; `None` where there is only one, which does not point to
/// itself. `came_from` has an index that was come to from each.
fn way_round<I: Ix>(
    edges: &Edges<I>,
    connected: &IndexSet<I>,
    came_from: &mut IndexMap<I, I>,
) -> Option<Vec<I>> {
    let start = connected.iter().next()?;
    let mut open = VecDeque::from([start]);
    while let Some(here) = open.pop_front() {
        for next in edges[here].iter().filter(|next| connected.contains(*next)) {
            if next == start {
                let mut way = vec![here];
                while way[way.len() - 1] != start {
                    way.push(came_from[way[way.len() - 1]]);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next) {
                came_from.insert(next, here);
                open.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Edges, after_what_they_need, cycles};
    use crate::index::{Ix, index_types};

    index_types! {
        /// A node of a graph in a test.
        Node
    }

    fn nodes(numbers: &[usize]) -> Vec<Node> {
        numbers.iter().map(|number| Node::new(*number)).collect()
    }

    fn edges(all: &[&[usize]]) -> Edges<Node> {
        let all = all.iter().map(|targets| nodes(targets));
        all.map(|targets| targets.into_iter().collect()).collect()
    }

    #[test]
    fn nodes_come_after_what_they_need_and_ties_by_index() {
        assert_eq!(
            after_what_they_need(&edges(&[&[2], &[], &[], &[0]])),
            nodes(&[1, 2, 0, 3])
        );
    }

    #[test]
    fn a_cycle_starts_at_its_smallest_node() {
        let graph = edges(&[&[], &[3], &[1, 0], &[2, 1]]);
        assert_eq!(cycles(&graph), [nodes(&[1, 3])]);
        assert_eq!(after_what_they_need(&graph), nodes(&[0, 1, 2, 3]));
    }

    #[test]
    fn a_node_may_need_itself() {
        assert_eq!(cycles(&edges(&[&[0], &[0]])), [nodes(&[0])]);
    }
}
