//! `[host] all`: the services of which the host's code asks for every provider.

use super::near;
use crate::diagnostic::{Diagnostics, Problem};
use crate::layer::Layered;
use crate::resolve::{Resolved, ServiceIx};
use crate::source::Origin;

/// Reports every service there that nothing provides, and of these lines that keep nobody, every one that has no effect.
pub(crate) fn check(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    idle: &[(ServiceIx, Origin)],
    problems: &mut Diagnostics,
) {
    for line in &resolved.all {
        let (service, at) = *line;
        let ty = &resolved.services[service];
        let name = ty.ty.last_ident();
        let may_be_provided =
            layered.poison.may_provide(&ty.ty) || resolved.lost_provides.contains(name);
        let is_provided = || resolved.candidates.iter().any(|one| one.provides(service));
        if may_be_provided {
            continue;
        }
        if !is_provided() {
            let problem = Problem::NothingForHost {
                service: ty.display.clone(),
                near: near::misses(layered, resolved, service),
            };
            problems.report(problem, at);
        } else if idle.contains(line) && !layered.poison.may_bind(&ty.ty) {
            let service = ty.display.clone();
            problems.report(Problem::UnusedHostAll { service }, at);
        }
    }
}
