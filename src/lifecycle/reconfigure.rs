//! Components that take another configuration while they run: all of them do, or none.

use tokio::time::{Instant, timeout};

use super::life::Life;
use super::report::Ended;
use crate::container::{ConfigSource, NewNode, Plan, Reload, Transition};
use crate::supervision::{Outcome, Phase, StepFuture};

/// The nodes of a generation that have taken another configuration.
pub(super) struct Reconfigured(Vec<usize>);

/// Hands their new configuration to all that take it while they run, dependencies first. Where one refuses, those before it
/// get their old one back.
///
/// # Errors
/// The one that refused; and those that did not take their old configuration again.
pub(super) async fn reconfigure(
    old: &Life,
    plan: &Plan,
    transition: &Transition,
) -> Result<Reconfigured, (Ended, Vec<Ended>)> {
    let mut done = Reconfigured(Vec::new());
    let nodes = transition.next.iter().zip(&transition.predecessors);
    for (node, (what, was)) in nodes.enumerate() {
        let (NewNode::Reconfigured(_), Some(was)) = (what, was) else {
            continue;
        };
        let config = plan.nodes[node].config.as_ref();
        if let Err(refused) = hand(old, *was, config).await {
            return Err((refused, done.undo(old).await));
        }
        old.slots.slot(*was).set_astray(false);
        done.0.push(*was);
    }
    Ok(done)
}

impl Reconfigured {
    /// Hands them the configuration of before; what went wrong.
    pub(super) async fn undo(self, old: &Life) -> Vec<Ended> {
        let mut wrong = Vec::new();
        for node in self.0.into_iter().rev() {
            let config = old.node(node).config.as_ref();
            let refused = hand(old, node, config).await.err();
            old.slots.slot(node).set_astray(refused.is_some());
            wrong.extend(refused);
        }
        wrong
    }
}

/// Hands a configuration to a node that runs.
async fn hand(old: &Life, node: usize, config: Option<&ConfigSource>) -> Result<(), Ended> {
    let (Reload::Reconfigure(reconfigure), Some(value)) =
        (old.entry(node).reload, old.slots.get(node))
    else {
        return Ok(());
    };
    old.tell_begun(node, Phase::Reconfigure);
    let begun = Instant::now();
    let config = config.map_or_else(|| Ok(Box::new(()) as Box<_>), ConfigSource::make);
    let outcome = match config {
        Ok(config) => step(old, node, reconfigure(value, config)).await,
        Err(error) => Outcome::Failed(error),
    };
    let outcome = outcome.without_secrets(&old.supervision.redactor);
    let (phase, took) = (Phase::Reconfigure, begun.elapsed());
    old.tell_ended(node, phase, &outcome, took);
    match outcome.is_done() {
        true => Ok(()),
        false => Err(old.ended(node, phase, outcome, took)),
    }
}

/// Takes the step in a task of its own, so that one that blocks its thread is given up like one that waits.
async fn step(old: &Life, node: usize, step: StepFuture<()>) -> Outcome {
    let limit = old.limits(node).start;
    let step = old
        .handle(node)
        .step(&old.node(node).name, Phase::Reconfigure, step);
    let mut task = tokio::spawn(step);
    match timeout(limit, &mut task).await {
        Ok(Ok(ended)) => ended.err().unwrap_or(Outcome::Done),
        Ok(Err(error)) => Outcome::Panicked(error.to_string()),
        Err(_) => {
            task.abort();
            Outcome::TimedOut(limit)
        }
    }
}
