//! One of every kind about registries.

use super::{Stage, host, plugin, s};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::mistake::{
    EmptyRegistry, EntryOutOfReach, EntryTwice, Named, NoSuchEntry, OutOfReach, RegistryAsService,
    SimilarKeys, TwoDeps, UnusedChoice,
};

pub(super) fn of_registries(stage: &Stage) -> Vec<Diagnostic> {
    let registry = || s("proxy_api::HttpFilters");
    let (key, line) = (host(stage, "\"old:A\""), host(stage, "mailer"));
    let id = plugin(stage, "\"mailer\"");
    let ty = plugin(stage, "\"crate::Mailer\"");
    let twice = |others: &[&str], choice: Option<&str>| EntryTwice {
        registry: registry(),
        key: s("banner"),
        plugin: s("mailer"),
        others: (others.iter())
            .map(|other| Named {
                name: s(other),
                at: Some(key),
            })
            .collect(),
        choice: choice.map(|plugin| (registry(), s(plugin))),
    };
    let missing =
        |plugin: Option<&str>, elsewhere: &[&str], suggestion: Option<&str>| NoSuchEntry {
            registry: registry(),
            key: s("baner"),
            plugin: plugin.map(s),
            features: vec![],
            elsewhere: elsewhere.iter().copied().map(s).collect(),
            known: ["banner", "gzip"].map(s).into(),
            suggestion: suggestion.map(s),
        };
    let reach = |what: OutOfReach| EntryOutOfReach {
        key: s("banner"),
        plugin: s("mailer"),
        package: s("acme-mailer"),
        what,
    };
    let deps = |of_component: bool| TwoDeps {
        ty: s("crate::Callout"),
        first: (s("component `Callout`"), id),
        second: s("entry `proxy_api::HttpFilters(callout)`"),
        of_component,
    };
    let empty = |near: Option<&str>| EmptyRegistry {
        registry: registry(),
        component: s("mailer:Mailer"),
        near: near.map(|near| Named {
            name: s(near),
            at: Some(key),
        }),
    };
    vec![
        Diagnostic::new(twice(&["guard"], Some("guard")), id),
        Diagnostic::new(twice(&["app", "guard"], None), id),
        Diagnostic::new(missing(None, &[], Some("banner")), key),
        Diagnostic::new(missing(Some("mailer"), &["guard", "tenant"], None), key),
        Diagnostic::new(missing(Some("mailer"), &[], None), key),
        Diagnostic::new(
            NoSuchEntry {
                features: vec![s("guard/gzip")],
                ..missing(Some("guard"), &[], None)
            },
            key,
        ),
        Diagnostic::new(deps(true), ty),
        Diagnostic::new(deps(false), ty),
        Diagnostic::new(reach(OutOfReach::Path(s("filters::cors"))), ty),
        Diagnostic::new(reach(OutOfReach::Services), ty),
        Diagnostic::new(
            reach(OutOfReach::Registry(
                registry(),
                Some(s("proxy-api = \"0.7.0\"")),
            )),
            ty,
        ),
        Diagnostic::new(
            RegistryAsService {
                registry: registry(),
                component: s("mailer:Mailer"),
                field: s("filters"),
            },
            ty,
        ),
        Diagnostic::new(
            SimilarKeys {
                registry: registry(),
                key: "gzip".repeat(30),
                other: Named {
                    name: s("GZip\n"),
                    at: Some(key),
                },
            },
            line,
        ),
        Diagnostic::new(empty(None), ty),
        Diagnostic::new(empty(Some("proxy_api::HttpFilter")), ty),
        Diagnostic::new(
            UnusedChoice {
                line: s("\"banner\" = false"),
            },
            id,
        ),
    ]
}
