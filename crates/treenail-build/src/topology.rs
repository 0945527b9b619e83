//! Order and cycles in a graph of numbers, deterministic: ties go to the smaller number.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// For every number, the numbers that it points to.
pub(crate) type Edges = Vec<BTreeSet<usize>>;

/// All numbers, each after those that it points to. Numbers that lie on a cycle, or need one that does, come last.
pub(crate) fn after_what_they_need(needs: &Edges) -> Vec<usize> {
    let mut open: Vec<usize> = needs.iter().map(BTreeSet::len).collect();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for (number, needed) in needs.iter().enumerate() {
        for one in needed {
            needed_by[*one].push(number);
        }
    }
    let mut ready: BinaryHeap<Reverse<usize>> = (0..needs.len())
        .filter(|number| open[*number] == 0)
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
    order.extend((0..needs.len()).filter(|number| open[*number] > 0));
    order
}

/// One cycle for each knot of numbers that reach each other: the shortest way round through the smallest of them.
pub(crate) fn cycles(edges: &Edges) -> Vec<Vec<usize>> {
    let mut graph: DiGraph<(), (), usize> = DiGraph::with_capacity(edges.len(), 0);
    for _ in edges {
        graph.add_node(());
    }
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(*to), ());
        }
    }
    // A number by itself is a knot only where it points to itself.
    let is_knot = |knot: &Vec<NodeIndex<usize>>| match knot[..] {
        [one] => edges[one.index()].contains(&one.index()),
        _ => true,
    };
    let knots = tarjan_scc(&graph).into_iter().filter(is_knot).map(|knot| {
        knot.into_iter()
            .map(NodeIndex::index)
            .collect::<BTreeSet<_>>()
    });
    let mut cycles: Vec<Vec<usize>> = knots.filter_map(|knot| way_round(edges, &knot)).collect();
    cycles.sort();
    cycles
}

/// The shortest way from the smallest number of a knot back to itself.
fn way_round(edges: &Edges, knot: &BTreeSet<usize>) -> Option<Vec<usize>> {
    let start = *knot.first()?;
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(here) = open.pop_front() {
        for next in edges[here].intersection(knot) {
            if *next == start {
                let mut way = vec![here];
                while way[way.len() - 1] != start {
                    way.push(came_from[&way[way.len() - 1]]);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next) {
                came_from.insert(*next, here);
                open.push_back(*next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Edges, after_what_they_need, cycles};

    fn edges(all: &[&[usize]]) -> Edges {
        all.iter()
            .map(|targets| targets.iter().copied().collect())
            .collect()
    }

    #[test]
    fn numbers_come_after_what_they_need_and_ties_by_number() {
        assert_eq!(
            after_what_they_need(&edges(&[&[2], &[], &[], &[0]])),
            [1, 2, 0, 3]
        );
    }

    #[test]
    fn a_cycle_starts_at_its_smallest_number() {
        let graph = edges(&[&[], &[3], &[1, 0], &[2, 1]]);
        assert_eq!(cycles(&graph), [vec![1, 3]]);
        assert_eq!(after_what_they_need(&graph), [0, 1, 2, 3]);
    }

    #[test]
    fn a_number_may_need_itself() {
        assert_eq!(cycles(&edges(&[&[0], &[0]])), [vec![0]]);
    }
}
