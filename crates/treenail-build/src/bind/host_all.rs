//! `[host] all`: the services of which the host's code asks for every provider.

use super::near;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{NothingForHost, UnusedHostAll};
use crate::layer::Layered;
use crate::resolve::{Resolved, ServiceTypeIx};
use crate::source::Origin;

/// Reports every service there that nothing provides, and of these lines that keep nobody, every one that has no effect.
pub(crate) fn check(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    idle: &[(ServiceTypeIx, Origin)],
    problems: &mut Diagnostics,
) {
    for line in &resolved.all {
        // What an overlay leaves out, the host may still speak of.
        let elsewhere = !layered.overlays.is_empty() && !of_an_overlay(layered, line.1);
        let (service, at) = *line;
        let ty = &resolved.services[service];
        if ty.poisoned || layered.poison.may_provide(&ty.ty) {
            continue;
        }
        if !resolved.candidates.iter().any(|one| one.provides(service)) {
            if elsewhere && resolved.absent.iter().any(|one| one.provides(service)) {
                continue;
            }
            let problem = NothingForHost {
                service: ty.display.clone(),
                near: near::misses(layered, resolved, service),
            };
            problems.report(problem, at);
        } else if !elsewhere && idle.contains(line) && !layered.poison.may_bind(&ty.ty) {
            let service = ty.display.clone();
            problems.report(UnusedHostAll { service }, at);
        }
    }
}

/// Whether an overlay in force names a service there.
fn of_an_overlay(layered: &Layered<'_>, at: Origin) -> bool {
    let sections = layered.overlays.iter().filter_map(|one| one.host.as_ref());
    let mut lists = sections.filter_map(|section| section.all.as_ref());
    lists.any(|list| list.value.value.0.iter().any(|ty| ty.origin == at))
}
