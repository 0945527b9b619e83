//! Circles of services, which could never be built.

use super::context::Context;
use super::service::Services;
use crate::config::problem::{Path, ProblemKind, Problems};
use crate::container::{Form, Target};

/// Refuses services that need each other: a walk down from each, without recursion, because chains may be long.
pub(super) fn refuse(
    services: &Services,
    context: &Context,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) {
    let count = services.all.len();
    let needs: Vec<Vec<usize>> = (0..count)
        .map(|service| needs(services, context, service))
        .collect();
    let mut done = vec![false; count];
    for start in 0..count {
        // The services on the way down, each with the number of its needs that were followed.
        let mut way = vec![(start, 0)];
        while let Some((service, followed)) = way.last_mut() {
            let below = needs[*service].get(*followed).copied();
            *followed += 1;
            let Some(below) = below.filter(|_| !done[*service]) else {
                done[*service] = true;
                way.pop();
                continue;
            };
            if let Some(first) = way.iter().position(|(service, _)| *service == below) {
                let circle = way[first..].iter().map(|(service, _)| *service);
                let names = circle
                    .chain([below])
                    .map(|service| services.all[service].name.clone())
                    .collect();
                let origin = services.all[below].origin;
                problems.add(path, origin, ProblemKind::Cycle { names });
            } else if !done[below] {
                way.push((below, 0));
            }
        }
    }
}

/// The services that this one cannot be built without. A lazy need is met later, so it may lead back.
fn needs(services: &Services, context: &Context, service: usize) -> Vec<usize> {
    let service = &services.all[service];
    let Some(component) = service.component else {
        return Vec::new();
    };
    let needs = context.entry(component).needs;
    let target = |(need, target): (&usize, &Target)| match target {
        Target::Instance(instance) if needs[*need].form != Form::Lazy => Some(*instance),
        _ => None,
    };
    service.targets.iter().filter_map(target).collect()
}
