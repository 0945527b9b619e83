//! What the plugins of a case are told, each by itself.

use super::case::{Case, Package};
use crate::check;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::Role;
use crate::manifest;
use crate::report::{self, Message};
use crate::runtime::RUNTIME;
use crate::source::Sources;

impl Case {
    /// What each plugin that the host depends on is told when it is built by itself, with its package.
    pub(crate) fn fronts(&self) -> Vec<(String, Vec<Message>)> {
        let is_direct = |one: &&Package| self.host.dependencies.iter().any(|named| named.is(one));
        let mut fronts = Vec::new();
        for package in self.others.iter().filter(is_direct) {
            let Some((path, bytes)) = package.manifest.as_ref().filter(|_| package.library) else {
                continue;
            };
            let mut runtimes = self.others.iter();
            let needs = |one: &&Package| {
                let mut named = package.dependencies.iter();
                one.name == RUNTIME && named.any(|dependency| dependency.is(one))
            };
            let runtime = runtimes.find(needs).map(|runtime| &runtime.features);
            let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
            let manifest = manifest::read_bytes(path, bytes, &mut sources, &mut problems);
            let should = Role::Plugin(package.name.clone());
            if manifest.host.is_none() {
                let declared = package.declared();
                check::check_plugin(&manifest, Some(&declared), runtime, should, &mut problems);
                let messages = report::messages(&problems, &sources);
                fronts.push((package.name.clone(), messages));
            }
        }
        fronts
    }
}
