//! What is linked is what was composed: manifests, and features that somebody else may have switched on.

use super::chunk::{Chunk, literal};
use super::printer::Printer;
use crate::model::Dormant;

impl Printer<'_> {
    /// The linked crates have to be the ones whose manifests were composed.
    pub(super) fn handshake(&self) -> Vec<Chunk> {
        let others = self.plan.plugins.iter();
        let others = others.filter(|plugin| !plugin.own && plugin.has_runtime);
        let code = others.map(|plugin| {
            let message = format!(
                "plugin `{}` was compiled with another manifest than the one that was composed ({}): build again, and check that one version of {} is linked",
                plugin.id, plugin.manifest, plugin.package
            );
            format!(
                "const _: () = {}::__private::assert_same({}::__treenail::DIGEST, {}, {});",
                self.runtime,
                plugin.crate_path,
                literal(&plugin.digest),
                literal(&message)
            )
        });
        let code = code.collect::<String>();
        if code.is_empty() {
            Vec::new()
        } else {
            vec![Chunk::under(
                "The linked plugins are those that were composed.",
                code,
            )]
        }
    }

    /// What a composition takes for not compiled is not compiled, or rustc warns: it has no other word for a warning than that
    /// something is deprecated.
    pub(super) fn dormant(&self) -> Option<Chunk> {
        let code = self.plan.dormant.iter().map(|one| {
            let Dormant { name, features, .. } = one;
            let plugin = &self.plan.plugins[one.plugin];
            let listed = |quote: &str| {
                let all = features.iter().map(|feature| format!("{quote}{feature}{quote}"));
                all.collect::<Vec<_>>().join(", ")
            };
            let note = format!(
                "\n`{}:{name}` is compiled, and is not in `App`: {} was switched on by the command line, or by another package of this build, \
                 and a composition knows only the features that its own package switches on\n  = help: give `{}` a feature of its own for that, \
                 `more = [{}]`, and build with `--features more`",
                plugin.id,
                listed("`"),
                self.plan.host.package,
                listed("\""),
            );
            format!(
                "const _: () = {{ struct Told<const THERE: bool>; #[allow(non_upper_case_globals, dead_code)] impl Told<false> {{ const plugins_toml: () = (); }} \
                 #[allow(non_upper_case_globals, dead_code)] impl Told<true> {{ #[deprecated(note = {})] const plugins_toml: () = (); }} \
                 Told::<{{ {}::__treenail::{name}There }}>::plugins_toml }};",
                literal(&note),
                plugin.crate_path,
            )
        });
        let code = code.collect::<String>();
        (!code.is_empty()).then(|| Chunk::under("What is not composed is not compiled.", code))
    }
}
