//! What is linked is what was composed: manifests, and features that somebody else may have switched on.

use super::chunk::{Chunk, literal};
use super::printer::Printer;
use super::type_names::MODULE;
use crate::model::{Dormant, Plugin, PluginIx};

impl Printer<'_> {
    /// What the library of each plugin generates, once. Where there is nothing, rustc says so of this line alone, and shows what
    /// stands beside it.
    pub(super) fn sides(&self) -> Vec<Chunk> {
        let others = self.plan.plugins.indexed();
        let others = others.filter(|(_, plugin)| !plugin.own && plugin.has_runtime);
        let side = |(number, plugin): (PluginIx, &Plugin)| {
            let code = format!(
                "use {}::{MODULE} as {};",
                plugin.crate_path,
                self.side_of(number)
            );
            let macro_call = "by `treenail::plugin!();`, at the root of its library";
            Chunk::new(code).beside(macro_call)
        };
        others.map(side).collect()
    }

    /// The linked crates have to be the ones that were composed: those versions, with those manifests.
    pub(super) fn handshake(&self, anew: &str) -> Vec<Chunk> {
        let others = self.plan.plugins.indexed();
        let others = others.filter(|(_, plugin)| !plugin.own && plugin.has_runtime);
        let code = others.map(|(number, plugin)| {
            let message = format!(
                "plugin `{}` was compiled in another version, or with another manifest, than the one that was composed ({}, {}): \
                 {anew}, and check that one version of {} is linked",
                plugin.id, plugin.version, plugin.manifest, plugin.package
            );
            let made_from = format!("{} {}", plugin.version, plugin.digest);
            format!(
                "const _: () = {}::__private::assert_same({}::MADE_FROM, {}, {});",
                self.runtime,
                self.side_of(number),
                literal(&made_from),
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
                 Told::<{{ {}::{name}There }}>::plugins_toml }};",
                literal(&note),
                self.side_of(one.plugin),
            )
        });
        let code = code.collect::<String>();
        (!code.is_empty()).then(|| Chunk::under("What is not composed is not compiled.", code))
    }
}
